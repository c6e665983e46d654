// LinkTime inside other sites.
// <div data-linktime="https://.../ada/intro-call"></div> holds the booking page; its height follows the content.
// <a href="https://.../ada/intro-call" data-linktime-popup>Book</a> opens it over the page.
// data-language, data-zone and data-scheme ("light", "dark") are optional. On the element, "linktime:ready" and
// "linktime:booked" (detail: eventType, start, end) tell what happened; window.LinkTime.scan() finds new elements.

(() => {
  if (window.LinkTime) return;
  const ORIGIN = new URL(document.currentScript.src).origin;
  const NAMES = ["language", "zone", "scheme"];
  const frames = new Map();

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .linktime-frame { display: block; inline-size: 100%; block-size: 720px; border: 0; color-scheme: normal; }
    .linktime-popup { inline-size: min(1060px, calc(100vw - 24px)); max-inline-size: none; max-block-size: calc(100dvh - 24px); padding: 0; border: 0; border-radius: 14px; overflow: auto; background: Canvas; }
    .linktime-popup::backdrop { background: rgb(0 0 0 / 0.5); }
    .linktime-close { position: sticky; inset-block-start: 8px; float: inline-end; margin: 8px; inline-size: 36px; block-size: 36px; border: 0; border-radius: 50%; font: 20px/1 sans-serif; cursor: pointer; z-index: 1; }
  `);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  function address(url, options) {
    const page = new URL(url, ORIGIN);
    if (page.origin !== ORIGIN) throw new Error(`LinkTime: ${url} is not a page of ${ORIGIN}`);
    page.pathname = `/embed${page.pathname}`;
    for (const name of NAMES) if (options[name]) page.searchParams.set(name, options[name]);
    return page.href;
  }

  function frame(element, url) {
    const made = document.createElement("iframe");
    made.className = "linktime-frame";
    made.title = element.dataset.title || "LinkTime";
    made.name = `linktime ${location.origin}`; // tells the page in the frame whom it may talk to
    made.src = address(url, element.dataset);
    frames.set(made, element);
    return made;
  }

  function popup(element, url) {
    const dialog = document.createElement("dialog");
    dialog.className = "linktime-popup";
    const close = document.createElement("button");
    close.className = "linktime-close";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", element.dataset.close || "Close");
    close.addEventListener("click", () => dialog.close());
    const inside = frame(element, url);
    dialog.append(close, inside);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { frames.delete(inside); dialog.remove(); });
    document.body.append(dialog);
    dialog.showModal();
  }

  function scan() {
    for (const element of document.querySelectorAll("[data-linktime]:not([data-linktime-done])")) {
      element.dataset.linktimeDone = "";
      element.replaceChildren(frame(element, element.dataset.linktime));
    }
  }

  addEventListener("message", (event) => {
    if (event.origin !== ORIGIN) return;
    const [inside, element] = [...frames].find(([made]) => made.contentWindow === event.source) ?? [];
    const { linktime: kind, ...detail } = event.data ?? {};
    if (!inside || !kind) return;
    if (kind === "height") inside.style.blockSize = `${Number(detail.height) || 720}px`;
    else element.dispatchEvent(new CustomEvent(`linktime:${kind}`, { bubbles: true, detail }));
  });

  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-linktime-popup]");
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    popup(element, element.dataset.linktimePopup || element.href);
  });

  window.LinkTime = { scan };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", scan);
  else scan();
})();
