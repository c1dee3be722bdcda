"""What every page of the console is held to in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from api_service import Service
from axe_playwright_python.sync_playwright import Axe

PAGE_BYTES = 250_000
"""Of a page with its scripts and styles, without images."""
NARROW = 390
ZOOMED = 683
"""CSS pixels a window of 1366 has left at 200 %."""
_GRAVE = ("serious", "critical")
_COUNT = re.compile(r'^prereview_console_csp_reports_total\{directive="([^"]+)"\} (\d+)', re.MULTILINE)
# Set before any of a page's own scripts: what the policy stopped, and what an injected script would set.
WATCH = """
window.violations = [];
window.__xss = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
# Where a page is wider than its window, what sticks out.
_WIDE = """
() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  const clipped = (node) => node !== document.body && node !== root && node !== null
    && (getComputedStyle(node).overflowX !== "visible" || clipped(node.parentElement));
  const out = [...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > width + 1 && !clipped(node));
  return out.length ? out.slice(-6).map((node) => node.outerHTML.slice(0, 160)) : [`${root.scrollWidth} px`];
}
"""
_WEIGHT = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((entry) => !["img", "image", "icon", "eventsource"].includes(entry.initiatorType))
  .filter((entry) => !/\\.svg$/.test(entry.name))
  .reduce((sum, entry) => sum + entry.decodedBodySize, 0)
"""


def csp_reports(service: Service) -> dict[str, int]:
    """What browsers have told the service, by directive."""
    text = httpx.get(f"{service.url}/metrics", trust_env=False, timeout=30).text
    return {directive: int(count) for directive, count in _COUNT.findall(text) if int(count)}


@dataclass
class Watched:
    """A page and all it asked for and said; ``before``: what had been reported when it was opened, ``look``: its theme
    and language."""

    page: Any
    service: Service
    before: dict[str, int]
    look: str = ""
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dialog)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.service.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _dialog(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.said.append(f"dialog: {dialog.message}")
        dialog.accept()

    # --- what a page must be ------------------------------------------------------------------------------------
    def quiet(self, *, expected: Iterable[str] = ()) -> None:
        """Nothing was stopped by the policy, asked of another host or said as an error; no injected script ran.

        ``expected``: parts of errors that a test provoked.
        """
        assert self.page.evaluate("window.violations") == []
        assert self.page.evaluate("window.__xss") == []
        assert self.foreign == []
        assert [line for line in self.said if not any(part in line for part in expected)] == []

    def unreported(self) -> None:
        """No browser has told the service of a violation since this page was opened."""
        assert csp_reports(self.service) == self.before

    def accessible(self) -> None:
        """See ``accessible``."""
        accessible(self.page)

    def fits(self) -> None:
        """Nothing has to be scrolled sideways at 390 px and at 200 % zoom of 1366."""
        before = self.page.viewport_size
        for width in (NARROW, ZOOMED):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate(_WIDE) == [], f"{self.page.url} at {width} px"
        self.page.set_viewport_size(before)

    def light(self) -> int:
        """Bytes of the page without images, at most ``PAGE_BYTES``."""
        weight = int(self.page.evaluate(_WEIGHT))
        assert weight <= PAGE_BYTES, f"{self.page.url} has {weight:,} bytes"
        return weight


def accessible(page: Any) -> None:
    """No serious or critical fault of accessibility, as axe-core knows them."""
    found = Axe().run(page).response["violations"]
    grave = [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['failureSummary'][:300]} {node['html'][:160]}"
        for fault in found
        if fault["impact"] in _GRAVE
        for node in fault["nodes"][:4]
    ]
    assert not grave, f"{page.url}\n" + "\n".join(grave)


def no_violations(page: Any) -> None:
    """The content security policy had nothing to stop on this page."""
    assert page.evaluate("window.violations") == []


def gather(checks: Iterable[tuple[str, Callable[[], object]]]) -> list[str]:
    """What failed of several checks, so that one run shows all."""
    wrong = []
    for name, check in checks:
        try:
            check()
        except AssertionError as error:
            wrong.append(f"{name}: {str(error)[:1500]}")
    return wrong
