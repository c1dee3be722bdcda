// What changes while a page is looked at. One stream while the page is seen, none while it is hidden; an event says what
// kind of thing changed, and the part of the page that shows it (data-refresh) is asked for again.
"use strict";
(() => {
  const banner = document.getElementById("live");
  if (!banner || !window.EventSource || !window.htmx) return;
  const QUIET_MS = 5 * 60 * 1000, BEAT_MS = 60 * 1000, AGAIN_MS = 60 * 1000;
  let source = null, worked = Date.now(), last = "", ended = false, again = 0;
  const strip = () => document.getElementById("lock-strip");
  const address = () => {
    const query = new URLSearchParams({ seen: last || (strip() || banner).dataset.seen });
    if (strip()) query.set("case", strip().dataset.case);
    return `${banner.dataset.live}?${query}`;
  };
  const load = (node, from) => htmx.ajax("GET", from, { target: node, swap: node === banner ? "innerHTML" : "outerHTML" });
  const changed = (kind) => {
    if (kind === "banner") load(banner, banner.dataset.banner);
    for (const node of document.querySelectorAll("[data-refresh]")) {
      // Not under somebody's hands: what they are filling in stays.
      if (node.dataset.refresh.split(" ").includes(kind) && !(node.contains(document.activeElement) && node.querySelector("details[open]"))) load(node, node.dataset.from);
    }
    document.body.dispatchEvent(new CustomEvent(`live:${kind}`));
  };
  const close = () => { if (source) source.close(); source = null; };
  const open = () => {
    if (source || ended || document.hidden) return;
    source = new EventSource(address());
    source.onerror = () => {
      if (!source || source.readyState !== EventSource.CLOSED) return; // it connects again by itself, saying what it saw
      close();
      clearTimeout(again);
      again = setTimeout(open, AGAIN_MS);
    };
    for (const kind of ["banner", "queues", "case", "lock"]) {
      source.addEventListener(kind, (event) => { last = event.lastEventId; changed(kind); });
    }
    source.addEventListener("replaced", close);
    source.addEventListener("ended", () => { ended = true; close(); });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "scroll"]) {
    document.addEventListener(kind, () => { worked = Date.now(); }, { passive: true, capture: true });
  }
  // While somebody works on the case its lock lasts; of a page left alone it runs out.
  setInterval(() => {
    const node = strip();
    if (!node || !node.dataset.beat || document.hidden || Date.now() - worked > QUIET_MS) return;
    htmx.ajax("POST", node.dataset.beat, { target: node, swap: node.hidden ? "none" : "outerHTML" });
  }, BEAT_MS);
  open();
})();
