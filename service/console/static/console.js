// Single keys: a link, button or field with data-key is followed, pressed or entered when its key is. Pages work without
// this file; a page with keys of its own (case.js) puts data-key on other elements.
"use strict";
(() => {
  const root = document.documentElement;
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (!root.hasAttribute("data-keys") || event.defaultPrevented || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    if (!/^[a-z0-9/?\[\]]$/.test(key)) return;
    const wanted = `:is(a, button, summary, input, textarea, select)[data-key="${CSS.escape(key)}"]`;
    const found = [...document.querySelectorAll(wanted)];
    const shown = found.find((node) => !node.disabled && node.getClientRects().length > 0);
    if (!shown) return;
    event.preventDefault();
    if (shown.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) shown.focus();
    else shown.click();
  });
  // Sent once: a second press while the first is on its way does nothing. The server refuses it as well.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
})();
