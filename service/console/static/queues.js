// Choosing cases: all of the page with one box, and how many are chosen. The page works without it.
"use strict";
(() => {
  const all = document.getElementById("choose-all");
  const boxes = () => [...document.querySelectorAll("input[name=case]:not(:disabled)")];
  const shown = document.querySelector("[data-chosen]");
  if (!all || !shown) return;
  const tell = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    shown.textContent = chosen || "";
    all.checked = chosen > 0 && chosen === boxes().length;
    for (const button of document.querySelectorAll(".queue-acts button")) button.disabled = chosen === 0;
  };
  all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; tell(); });
  document.addEventListener("change", (event) => { if (event.target.name === "case") tell(); });
  window.addEventListener("pageshow", tell);
  tell();
})();
