// The bar of decisions that can be taken back: its seconds run down, and then it goes.
"use strict";
(() => {
  for (const form of document.querySelectorAll(".held[data-left]")) {
    const shown = form.querySelector("[data-seconds]");
    const end = performance.now() + Number(form.dataset.left) * 1000;
    const tick = setInterval(() => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      if (shown) shown.textContent = String(left);
      if (left > 0) return;
      clearInterval(tick);
      form.hidden = true;
    }, 250);
  }
})();
