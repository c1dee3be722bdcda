// The case page: rows and boxes light each other, pictures zoom, pan and turn, keys open forms. All of it works, more
// slowly, without this file.
"use strict";
(() => {
  const page = document.querySelector(".case");
  if (!page) return;
  const all = (selector, within = page) => [...within.querySelectorAll(selector)];
  const viewer = page.querySelector("[data-viewer]");
  const sheets = all(".sheet");
  const views = new Map();
  let shown = 0;

  // --- rows and boxes -------------------------------------------------------------------------------------------
  const light = (fact) => {
    for (const each of all("[data-fact]")) each.classList.toggle("lit", fact !== "" && each.dataset.fact === fact);
  };
  const factAt = (target) => target.closest?.("[data-fact]")?.dataset.fact ?? "";
  const ROWS = "tr[data-picture], li[data-picture]";
  let dwelling = 0;
  page.addEventListener("pointerover", (event) => {
    light(factAt(event.target));
    clearTimeout(dwelling);
    // On the way to somewhere else, a row does not turn the page.
    const row = event.target.closest?.(ROWS);
    if (row) dwelling = setTimeout(() => reach(row), 120);
  });
  page.addEventListener("pointerleave", () => light(""));

  const reach = (row) => {
    show(Number(row.dataset.picture));
    const fact = row.dataset.fact ?? "";
    light(fact);
    const stage = current()?.querySelector(".stage");
    const box = all("rect[data-fact]", stage ?? page).find((each) => each.dataset.fact === fact);
    if (!stage || !box) return;
    // Scrolled by hand: scrollIntoView would move the page under the pointer as well.
    const frame = stage.getBoundingClientRect();
    const place = box.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) stage.scrollTop += place.top - frame.top - frame.height / 3;
    if (place.left < frame.left || place.right > frame.right) stage.scrollLeft += place.left - frame.left - frame.width / 3;
  };
  page.addEventListener("click", (event) => {
    const row = event.target.closest?.(ROWS);
    if (row) reach(row);
    const box = event.target.closest?.("rect[data-fact]");
    if (box) row_of(box.dataset.fact)?.scrollIntoView({ block: "nearest" });
  });
  page.addEventListener("focusin", (event) => {
    if (event.target.matches?.(ROWS)) reach(event.target);
    else light(factAt(event.target));
  });
  const row_of = (fact) => all("tr[data-fact]").find((row) => row.dataset.fact === fact);

  // --- the viewer -----------------------------------------------------------------------------------------------
  const view_of = (sheet) => {
    if (!views.has(sheet)) views.set(sheet, fresh(sheet));
    return views.get(sheet);
  };
  const fresh = (sheet) => ({ zoom: 1, base: 0, quarters: Number(sheet.dataset.quarters) || 0 });
  const current = () => sheets.find((sheet) => Number(sheet.dataset.picture) === shown);
  const draw = (sheet) => {
    const paper = sheet?.querySelector(".paper");
    if (!paper) return;
    const view = view_of(sheet);
    if (view.zoom === 1) {
      paper.style.width = paper.style.maxWidth = "";
      view.base = paper.offsetWidth;
    } else {
      // Wider, not scaled: what is outside the frame can be scrolled to.
      paper.style.maxWidth = "none";
      paper.style.width = `${view.base * view.zoom}px`;
    }
    // Lying on its side, a page is as wide as it was high: it is made to fit again.
    const fit = view.quarters % 2 ? Math.min(1, paper.offsetWidth / Math.max(1, paper.offsetHeight)) : 1;
    paper.style.transform = view.quarters % 4 ? `rotate(${view.quarters * 90}deg) scale(${fit})` : "";
  };
  const show = (number) => {
    if (!sheets.some((sheet) => Number(sheet.dataset.picture) === number)) return;
    shown = number;
    for (const sheet of sheets) sheet.classList.toggle("shown", Number(sheet.dataset.picture) === number);
    for (const tab of all("[data-show]")) tab.setAttribute("aria-pressed", String(Number(tab.dataset.show) === number));
    draw(current());
  };
  const zoom = (factor) => {
    const sheet = current();
    if (!sheet) return;
    const stage = sheet.querySelector(".stage");
    const view = view_of(sheet);
    const next = Math.min(8, Math.max(0.4, view.zoom * factor));
    const by = next / view.zoom;
    view.zoom = Math.abs(next - 1) < 0.01 ? 1 : next;
    draw(sheet);
    // What was in the middle stays there.
    if (stage) stage.scrollTop = (stage.scrollTop + stage.clientHeight / 2) * by - stage.clientHeight / 2;
    if (stage) stage.scrollLeft = (stage.scrollLeft + stage.clientWidth / 2) * by - stage.clientWidth / 2;
  };
  const turn = (quarters) => {
    const sheet = current();
    if (!sheet) return;
    view_of(sheet).quarters += quarters;
    draw(sheet);
  };
  const toggle = (layer) => {
    const on = viewer.classList.toggle(layer);
    viewer.querySelector(`[data-tool="${layer}"]`)?.setAttribute("aria-pressed", String(on));
  };
  const tools = {
    in: () => zoom(1.25),
    out: () => zoom(0.8),
    turn: () => turn(1),
    reset: () => {
      const sheet = current();
      if (sheet) views.set(sheet, fresh(sheet));
      draw(sheet);
    },
    hints: () => toggle("hints"),
    twin: () => toggle("twin"),
    differences: () => toggle("differences"),
  };
  if (viewer) {
    viewer.classList.add("live");
    viewer.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-tool], [data-show]");
      if (button?.dataset.tool) tools[button.dataset.tool]();
      else if (button) show(Number(button.dataset.show));
    });
    for (const stage of all(".stage", viewer)) {
      stage.addEventListener(
        "wheel",
        (event) => {
          // A plain wheel scrolls the page as everywhere else.
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
        },
        { passive: false },
      );
      stage.addEventListener("pointermove", (event) => {
        if (!(event.buttons & 1) || event.pointerType !== "mouse") return; // fingers scroll by themselves
        // Held only once it moves: a plain click is for the box under it.
        if (!stage.hasPointerCapture(event.pointerId)) {
          if (Math.abs(event.movementX) + Math.abs(event.movementY) === 0) return;
          stage.setPointerCapture(event.pointerId);
          stage.classList.add("moving");
        }
        stage.scrollBy(-event.movementX, -event.movementY);
      });
      for (const kind of ["pointerup", "pointercancel"]) {
        stage.addEventListener(kind, () => stage.classList.remove("moving"));
      }
      // Pages are loaded late; what lies on its side can only be fitted once it has its height.
      stage.querySelector("img")?.addEventListener("load", () => draw(stage.closest(".sheet")));
    }
    show(1);
  }

  // --- keys -----------------------------------------------------------------------------------------------------
  const typing = (target) => target.matches?.("input:not([type=checkbox]), textarea, select") || target.isContentEditable;
  const open = (key) => {
    const act = all("details.act").find((each) => each.dataset.key === key);
    if (!act) return false;
    act.open = true;
    act.scrollIntoView({ block: "nearest" });
    (act.querySelector("select, input:not([type=hidden]), textarea") ?? act.querySelector("button"))?.focus();
    return true;
  };
  const keys = {
    "+": tools.in, "=": tools.in, "-": tools.out, "]": tools.turn, "[": () => turn(-1), 0: tools.reset,
    v: tools.twin, d: tools.differences,
  };
  if (page.querySelector('[data-tool="hints"]')) keys.h = tools.hints;
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if ((event.ctrlKey || event.metaKey) && key === "Enter") {
      const form = target.closest?.(".case details.act form");
      if (form) form.requestSubmit();
      return;
    }
    if (key === "Escape" && target.closest?.(".case details.act")) {
      const act = target.closest("details.act");
      act.open = false;
      act.querySelector("summary").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(target)) return;
    if (page.dataset.keys !== "on" || event.defaultPrevented) return;
    const plain = key.toLowerCase();
    if (/^[1-9]$/.test(plain)) show(Number(plain));
    else if (viewer && keys[plain]) keys[plain]();
    else if (!open(plain)) return;
    event.preventDefault();
  });
})();
