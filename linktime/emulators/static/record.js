import { send } from "./dom.js";

/** Change or delete records as a salesperson would. */
const records = `/${location.pathname.split("/")[1]}/_emulator/records`;

async function attempt(form, work) {
  try {
    await work;
    location.reload();
  } catch (error) {
    form.querySelector("[role=alert]").textContent = error.message;
  }
}

for (const form of document.querySelectorAll("form[data-record]")) {
  const address = `${records}/${form.dataset.record}`;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value === "" ? null : value]));
    attempt(form, send("PATCH", address, { fields }));
  });
  form.querySelector("[name=delete]").addEventListener("click", () => attempt(form, send("DELETE", address)));
}
