// Fields that matter only for one choice of another field: data-when="field:value", or several values with commas.

function show() {
  for (const part of document.querySelectorAll("[data-when]")) {
    const [name, wanted] = part.dataset.when.split(":");
    const field = part.closest("form").elements[name];
    part.hidden = !wanted.split(",").includes(field.value);
  }
}

document.addEventListener("change", show);
show();
