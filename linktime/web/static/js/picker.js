// The booking page: the visitor's time zone, and the dialog to choose another one. Times are texts of the server.

const card = () => document.getElementById("card");
const dialog = document.getElementById("zones-dialog");
const YEAR = 365 * 24 * 3600;

function redraw(address) {
  const replaced = () => {}; // a newer load, or leaving the page, ends an older one
  return htmx.ajax("GET", address, { source: "#card", target: "#card", select: "#card", swap: "outerHTML" }).catch(replaced);
}

// Said in the address too: inside another site's frame there are no cookies.
function inZone(name) {
  const address = new URL(location.href);
  address.searchParams.set("zone", name);
  return address.href;
}

const known = /(?:^|; )zone=/.test(document.cookie) || /[?&]zone=/.test(location.search);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (!known && zone) {
  document.cookie = `zone=${zone}; path=/; max-age=${YEAR}; samesite=lax`;
  if (zone !== card().dataset.zone) window.addEventListener("load", () => redraw(inZone(zone)), { once: true });
}

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-zones]");
  const choice = event.target.closest("#zones-dialog a");
  if (opener && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
    await htmx.ajax("GET", opener.href, { target: "#zones-here", select: "#zones", swap: "innerHTML" });
    dialog.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
    dialog.querySelector("input[type=search]").focus();
  } else if (choice) {
    event.preventDefault();
    dialog.close();
    await redraw(choice.href);
  } else if (event.target === dialog) {
    dialog.close();
  }
});

dialog.addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const row of dialog.querySelectorAll("li")) {
    const text = row.firstElementChild.dataset.search.replace("\u2212", "-");
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  dialog.querySelector("[data-none]").hidden = shown > 0;
});

dialog.addEventListener("keydown", (event) => {
  const rows = [...dialog.querySelectorAll("li:not([hidden]) a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const next = rows.indexOf(document.activeElement) + step;
    (rows[next] ?? dialog.querySelector("input[type=search]")).focus();
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    rows[0]?.click();
  }
});

// On a phone the times lie below the month: show them when a day was picked.
document.addEventListener("htmx:afterSettle", (event) => {
  const picked = event.detail.requestConfig?.elt?.matches?.(".day");
  if (picked && matchMedia("(max-width: 680px)").matches) {
    document.getElementById("times").scrollIntoView({ behavior: "smooth", block: "nearest" });
  }
});
