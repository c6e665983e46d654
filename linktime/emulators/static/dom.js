/** Make an element; texts become text, never markup. */
export function el(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** Draw a panel anew when what it shows has changed; what was unfolded stays so. */
export function painter(element, draw) {
  let shown = null;
  return (facts) => {
    const text = JSON.stringify(facts);
    if (text === shown) return;
    shown = text;
    const open = new Set([...element.querySelectorAll("details[open]")].map((one) => one.dataset.key));
    element.replaceChildren(...draw(facts));
    for (const one of element.querySelectorAll("details")) one.open = open.has(one.dataset.key);
  };
}

export async function send(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const facts = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(facts?.error ?? `${answer.status}`);
  return facts;
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const hours = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** Read `2026-05-01T10:00:00.000+0000` as well as ISO 8601. */
export function moment(text) {
  return new Date(text.replace(/\+0000$/, "Z"));
}

export function span(start, end) {
  if (start === end) return moments.format(moment(start));
  return `${moments.format(moment(start))} to ${hours.format(moment(end))}`;
}
