// Fields that matter only for one choice of another field: data-when="field:value".

function show() {
  for (const part of document.querySelectorAll("[data-when]")) {
    const [name, wanted] = part.dataset.when.split(":");
    const field = part.closest("form").elements[name];
    part.hidden = field.value !== wanted;
  }
}

document.addEventListener("change", show);
show();
