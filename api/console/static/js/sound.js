// Sounds while an urgent alert has no handler, where this browser was told to, and says in words where
// it cannot: whoever relies on it must not take a blocked loudspeaker for a quiet night.

const SETTING = "telecare-sound";
const AGAIN_MS = 8_000;
const WAKING_MS = 300; // a browser that holds sound back never answers

const URGENT = [660, 880];
const LOST = [330, 262];

const box = document.getElementById("sound");
const choice = document.getElementById("sound-on");

let context = null;
let waiting = 0;
let again = 0;
let looking = false;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// -- Tones -----------------------------------------------------------------------------------

function tone(pitch, at) {
  const voice = new OscillatorNode(context, { frequency: pitch });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.25, at + 0.03);
  volume.gain.linearRampToValueAtTime(0, at + 0.5);
  voice.connect(volume).connect(context.destination);
  voice.start(at);
  voice.stop(at + 0.5);
}

const chime = (pitches) => pitches.forEach((pitch, index) => tone(pitch, context.currentTime + index * 0.25));

// What keeps this browser from sounding: `blocked` until somebody presses something on the page,
// `failed` where it can play nothing, or nothing at all.
async function hindered() {
  try {
    context ??= new AudioContext();
    await Promise.race([context.resume(), pause(WAKING_MS)]);
    if (context.state === "suspended") return "blocked";
    const before = context.currentTime;
    await pause(WAKING_MS);
    return context.state === "running" && context.currentTime > before ? "" : "failed";
  } catch {
    return "failed"; // no sound in this browser, or no loudspeaker
  }
}

// -- What is said of it ------------------------------------------------------------------------

function warn(why) {
  for (const one of box.querySelectorAll("[data-warning]")) one.hidden = one.dataset.warning !== why;
}

function showChoice() {
  for (const one of box.querySelectorAll("[data-is]")) one.hidden = (one.dataset.is === "on") !== choice.checked;
  if (!choice.checked) warn("");
}

// -- When ----------------------------------------------------------------------------------------

// Also looks while nobody waits: that it cannot sound is to be read before it has to.
async function look() {
  if (looking) return;
  looking = true;
  clearTimeout(again);
  again = setTimeout(look, AGAIN_MS);
  if (choice.checked) sound(await hindered());
  looking = false;
}

function sound(why) {
  if (!choice.checked) return; // switched off meanwhile
  warn(why);
  if (!why && waiting) chime(URGENT);
}

function follow() {
  const before = waiting;
  waiting = Number(document.getElementById("live").dataset.urgent);
  if (waiting > before) void look();
}

async function linkChanged() {
  if (document.documentElement.dataset.link !== "lost" || !choice.checked) return;
  if (!(await hindered())) chime(LOST);
}

async function test() {
  const why = await hindered();
  warn(why);
  if (!why) chime(URGENT);
  box.querySelector("[data-tested]").hidden = why !== "";
}

// -- Setting, of this browser alone -------------------------------------------------------------

function remembered() {
  try {
    return localStorage.getItem(SETTING) === "on";
  } catch {
    return false; // a browser that keeps nothing: it holds for this page
  }
}

function remember() {
  try {
    localStorage.setItem(SETTING, choice.checked ? "on" : "off");
  } catch {
    // as above
  }
}

choice.addEventListener("change", () => {
  remember();
  showChoice();
  void look();
});
document.getElementById("sound-test").addEventListener("click", test);
window.addEventListener("storage", ({ key, newValue }) => {
  if (key !== SETTING) return;
  choice.checked = newValue === "on";
  showChoice();
  void look();
});
// Browsers hold sound back until something was pressed; then it must not wait for the next look.
for (const kind of ["click", "keydown"]) {
  document.addEventListener(kind, () => { if (context?.state === "suspended") void context.resume().then(look); });
}
document.addEventListener("htmx:after:swap", follow);
new MutationObserver(linkChanged).observe(document.documentElement, { attributeFilter: ["data-link"] });

choice.checked = remembered();
showChoice();
follow();
void look();
