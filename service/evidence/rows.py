"""The orders of a page that lists several: cards under each other, or the rows of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from service.domain.evidence import ImageFacts, OrderRow
from service.evidence.order_bands import banded_rows
from service.evidence.order_cards import body_of, card_rows, only_card
from service.evidence.order_grid import columns_of
from service.evidence.order_table import table_rows
from service.evidence.sheet import Sheet

# A page of more orders than this is no screenshot.
MOST_ROWS = 60
# A fact that so large a share of the other rows show is missed where a row at the page's edge does not.
_USUAL = 0.75


def find_rows(sheet: Sheet, image: ImageFacts, as_of: date | None) -> tuple[OrderRow, ...]:
    """The orders of a list, top to bottom; one cut at the page's edge is left out, and what is not shown is absent.

    Cards side by side come from left to right.
    """
    columns = [Sheet(column) for column in columns_of(sheet, body_of(sheet))]
    found = [_in_one_column(column, image, as_of) or only_card(column, as_of) for column in columns]
    abreast = [row for rows in zip_longest(*found) for row in rows if row]
    return tuple((abreast or _in_one_column(sheet, image, as_of))[:MOST_ROWS])


def _in_one_column(sheet: Sheet, image: ImageFacts, as_of: date | None) -> list[OrderRow]:
    banded = banded_rows(sheet, as_of)
    table = banded if len(banded) > 1 else table_rows(sheet, as_of)
    found = table if len(table) > 1 else card_rows(sheet, as_of)
    return _whole(found, image, sheet.unit)


def _whole(rows: Sequence[OrderRow], image: ImageFacts, unit: float) -> list[OrderRow]:
    """Without a first or last row that touches the page's edge and lacks what the others have."""
    if len(rows) < 2:
        return list(rows)
    kept = list(rows)
    for place, near in ((0, rows[0].box.y0 <= 6 * unit), (-1, rows[-1].box.y1 >= image.height - 6 * unit)):
        others = kept[1:] if place == 0 else kept[:-1]
        counts = Counter(name for row in others for name in row.fields)
        usual = {name for name, count in counts.items() if count >= _USUAL * len(others)}
        if near and others and not usual <= set(kept[place].fields):
            kept.pop(place)
        if len(kept) < 2:
            break
    return kept
