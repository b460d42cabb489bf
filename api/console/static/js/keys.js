// Single keys of the queue page. They can be switched off (WCAG 2.1.4): who speaks to a computer, or
// whose hand slips, would set them off unasked. None of them changes anything.

const SETTING = "telecare-keys";

const list = document.getElementById("keys");
const choice = document.getElementById("keys-on");

function step(by) {
  const all = Array.from(document.querySelectorAll(".card-title a"));
  const at = all.findIndex((one) => one.closest(".card").contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next]?.focus();
}

function openFilter() {
  document.getElementById("filter").open = true;
  document.getElementById("filter-lane").focus();
}

const KEYS = new Map([
  ["?", () => list.showModal()],
  ["j", () => step(1)],
  ["k", () => step(-1)],
  ["f", openFilter],
]);

const typing = (field) => field.matches("input:not([type=checkbox]), select, textarea");

document.addEventListener("keydown", (event) => {
  const does = KEYS.get(event.key);
  if (!does || !choice.checked || list.open || typing(event.target)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  does();
});

document.getElementById("show-keys").addEventListener("click", () => list.showModal());
choice.addEventListener("change", () => {
  try {
    localStorage.setItem(SETTING, choice.checked ? "on" : "off");
  } catch {
    // a browser that keeps nothing: it holds for this page
  }
});

try {
  choice.checked = localStorage.getItem(SETTING) !== "off";
} catch {
  choice.checked = true;
}
