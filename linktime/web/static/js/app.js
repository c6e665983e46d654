// What every page may use: nothing here is needed to get something done.

import "./enhance.js";

document.documentElement.classList.add("scripted");

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-browser-time-zone]")) {
  field.value ||= zone ?? "";
}
