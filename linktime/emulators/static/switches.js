import { el, send } from "./dom.js";

const LOCKED = [{ message: "unable to obtain exclusive access to this record", errorCode: "UNABLE_TO_LOCK_ROW", fields: [] }];

/** Ready-made faults: what the button says, and the fault. */
export const FAULTS = [
  ["Answer 503 to the next 5 calls", { times: 5, action: { kind: "status", status: 503, body: "<h1>Server Unavailable</h1>" } }],
  ["Refuse the next 3 writes: row locked", { method: "POST|PATCH", times: 3, action: { kind: "status", status: 400, body: LOCKED } }],
  ["Let the next call hang for 30 s", { times: 1, action: { kind: "delay", seconds: 30, then: "work" } }],
  ["Cut the next call off", { times: 1, action: { kind: "drop" } }],
  ["Do the next write, lose its answer", { method: "POST|PATCH", times: 1, action: { kind: "commit_then_drop" } }],
];

function sentence(fault) {
  const what = { status: `answers ${fault.action.status}`, delay: `waits ${fault.action.seconds} s`, drop: "cuts off", commit_then_drop: "works, then cuts off" };
  const left = fault.times === null ? "for ever" : `${fault.fired} of ${fault.times}`;
  return `${what[fault.action.kind]} · ${fault.method} ${fault.path} · fired ${left === "for ever" ? `${fault.fired}, for ever` : left}`;
}

export function faults(base) {
  return (rows) => {
    if (!rows.length) return [el("p", { className: "muted small" }, "No faults: everything works.")];
    const items = rows.map((fault) =>
      el(
        "li",
        { className: "breakable" },
        `${sentence(fault)} `,
        el("button", { className: "link", onclick: () => send("DELETE", `${base()}/faults/${fault.id}`) }, "Remove"),
      ),
    );
    const clear = el("button", { onclick: () => send("DELETE", `${base()}/faults`) }, "Remove all");
    return [el("ul", { className: "plain small" }, ...items), el("p", { className: "actions" }, clear)];
  };
}

function input(name, facts) {
  const value = facts.settings[name];
  const choices = facts.choices[name];
  if (choices) return el("select", {}, ...choices.map((one) => el("option", { value: one, selected: one === value }, one)));
  if (typeof value === "boolean") return el("input", { type: "checkbox", checked: value });
  if (typeof value === "number") return el("input", { type: "number", value });
  return el("input", { value: typeof value === "string" ? value : JSON.stringify(value) });
}

function read(field, before) {
  if (field.type === "checkbox") return field.checked;
  if (field.type === "number") return Number(field.value);
  return typeof before === "string" ? field.value : JSON.parse(field.value);
}

export function settings(base) {
  return (facts) =>
    Object.entries(facts.meanings).map(([name, meaning]) => {
      const field = input(name, facts);
      const problem = el("span", { className: "small chip bad", hidden: true });
      field.id = `setting-${name}`;
      field.onchange = async () => {
        try {
          await send("POST", `${base()}/settings`, { [name]: read(field, facts.settings[name]) });
          problem.hidden = true;
        } catch (error) {
          problem.textContent = error.message;
          problem.hidden = false;
        }
      };
      const changed = JSON.stringify(facts.settings[name]) !== JSON.stringify(facts.defaults[name]);
      const label = el("label", { className: "name", htmlFor: field.id }, name);
      const box = field.type === "checkbox" ? el("div", { className: "row" }, field, label) : el("div", {}, label, field);
      return el("div", { className: changed ? "changed" : "" }, box, el("span", { className: "small muted" }, meaning), problem);
    });
}
