"""Steps an order goes through, drawn as a row or a column, and the one it has come to; rows of tabs are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from service.evidence.normalise import compact
from service.evidence.segments import Segment, aligned, overlap_x, same_row
from service.evidence.sheet import Sheet
from service.evidence.steps import deed_of
from service.evidence.times import is_moment, parse_time
from service.evidence.vocabulary import is_tab_word

# So many steps in a row or column are a progress; two with a time each are one too.
_FEWEST, _FEWEST_DATED = 3, 2
# Steps of a column follow each other within this many line heights; a time belongs to a step within this many.
_PITCH, _REACH = 7.0, 2.2
_ALL = frozenset({"全部", "all", "全部订单", "所有订单", "allorders"})
_LEAST_TO_COME = 2
# Only the order of times matters here, so any year will do for those printed without one.
_ANY_YEAR = date(2000, 12, 31)


def is_tabs(row: Sequence[Segment]) -> bool:
    """Words for states side by side to choose from: 全部 待付款 待发货 待收货."""
    words = [compact(one.text) for one in row if is_tab_word(one.text)]
    if len(words) < _FEWEST:
        return False
    to_come = sum(word.startswith(("待", "to", "un")) for word in words)
    return any(word in _ALL for word in words) or to_come >= _LEAST_TO_COME or any("售后" in word for word in words)


def progresses(sheet: Sheet) -> list[list[Segment]]:
    """Groups of steps: rows of three and more, columns of three and more or of two with their times."""
    steps = [one for one in sheet.standing if deed_of(one.text)]
    found: list[list[Segment]] = []
    for row in sheet.rows:
        here = [one for one in steps if any(one is other or one.line == other.line for other in row)]
        if len(here) >= _FEWEST and not is_tabs(row):
            found.append(here)
    used = {id(one) for group in found for one in group}
    column: list[Segment] = []
    for one in [step for step in steps if id(step) not in used]:
        if column and not _reads_down(sheet, column[-1], one):
            found += [column] if _is_column(sheet, column) else []
            column = []
        column.append(one)
    return [*found, column] if _is_column(sheet, column) else found


def current_step(sheet: Sheet, group: Sequence[Segment]) -> Segment | None:
    """The latest step that has a time; None where no step has one."""
    dated = [(text, one) for one in group if (text := moment_of(sheet, one))]
    if not dated:
        return None
    if all(same_row(first.box, second.box) for first, second in pairwise(group)):
        return max((one for _, one in dated), key=lambda one: one.box.x0)
    first, last = (parse_time(dated[place][0], as_of=_ANY_YEAR) for place in (0, -1))
    if first is None or last is None:
        return None
    newest_first = (str(first.day), str(first.time)) >= (str(last.day), str(last.time))
    return dated[0][1] if newest_first else dated[-1][1]


def moment_of(sheet: Sheet, step: Segment) -> str | None:
    """The time that stands beside, under or over a step."""
    near = [
        (abs(one.center_y - step.center_y), one)
        for one in sheet.segments
        if one is not step
        and (
            same_row(one.box, step.box)
            or (
                abs(one.center_y - step.center_y) <= _REACH * sheet.unit
                and (aligned(one.box, step.box) or overlap_x(one.box, step.box) > 0.3)
            )
        )
        and is_moment(one.text)
    ]
    return min(near, key=lambda pair: pair[0])[1].text if near else None


def _reads_down(sheet: Sheet, upper: Segment, lower: Segment) -> bool:
    return (
        abs(upper.box.x0 - lower.box.x0) <= 0.8 * sheet.unit
        and 0 < lower.box.y0 - upper.box.y1 <= _PITCH * sheet.unit
        and 0.7 <= lower.box.height / max(upper.box.height, 1e-6) <= 1.4
    )


def _is_column(sheet: Sheet, column: Sequence[Segment]) -> bool:
    if len(column) < _FEWEST_DATED:
        return False
    dated = sum(moment_of(sheet, one) is not None for one in column)
    return dated >= _FEWEST_DATED or (len(column) >= _FEWEST and dated >= 1)
