import { el, painter, send } from "./dom.js";
import * as panels from "./panels.js";
import * as switches from "./switches.js";

const PAUSE = 1000;
const find = (id) => document.getElementById(id);
let service = null;
const base = () => `/${service}/_emulator`;

const paint = {
  contacts: painter(find("contacts"), panels.contacts),
  requests: painter(find("requests"), panels.requests),
  mail: painter(find("mail"), panels.mail),
  faults: painter(find("faults"), switches.faults(base)),
  settings: painter(find("settings"), switches.settings(base)),
  services: painter(find("services"), ({ names }) => names.map(serviceTab)),
};

function serviceTab(name) {
  const tab = el("button", { onclick: () => { service = name; look(); } }, name);
  tab.role = "tab";
  tab.ariaSelected = String(name === service);
  return tab;
}

/** Show one view; the address remembers it. */
function turn() {
  const wanted = location.hash.slice(1);
  for (const tab of document.querySelectorAll("[role=tab][aria-controls]")) {
    const name = tab.getAttribute("aria-controls");
    const chosen = name === (find(wanted)?.role === "tabpanel" ? wanted : "crm");
    tab.ariaSelected = String(chosen);
    find(name).hidden = !chosen;
  }
}

function show(feed) {
  const names = Object.keys(feed.services);
  service ??= names[0];
  const seen = feed.services[service];
  find("services").hidden = names.length < 2;
  paint.services({ names, service });
  paint.contacts(seen.contacts);
  paint.requests(seen.requests);
  paint.faults(seen.faults);
  if (!find("settings").contains(document.activeElement)) {
    paint.settings({ settings: seen.settings, defaults: seen.defaults, meanings: seen.meanings, choices: seen.choices });
  }
  paint.mail(feed.mail);
  find("contact-count").textContent = seen.contacts.length ? String(seen.contacts.length) : "";
  find("tab-mail").textContent = feed.mail.length ? `Mail (${feed.mail.length})` : "Mail";
  find("numbers").textContent = `${seen.api_calls} API calls, ${seen.in_flight} in work`;
}

async function look() {
  try {
    show(await send("GET", "/feed"));
  } catch {
    find("numbers").textContent = "The emulators don't answer; trying again.";
  }
}

async function say(work, words) {
  await work;
  find("said").textContent = words;
  await look();
}

for (const tab of document.querySelectorAll("[role=tab][aria-controls]")) {
  tab.onclick = () => { location.hash = tab.getAttribute("aria-controls"); };
}
for (const [words, fault] of switches.FAULTS) {
  find("fault-buttons").append(el("button", { onclick: async () => { await send("POST", `${base()}/faults`, fault); await look(); } }, words));
}
find("fault-buttons").append(
  el("button", { onclick: () => say(send("POST", `${base()}/settings`, { latency_ms: 150 }), "Every call takes 150 ms now.") }, "150 ms latency"),
);
find("revoke").onclick = () => say(send("POST", `${base()}/revoke`), "Every grant is revoked; LinkTime must connect again.");
find("reset").onclick = () => {
  if (confirm("Delete every contact, event and grant of this emulator, and set its settings back?")) {
    say(send("POST", `${base()}/reset`), "Everything is empty.");
  }
};
addEventListener("hashchange", turn);
turn();
await look();
setInterval(look, PAUSE);
