"""Prices that stand on goods' cards: no key's value, no discount, no cost, no plan to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from service.evidence.amounts import parse_amount
from service.evidence.lexicon import VALUE_KIND, ValueKind
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Sheet
from service.evidence.title_words import is_title_text

# A cost's name is no longer than this; titles mostly are.
_LONGEST_COST = 6


def card_prices(sheet: Sheet) -> list[Segment]:
    """Every price that may belong to a card, from top to bottom."""
    return _outside_grids(sheet, [one for one in sheet.free if _is_price(sheet, one)])


def _is_price(sheet: Sheet, segment: Segment) -> bool:
    """A price that is no key's value, no discount and no cost."""
    amount = parse_amount(segment.text)
    if amount is None or amount.currency is None or amount.sign != 0 or segment.box.height >= 2.2 * sheet.unit:
        return False
    return sheet.owner(segment) is None and not _in_cost_row(sheet, segment)


def _outside_grids(sheet: Sheet, prices: Sequence[Segment]) -> list[Segment]:
    """Without prices side by side, each under a heading of its own: plans to choose from, of which none was bought."""
    in_grid: set[int] = set()
    for one in prices:
        row = [other for other in prices if same_row(one.box, other.box)]
        headed = [other for other in row if _heading_over(sheet, other)]
        if len(headed) >= 2:
            in_grid.update(id(other) for other in row)
    return [one for one in prices if id(one) not in in_grid]


def _heading_over(sheet: Sheet, price: Segment) -> bool:
    return any(
        0 < price.center_y - one.center_y <= 6 * sheet.unit
        and (
            (
                abs(one.center_x - price.center_x) <= max(one.box.width, price.box.width) / 2
                and one.box.width <= 0.3 * sheet.bounds.width
            )
            or (abs(one.box.x0 - price.box.x0) <= 0.5 * sheet.unit and one.box.width <= 0.48 * sheet.bounds.width)
        )
        and is_title_text(one.text)
        for one in sheet.free
    )


def _in_cost_row(sheet: Sheet, segment: Segment) -> bool:
    """A short word at the left and an amount at the right edge, right above or below another such row."""
    labels = [one for one in sheet.free if same_row(one.box, segment.box) and one.box.x1 < segment.box.x0]
    if len(labels) != 1 or len(labels[0].text) > _LONGEST_COST or parse_amount(segment.text) is None:
        return False
    return any(
        VALUE_KIND[key.label] is ValueKind.AMOUNT
        and abs(key.box.x0 - labels[0].box.x0) <= sheet.unit
        and abs(key.piece.center_y - segment.center_y) <= 4 * sheet.unit
        and any(abs(one.box.x1 - segment.box.x1) <= sheet.unit for one in sheet.right_of(key))
        for key in sheet.keys
    )
