"""A camera for HTML: screenshots with the place of every labelled fact, taken by headless Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# What Debian installs; Playwright's own download is the fallback.
_CANDIDATES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")

# Rectangles of the *text* inside each labelled element, not of its padding: text is what a reader can point at.
# Of several elements with one label the first visible one counts.
_FACTS = """
() => {
  const found = {};
  for (const element of document.querySelectorAll('[data-field]')) {
    const name = element.dataset.field;
    if (name in found || !element.innerText.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const parts = [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0);
    if (!parts.length) continue;
    found[name] = {
      text: element.innerText.trim().replace(/\\s+/g, ' '),
      box: [Math.min(...parts.map(r => r.left)), Math.min(...parts.map(r => r.top)),
            Math.max(...parts.map(r => r.right)), Math.max(...parts.map(r => r.bottom))],
    };
  }
  return found;
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A device's screen: CSS pixels, and device pixels per CSS pixel. ``tall``: capture the whole scrolled page."""

    width: int
    height: int
    scale: float = 1.0
    dark: bool = False
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """The printed text of one fact and its box [x0, y0, x1, y1] in device pixels."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot: PNG bytes and the facts visible on it."""

    png: bytes
    spots: Mapping[str, Spot]


def chromium_path() -> str | None:
    """Where Chromium is installed; ``PREREVIEW_CHROMIUM`` overrides. None when only Playwright's own could serve."""
    named = os.environ.get("PREREVIEW_CHROMIUM")
    return named or next((path for path in _CANDIDATES if shutil.which(path)), None)


class Camera:
    """Context manager around one Chromium. Not thread-safe; start one per process."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def __enter__(self) -> Camera:
        # Here, because what a page prints can be drawn (and tested) without a browser installed.
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()

    def shoot(self, html: str, screen: Screen) -> Shot:
        """Photograph ``html`` on ``screen``. RuntimeError outside the ``with`` block."""
        if self._browser is None:
            raise RuntimeError("use the camera inside its with block")
        context = self._browser.new_context(
            viewport={"width": screen.width, "height": screen.height},
            device_scale_factor=screen.scale,
            color_scheme="dark" if screen.dark else "light",
            offline=True,
            java_script_enabled=True,
        )
        try:
            page = context.new_page()
            page.set_content(html, wait_until="load")
            page.evaluate("() => document.fonts.ready.then(() => true)")
            found = page.evaluate(_FACTS)
            png = page.screenshot(full_page=screen.tall)
            height = page.evaluate("() => document.documentElement.scrollHeight") if screen.tall else screen.height
        finally:
            context.close()
        return Shot(png, _visible(found, screen, float(height)))


def _visible(found: Mapping[str, dict[str, object]], screen: Screen, height: float) -> dict[str, Spot]:
    """Facts wholly inside the picture, boxes in device pixels; what is cut off is not on the page."""
    spots: dict[str, Spot] = {}
    for name, entry in found.items():
        text, box = entry["text"], entry["box"]
        assert isinstance(text, str)
        assert isinstance(box, list)
        x0, y0, x1, y1 = (float(value) for value in box)
        if x0 >= 0 and y0 >= 0 and x1 <= screen.width and y1 <= height:
            scaled = (x0 * screen.scale, y0 * screen.scale, x1 * screen.scale, y1 * screen.scale)
            spots[name] = Spot(text, scaled)
    return spots
