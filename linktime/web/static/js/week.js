// Weekly hours as a grid that can be dragged. It draws what the typed fields say and writes into them, so that the
// fields stay the one truth, and are all that keyboards, screen readers and pages without scripts need.

const STEP = 15, HOUR = 60, DAY = 24 * HOUR, NEW = 2 * STEP;
const EDGE = 8; // pixels at either end of a block that change its length
const grid = document.querySelector("[data-week-grid]");
const groups = [...document.querySelectorAll(".hours-day[data-rows]")];

const minutes = (text, end) => {
  const [hour, minute] = text.split(":").map(Number);
  return end && hour + minute === 0 ? DAY : hour * HOUR + minute;
};
const clock = (count) => `${String(Math.floor(count / HOUR) % 24).padStart(2, "0")}:${String(count % HOUR).padStart(2, "0")}`;
const within = (count, least, most) => Math.min(Math.max(count, least), most);
const snapped = (count) => Math.round(count / STEP) * STEP;

function fields(row) {
  const [start, end] = row.querySelectorAll("input[type=time]");
  return { start, end };
}

function write(row, from, to) {
  const { start, end } = fields(row);
  start.value = clock(from);
  end.value = clock(to);
  grid.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
}

function element(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

function drawBlock(row, column) {
  const { start, end } = fields(row);
  if (!start.value || !end.value) return;
  const from = minutes(start.value), to = minutes(end.value, true);
  if (to <= from) return; // typed the wrong way round: the server will say so
  const block = element("div", "week-block", `${start.value} – ${end.value}`);
  block.style.insetBlockStart = `${(from / DAY) * 100}%`;
  block.style.blockSize = `${((to - from) / DAY) * 100}%`;
  const remove = element("button", "week-remove", "\u00d7");
  Object.assign(remove, { type: "button", tabIndex: -1, title: "Remove" });
  remove.addEventListener("click", () => { row.remove(); draw(); });
  block.append(remove);
  block.addEventListener("pointerdown", (event) => {
    event.stopPropagation(); // or the column would begin another one
    if (event.target !== remove) drag(event, column, handle(event, block, from, to, row));
  });
  column.append(block);
}

/** Return what following the pointer does to a block: change either end, or move the whole of it. */
function handle(event, block, from, to, row) {
  const box = block.getBoundingClientRect();
  if (event.clientY - box.top < EDGE) return (by) => write(row, within(snapped(from + by), 0, to - STEP), to);
  if (box.bottom - event.clientY < EDGE) return (by) => write(row, from, within(snapped(to + by), from + STEP, DAY));
  return (by) => {
    const start = within(snapped(from + by), 0, DAY - (to - from));
    write(row, start, start + to - from);
  };
}

function drag(event, column, follow) {
  if (event.button !== 0) return;
  event.preventDefault();
  const begun = event.clientY, height = column.getBoundingClientRect().height;
  const move = (moved) => follow(((moved.clientY - begun) / height) * DAY);
  const stop = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", stop);
    removeEventListener("pointercancel", stop);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", stop);
  addEventListener("pointercancel", stop);
}

function begin(event, column, group) {
  if (event.pointerType === "touch") return; // a finger scrolls here; it changes blocks by their ends
  const box = column.getBoundingClientRect();
  const from = within(Math.floor((((event.clientY - box.top) / box.height) * DAY) / STEP) * STEP, 0, DAY - NEW);
  const row = group.addRow();
  write(row, from, from + NEW);
  drag(event, column, (by) => write(row, from, within(snapped(from + Math.max(by, NEW)), from + STEP, DAY)));
}

function draw() {
  for (const [place, group] of groups.entries()) {
    const column = grid.columns[place];
    column.replaceChildren();
    for (const row of group.querySelectorAll("[data-row]")) drawBlock(row, column);
  }
}

function build() {
  const head = element("div", "week-head"), body = element("div", "week-body"), hours = element("div", "week-hours");
  for (let hour = 0; hour < 24; hour += 1) hours.append(element("span", "", clock(hour * HOUR)));
  head.append(element("span", ""));
  body.append(hours);
  grid.columns = groups.map((group) => {
    head.append(element("span", "", group.querySelector("h3").textContent.slice(0, 3)));
    const column = element("div", "week-column");
    column.addEventListener("pointerdown", (event) => begin(event, column, group));
    body.append(column);
    return column;
  });
  grid.append(head, body);
  grid.hidden = false;
  draw();
  const first = Math.min(...[...grid.querySelectorAll(".week-block")].map((block) => block.offsetTop), body.scrollHeight / 3);
  body.scrollTop = Math.max(first - 24, 0);
}

build();
document.addEventListener("input", draw);
document.addEventListener("click", () => requestAnimationFrame(draw)); // rows are added and removed by buttons too
