"""A key that leads to a room does so from every page: no page may mean something else by it."""

from __future__ import annotations

import re
from pathlib import Path

import service.console
from service.console import ROOMS
from service.console.case_page.forms import _FORMS

CONSOLE = Path(service.console.__file__).parent


def keys_of_pages() -> set[str]:
    """Those of the templates, of the case page's acts and of its viewer."""
    found = {form[0] for form in _FORMS.values()}
    for template in (CONSOLE / "templates").rglob("*.html"):
        found |= set(re.findall(r'data-key="(.)"', template.read_text(encoding="utf-8")))
    viewer = (CONSOLE / "static" / "case.js").read_text(encoding="utf-8")
    block = viewer[
        viewer.index("const keys = {") : viewer.index("document.addEventListener", viewer.index("const keys"))
    ]
    return found | set(re.findall(r"\b([a-z]): tools", block)) | set(re.findall(r"keys\.([a-z]) =", block))


def test_the_rooms_keys_are_theirs_alone() -> None:
    rooms = [room.key for room in ROOMS if room.key]
    assert len(rooms) == len(set(rooms)) >= 5
    pages = keys_of_pages()
    assert {"a", "r", "u", "v", "h", "n"} <= pages
    assert set(rooms) & pages == set()
