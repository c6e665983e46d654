// The booking page inside another site's frame: it tells that site its height, and when something was booked.
// The embedding script has written into the frame's name which site that is; nobody else is told anything.

const [, embedder] = window.name.match(/^linktime (https?:\/\/[^/\s]+)$/) ?? [];
const tell = (linktime, detail = {}) => embedder && parent.postMessage({ linktime, ...detail }, embedder);

if (embedder && parent !== window) {
  tell("ready");
  new ResizeObserver(() => tell("height", { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  const booked = document.querySelector("[data-booked]");
  if (booked) {
    const { eventType, start, end } = booked.dataset;
    tell("booked", { eventType, start, end });
    const address = new URL(location.href);
    address.searchParams.delete("booked"); // loaded again, it is no news
    history.replaceState(null, "", address);
  }
}
