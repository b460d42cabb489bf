// Makes a passkey, or signs in with one. Without this script the buttons stay hidden.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

class Refused extends Error {}

async function ask(path, body, csrf) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(csrf ? { "X-CSRF-Token": csrf } : {}) },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.detail);
  return found;
}

function plain(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  const { id, type } = credential;
  return { id, type, rawId: text(credential.rawId), response: parts, clientExtensionResults: {} };
}

async function make(form) {
  const csrf = form.elements.csrf_token.value;
  const { public_key: asked } = await ask("/v1/passkeys/options", {}, csrf);
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: known(asked.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  await ask("/v1/passkeys", { name: form.elements.name.value, credential: plain(made) }, csrf);
  location.assign("/account?added=passkey");
}

async function show(form) {
  const { public_key: asked } = await ask("/v1/session/passkey/options", {});
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: known(asked.allowCredentials),
  };
  const shown = await navigator.credentials.get({ publicKey });
  await ask("/v1/session/passkey", { credential: plain(shown) });
  location.assign(form.dataset.next);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const wrong = form.querySelector("[data-wrong]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    try {
      await (form.dataset.passkey === "make" ? make : show)(form);
    } catch (error) {
      // What the browser itself says of a key that was not shown differs, and is in its own words.
      wrong.textContent = error instanceof Refused ? error.message : form.dataset.failed;
    }
  });
}
