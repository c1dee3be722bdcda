"""A camera for HTML: screenshots with the place of every labelled fact, taken by headless Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

# What Debian installs; Playwright's own download is the fallback.
_CANDIDATES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")

_FACTS = Path(__file__).with_name("facts.js").read_text("utf-8")


def _photographed(page: Page) -> bytes:
    """Chromium now and then cannot capture a page it can capture a moment later: once in some 3,000 pages here."""
    from playwright.sync_api import Error  # training only, and slow to import

    try:
        return page.screenshot()
    except Error:
        return page.screenshot()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A device's screen: CSS pixels, and device pixels per CSS pixel. ``tall``: capture the whole scrolled page."""

    width: int
    height: int
    scale: float = 1.0
    dark: bool = False
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Lettering:
    """How the text of a fact was set: font family as asked for, size in device pixels, weight, colour [r, g, b]."""

    family: str
    size: float
    weight: int
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """The printed text of one fact and its box [x0, y0, x1, y1] in device pixels.

    ``cells``: the box of every character of ``text``, for those who re-type it; empty if the text was re-flowed.
    """

    text: str
    box: tuple[float, float, float, float]
    cells: tuple[tuple[float, float, float, float], ...] = ()
    lettering: Lettering | None = None


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot: PNG bytes, the facts visible on it, and the names of those partly out of sight or covered."""

    png: bytes
    spots: Mapping[str, Spot]
    hidden: tuple[str, ...] = field(default=())


def chromium_path() -> str | None:
    """Where Chromium is installed; ``PREREVIEW_CHROMIUM`` overrides. None when only Playwright's own could serve."""
    named = os.environ.get("PREREVIEW_CHROMIUM")
    return named or next((path for path in _CANDIDATES if shutil.which(path)), None)


class Camera:
    """Context manager around one Chromium. Not thread-safe; start one per process."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._pages: dict[tuple[float, bool], Page] = {}

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
        page = self._page(self._browser, screen)
        page.set_viewport_size({"width": screen.width, "height": screen.height})
        page.set_content(html, wait_until="load")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        if screen.tall:
            height = int(page.evaluate("() => document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": screen.width, "height": max(height, screen.height)})
        found: dict[str, dict[str, Any]] = page.evaluate(_FACTS)
        png = _photographed(page)
        seen = {name: entry for name, entry in found.items() if entry["seen"]}
        hidden = tuple(name for name, entry in found.items() if not entry["seen"])
        return Shot(png, {name: _spot(entry, screen.scale) for name, entry in seen.items()}, hidden)

    def _page(self, browser: Browser, screen: Screen) -> Page:
        """One page for each kind of screen: a context costs more than a picture."""
        kind = (screen.scale, screen.dark)
        if kind not in self._pages:
            context = browser.new_context(
                viewport={"width": screen.width, "height": screen.height},
                device_scale_factor=screen.scale,
                color_scheme="dark" if screen.dark else "light",
                offline=True,
                java_script_enabled=True,
            )
            self._pages[kind] = context.new_page()
        return self._pages[kind]


def _spot(entry: Mapping[str, Any], scale: float) -> Spot:
    cells = tuple(_edges(cell, scale) for cell in entry["cells"])
    lettering = Lettering(entry["family"], entry["size"] * scale, int(entry["weight"]), tuple(entry["colour"]))
    return Spot(entry["text"], _edges(entry["box"], scale), cells, lettering)


def _edges(box: Sequence[float], scale: float) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) * scale for value in box)
    return x0, y0, x1, y1
