// Takes the code of an invitation from the link into the form, and out of the address.

const field = document.querySelector("#invitation");
const code = location.hash.slice(1);
if (code) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
}
field.closest(".field").hidden = field.value !== "";
