// Filters of the queue under a name, kept in this browser: what a desk looks for belongs to the desk.

const SETTING = "telecare-views";

const box = document.getElementById("views");
const links = document.getElementById("view-links");
const form = document.getElementById("save-view");

function kept() {
  try {
    return Object.entries(JSON.parse(localStorage.getItem(SETTING)) ?? {});
  } catch {
    return []; // a browser that keeps nothing, or kept something else
  }
}

function keep(views) {
  try {
    localStorage.setItem(SETTING, JSON.stringify(Object.fromEntries(views)));
    return true;
  } catch {
    return false;
  }
}

function say(name) {
  for (const one of box.querySelectorAll("[data-said]")) one.hidden = one.dataset.said !== name;
}

const others = (name) => kept().filter(([one]) => one !== name);

// A filter is all that a view can lead to, whatever was kept.
function link([name, query]) {
  const shown = document.createElement("a");
  shown.href = `/queue?${query}`;
  shown.textContent = name;
  if (`?${query}` === location.search) shown.setAttribute("aria-current", "page");
  return shown;
}

function row([name]) {
  const shown = document.getElementById("kept-view").content.firstElementChild.cloneNode(true);
  shown.querySelector("span").textContent = name;
  shown.querySelector(".unseen").textContent = ` ${name}`;
  shown.querySelector("button").addEventListener("click", () => {
    keep(others(name));
    say("");
    show();
    document.getElementById("filter-open").focus(); // the button that had the focus is gone
  });
  return shown;
}

function show() {
  links.replaceChildren(...kept().map(link));
  links.hidden = !links.childElementCount;
  box.querySelector("[data-kept]").replaceChildren(...kept().map(row));
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = document.getElementById("view-name");
  const name = field.value.trim();
  if (!name) return;
  const [, query] = form.dataset.view.split("?");
  say(keep([...others(name), [name, query]]) ? "kept" : "not_kept");
  field.value = "";
  show();
});
window.addEventListener("storage", ({ key }) => { if (key === SETTING) show(); });
show();
