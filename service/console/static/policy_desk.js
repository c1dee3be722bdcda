// The policy editor: line numbers, a jump to the line of a mistake, and what was typed kept in this tab until the server
// has it, so that a session that ended loses nothing. The page works without this file.
"use strict";
(() => {
  const text = document.getElementById("text");
  const form = document.getElementById("pd-form");
  const gutter = document.getElementById("pd-gutter");
  if (!text || !form || !gutter) return;
  const key = `policy-draft:${form.dataset.pdKey}`;
  const revision = () => document.getElementById("pd-revision");

  const number = () => {
    const wrong = new Set([...document.querySelectorAll("#pd-checked [data-pd-line]")].map((node) => node.dataset.pdLine));
    const count = text.value.split("\n").length;
    gutter.replaceChildren(...Array.from({ length: count }, (_, at) => {
      const line = String(at + 1);
      const node = document.createElement(wrong.has(line) ? "b" : "span");
      node.textContent = line;
      return node;
    }));
    gutter.scrollTop = text.scrollTop;
  };
  const jump = (line) => {
    const lines = text.value.split("\n");
    const begin = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    text.focus();
    text.setSelectionRange(begin, begin + (lines[line - 1] || "").length);
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 6) * height);
    text.scrollLeft = 0;
    gutter.scrollTop = text.scrollTop;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pd-line]");
    if (!link) return;
    event.preventDefault();
    jump(Number(link.dataset.pdLine));
  });
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });

  const kept = () => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const keep = () => { try { sessionStorage.setItem(key, JSON.stringify({ text: text.value, revision: revision().value })); } catch { /* full */ } };
  const forget = () => { try { sessionStorage.removeItem(key); } catch { /* none */ } };
  let lines = text.value.split("\n").length;
  text.addEventListener("input", () => {
    keep();
    const now = text.value.split("\n").length;
    if (now !== lines) { lines = now; number(); }
  });
  let sent = null;
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.elt === form) sent = text.value; });
  document.body.addEventListener("htmx:afterSettle", () => {
    const checked = document.getElementById("pd-checked");
    if (checked && checked.dataset.pdSaved === "yes" && sent === text.value) forget();
    number();
  });
  const discard = document.querySelector("[data-pd-discard]");
  if (discard) discard.addEventListener("submit", forget);

  const before = kept();
  if (before && before.text === text.value) forget();
  else if (before && typeof before.text === "string") {
    text.value = before.text;
    revision().value = before.revision;
    document.getElementById("pd-restored").hidden = false;
    // Once HTMX listens: the draft is kept and checked as if it had just been typed.
    window.addEventListener("load", () => text.dispatchEvent(new Event("input", { bubbles: true })));
  }
  number();
  if (text.dataset.pdAt) jump(Number(text.dataset.pdAt));
})();
