// A part of a page that follows what happens ([data-live]): it does not ask while nobody looks or somebody is at work
// in it, and what somebody unfolded stays unfolded.

let folds = new Map();

function busy(part) {
  const focused = document.activeElement;
  const selecting = !getSelection().isCollapsed && part.contains(getSelection().anchorNode);
  return document.hidden || selecting || (part.contains(focused) && !focused.id);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (part.matches("[data-live]") && busy(part)) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const open = event.detail.target.querySelectorAll("details[id][open]");
  folds = new Map([...open].map((fold) => [fold.id, [...(fold.querySelector(".folded")?.childNodes ?? [])]]));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, content] of folds) {
    const fold = document.getElementById(id);
    if (!fold || fold.open) continue;
    fold.querySelector(".folded")?.replaceChildren(...content);
    fold.open = true;
  }
  folds.clear();
});
