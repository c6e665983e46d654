import { send } from "./dom.js";

/** Change or delete the record as a salesperson would. */
const form = document.querySelector("form[data-record]");
const address = form && `/${location.pathname.split("/")[1]}/_emulator/records/${form.dataset.record}`;

async function attempt(work) {
  try {
    await work;
    location.reload();
  } catch (error) {
    form.querySelector("[role=alert]").textContent = error.message;
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value === "" ? null : value]));
  attempt(send("PATCH", address, { fields }));
});
form?.querySelector("[name=delete]").addEventListener("click", () => attempt(send("DELETE", address)));
