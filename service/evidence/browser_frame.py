"""A browser's frame over the page: tabs and the address, which are the browser's words and not the page's."""

from __future__ import annotations

import re

from service.evidence.normalise import compact
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of

_ADDRESS = re.compile(
    r"(?:https?:?/{0,2})?(?:[a-z0-9-]{2,}\.)+(?:com|net|org|cn|io|co|shop|store|app|me|top|vip|xyz|info|cc|hk|tw|test|example)"
    r"(?:[:/?#].*|[a-z]+/.*)?"
)
_HEAD_ROWS, _HEAD = 4, 0.2


def without_frame(sheet: Sheet) -> Sheet:
    """The sheet without the lines down to the row of a browser's address; the phone's status bar stays."""
    rows = sheet.rows[:_HEAD_ROWS]
    address = next(
        (
            place
            for place, row in enumerate(rows)
            for one in row
            if _ADDRESS.fullmatch(compact(one.text)) and one.center_y <= sheet.bounds.y0 + _HEAD * sheet.bounds.height
        ),
        None,
    )
    if address is None:
        return sheet
    bar = {one.line for one in bar_of(sheet)}
    framed = {one.line for row in rows[: address + 1] for one in row} - bar
    return Sheet([line for place, line in enumerate(sheet.lines) if place not in framed], sheet.bounds)
