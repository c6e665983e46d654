import { el, span } from "./dom.js";

function entry(row) {
  const details = el("details", {}, el("summary", { className: "small muted" }, "Description"), el("pre", {}, row.text));
  details.dataset.key = row.id;
  return el(
    "li",
    {},
    el("p", {}, el("a", { href: row.url }, row.title)),
    el("p", { className: "small muted" }, span(row.start, row.end ?? row.start), row.place ? ` · ${row.place}` : ""),
    row.text ? details : null,
  );
}

function person(row) {
  return el(
    "article",
    { className: "card person" },
    el("header", {}, el("h3", {}, el("a", { href: row.url }, row.title)), el("span", { className: "muted small breakable" }, row.detail)),
    row.entries.length
      ? el("ol", { className: "timeline" }, ...row.entries.map(entry))
      : el("p", { className: "muted small" }, "Nothing logged yet."),
  );
}

export function contacts(rows) {
  if (rows.length) return rows.map(person);
  return [el("p", { className: "empty" }, "No contacts yet. A booking in LinkTime makes the first one.")];
}

function tone(row) {
  if (row.outcome === "dropped" || row.status >= 500) return "bad";
  return row.status >= 300 ? "warn" : "good";
}

function call(row) {
  const status = row.outcome === "dropped" ? "cut" : (row.status ?? "…");
  const path = row.path.replace(/^\/[a-z]+\/services\/(data\/)?/, "");
  const soql = new URLSearchParams(row.query).get("q");
  const parts = soql ? [soql] : (row.subrequests ?? []);
  return el(
    "li",
    { title: `${row.at} ${row.path}` },
    el("span", { className: `status ${row.outcome === "working" ? "" : tone(row)}` }, String(status)),
    el("span", { className: "small" }, row.method),
    el("span", { className: "path" }, path),
    el("span", { className: "small muted" }, row.outcome === "working" ? "in work" : `${row.in_flight_ms} ms`),
    ...parts.map((part) => el("span", { className: "parts" }, part.replace(/\/services\/data\/v[\d.]+/, ""))),
  );
}

export function requests(rows) {
  if (rows.length) return [el("ol", { className: "calls" }, ...rows.map(call))];
  return [el("p", { className: "empty" }, "No calls yet.")];
}

function letter(row) {
  const details = el(
    "details",
    { className: "letter card" },
    el(
      "summary",
      {},
      el("strong", { className: "breakable" }, row.subject || "(no subject)"),
      el("span", { className: "muted small breakable" }, `to ${row.to}`),
      el("time", { className: "muted small" }, row.date),
    ),
    el("p", { className: "muted small breakable" }, `From ${row.from}`),
    el("pre", {}, row.text),
    ...row.calendars.map((text) => el("div", {}, el("p", { className: "chip" }, "Calendar"), el("pre", {}, text))),
  );
  details.dataset.key = row.file;
  return details;
}

export function mail(rows) {
  if (rows.length) return rows.map(letter);
  return [el("p", { className: "empty" }, "No mail yet. What LinkTime sends in the demo appears here.")];
}
