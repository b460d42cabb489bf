// Switches notifications on and off in this browser, and says how it stands with them here.

const WORKER = "/account/notifications/worker.js";
const SCOPE = "/account/notifications/";
const PATIENCE_MS = 30_000; // a push service that cannot be reached leaves a browser waiting for good

const here = document.querySelector("#this-browser");
const form = here.querySelector("form");
const rows = [...document.querySelectorAll("[data-address]")];

class Stopped extends Error {} // its message names the sentence to show
class Refused extends Error {} // its message is the centre's own

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

function say(name) {
  for (const one of here.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== name;
  here.dataset.is = name;
  form.hidden = ["on", "blocked", "unsupported"].includes(name);
}

async function rowOf(subscription) {
  const text = new TextEncoder().encode(subscription.endpoint);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  const address = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
  return rows.find((one) => one.dataset.address === address);
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function look() {
  if (!("serviceWorker" in navigator && "PushManager" in window)) return say("unsupported");
  if (Notification.permission === "denied") return say("blocked");
  const subscription = await current();
  const row = subscription && (await rowOf(subscription));
  if (!row) return say("off");
  row.querySelector("[data-this]").hidden = false;
  // Switched off here, the browser lets go of it too.
  row.querySelector("form[data-off]").addEventListener("submit", () => void subscription.unsubscribe());
  return say("on");
}

async function registered() {
  const registration = await navigator.serviceWorker.register(WORKER);
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  while (!registration.active) {
    if (worker.state === "redundant") throw new Stopped("failed");
    await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
  }
  return registration;
}

const late = () =>
  new Promise((_, fail) => setTimeout(() => fail(new Stopped("failed")), PATIENCE_MS));

async function subscribe() {
  const registration = await registered();
  // What another, or another key, has left here would be in the way.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const applicationServerKey = bytes(form.dataset.key);
  const asked = registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  return Promise.race([asked, late()]);
}

async function switchOn() {
  const allowed = await Notification.requestPermission();
  if (allowed !== "granted") throw new Stopped(allowed === "denied" ? "blocked" : "dismissed");
  const subscription = await subscribe();
  const answer = await fetch("/v1/push/subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": form.elements.csrf_token.value },
    body: JSON.stringify({ ...subscription.toJSON(), name: form.elements.name.value }),
  });
  if (answer.ok) return location.assign("/account/notifications");
  await subscription.unsubscribe();
  throw new Refused((await answer.json()).detail);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (here.dataset.is === "asking") return;
  say("asking");
  try {
    await switchOn();
  } catch (error) {
    // What browsers say of a push service that they cannot reach differs, and is in their own words.
    if (error instanceof Refused) here.querySelector("[data-refusal]").textContent = error.message;
    say(error instanceof Stopped ? error.message : error instanceof Refused ? "refused" : "failed");
  }
});

look();
