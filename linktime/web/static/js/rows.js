// Rows that can be added and removed. Without scripts the page shows one blank row, and an emptied row is left out.

const ICONS = document.querySelector(".icon use").getAttribute("href").split("#")[0];

function button(label, icon, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button quiet small ${kind}`;
  if (icon) made.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${ICONS}#${icon}"></use></svg>`;
  made.append(Object.assign(document.createElement("span"), { textContent: label }));
  return made;
}

for (const group of document.querySelectorAll("[data-rows]")) {
  const rows = [...group.querySelectorAll("[data-row]")];
  const blank = rows.at(-1);
  const pattern = blank.cloneNode(true);
  const narrow = blank.matches(".interval");
  const place = narrow ? blank.parentElement : group.insertBefore(document.createElement("div"), blank);
  place.append(...rows.slice(0, -1));
  if (!narrow) place.className = "stack";
  blank.remove();

  const withMoves = (row) => {
    row.querySelector(".moves")?.remove();
    const moves = Object.assign(document.createElement("div"), { className: "cluster moves" });
    for (const [label, step] of [["Move up", "previousElementSibling"], ["Move down", "nextElementSibling"]]) {
      const move = button(label, "", "");
      move.addEventListener("click", () => {
        const other = row[step];
        if (step === "previousElementSibling") other?.before(row);
        else other?.after(row);
        move.focus();
      });
      moves.append(move);
    }
    row.append(moves);
  };
  const withRemove = (row) => {
    if (!narrow) withMoves(row);
    const remove = button("Remove", narrow ? "x" : "trash-2", narrow ? "icon-button" : "full");
    if (narrow) remove.querySelector("span").className = "visually-hidden";
    remove.addEventListener("click", () => { row.remove(); add.focus(); });
    row.append(remove);
  };
  const add = button(group.dataset.rows || "Add hours", "plus", "");
  group.addRow = () => {
    const row = pattern.cloneNode(true);
    const number = group.querySelectorAll("[data-row]").length + 1;
    for (const part of row.querySelectorAll("[id], [for]")) {
      for (const name of ["id", "for"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/\d+$/, `new-${number}`));
      }
    }
    withRemove(row);
    place.append(row);
    return row;
  };
  add.addEventListener("click", () => group.addRow().querySelector("input:not([type=hidden])").focus());
  rows.slice(0, -1).forEach(withRemove);
  group.append(add);
}
