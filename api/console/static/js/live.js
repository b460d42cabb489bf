// Keeps the page honest: refetches what changed, and says so when nothing can be confirmed.
//
// The server only says that something is new; the page then fetches its live part (`#live`) anew,
// and once more on every reconnection and every half minute, so a missed event costs nothing. While
// the link is down, colour leaves the page, a banner says when the data was last confirmed, and no
// form is sent.

const SILENCE_MS = 13_000; // the server beats every 10 s
const REFRESH_MS = 30_000; // ages move on, and a safety net under the events
const REOPEN_MS = 3_000;
const GRACE_MS = 1_500; // a blink of the link is not worth a banner

const root = document.documentElement;
const words = document.body.dataset;
const region = () => document.getElementById("live");

let source = null;
let confirmed = null; // when the data was last known to be so, by the server's clock
let silence = 0;
let grace = 0;
let databaseAway = false;

// -- Link ------------------------------------------------------------------------------------

function setLink(state) {
  if (root.dataset.link === state) return;
  const wasLost = root.dataset.link === "lost";
  root.dataset.link = state;
  const word = document.querySelector("[data-link-word]");
  word.textContent = { live: words.textLive, lost: words.textLost }[state] ?? words.textConnecting;
  markButtons();
  if (state === "lost") say(document.getElementById("banner").textContent.trim(), true);
  if (state === "live" && wasLost) say(words.textBack);
}

// A page that has just come is as good as live; one that has lost its link is not.
const broken = () => ["lost", "shaky"].includes(root.dataset.link);

function markButtons() {
  for (const button of document.querySelectorAll(".actions button")) {
    if (broken()) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function lose() {
  clearTimeout(silence);
  if (root.dataset.link === "lost") return;
  if (root.dataset.link === "live") setLink("shaky");
  clearTimeout(grace);
  grace = setTimeout(() => setLink("lost"), GRACE_MS);
}

function hear() {
  clearTimeout(silence);
  silence = setTimeout(lose, SILENCE_MS);
}

function confirm(at) {
  confirmed = at;
  const shown = new Intl.DateTimeFormat(root.lang, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short", hourCycle: "h23",
  }).format(at);
  for (const time of document.querySelectorAll("time[data-confirmed]")) {
    time.dateTime = at.toISOString();
    time.textContent = shown;
  }
}

function alive() {
  clearTimeout(grace);
  hear();
  setLink("live");
}

// -- Events ----------------------------------------------------------------------------------

function open() {
  source?.close();
  source = new EventSource(words.live);
  source.addEventListener("resync", () => { databaseAway = false; hear(); refetch(); });
  source.addEventListener("stale", () => { databaseAway = true; lose(); });
  source.addEventListener("alert", (event) => { hear(); if (watches(JSON.parse(event.data))) refetch(); });
  source.addEventListener("hub", () => { hear(); if (region()?.dataset.watch === "home") refetch(); });
  source.addEventListener("beat", (event) => {
    hear();
    if (root.dataset.link === "live") confirm(new Date(JSON.parse(event.data).at));
    else refetch();
  });
  source.addEventListener("error", () => {
    lose();
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    refetch(); // tells a page whose session has ended
    setTimeout(open, REOPEN_MS);
  });
}

// A home's page does not know which alerts are its own, so it looks whenever one changes. Version 0 is
// news of who was told of it, which its own page alone shows.
function watches({ alert, version }) {
  const watch = region()?.dataset.watch ?? "";
  return watch === `alert:${alert}` || (version > 0 && (watch === "alerts" || watch === "home"));
}

let pending = 0;

// Several changes at once are one fetch; a steady stream of them cannot put it off.
function refetch() {
  pending ||= setTimeout(() => {
    pending = 0;
    if (region()) htmx.trigger(region(), "telecare:refetch");
  }, 60);
}

// -- Swaps: focus stays, news is said ----------------------------------------------------------

let focused = "";
let known = new Set();

function cards() {
  return document.querySelectorAll("[data-announce]");
}

document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement?.id ?? "";
  known = new Set(Array.from(cards(), (card) => card.id));
});

document.addEventListener("htmx:after:swap", () => {
  if (!databaseAway && source?.readyState === EventSource.OPEN) alive();
  markButtons();
  keepFocus();
  const fresh = Array.from(cards()).filter((card) => !known.has(card.id));
  for (const card of fresh) card.dataset.fresh = "";
  if (fresh.length) {
    const urgent = fresh.some((card) => card.dataset.severity === "urgent");
    say(fresh.map((card) => card.dataset.announce).join(" "), urgent);
  }
  if (region()) confirm(new Date(region().dataset.made));
});

// Where the button that had the focus is gone, its alert's heading has it, not the top of the page.
function keepFocus() {
  if (!focused || (document.activeElement && document.activeElement !== document.body)) return;
  const again = document.getElementById(focused);
  const [, number] = focused.match(/^(?:claim|open)-(\d+)$/) ?? [];
  const next = again ?? document.getElementById(`open-${number}`) ?? document.getElementById("main");
  next.focus({ preventScroll: true });
}

function say(sentence, now = false) {
  document.getElementById(now ? "say-now" : "say").textContent = sentence;
}

// -- Forms -------------------------------------------------------------------------------------

let sending = false;

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.matches(".actions") && broken()) {
    event.preventDefault();
    say("");
    setTimeout(() => say(words.textNoAction, true), 50);
    document.getElementById("banner").focus();
  } else if (sending) {
    event.preventDefault(); // a second press of the same button
  } else {
    sending = true;
  }
});

window.addEventListener("pageshow", (event) => {
  sending = false;
  if (event.persisted) refetch(); // back out of the browser's cache: nothing here is confirmed
});

// What was typed and refused the server shows again; to the browser nobody has typed it, and the next
// swap, of a page without it, would empty the field.
function keepRefused() {
  if (!document.querySelector(".notice.conflict")) return;
  for (const field of region().querySelectorAll("input:not([type=hidden]), textarea")) {
    if (field.matches("[type=checkbox], [type=radio]")) {
      const { checked } = field;
      field.removeAttribute("checked");
      field.checked = checked;
    } else {
      const { value } = field;
      if (field.matches("textarea")) field.textContent = "";
      else field.setAttribute("value", "");
      field.value = value;
    }
  }
}

// -- Start -------------------------------------------------------------------------------------

if (words.live && region()) {
  confirm(new Date(region().dataset.made));
  keepRefused();
  grace = setTimeout(() => setLink("lost"), SILENCE_MS);
  setInterval(() => { if (source?.readyState === EventSource.OPEN) refetch(); }, REFRESH_MS);
  open();
}
