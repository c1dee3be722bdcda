"""Steps of a page whose moment is hidden, told by the steps beside which moments stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.evidence import Box, FieldName, FlawKind, Gap, GapKind
from service.evidence.normalise import compact
from service.evidence.page_look import Look, overlaps
from service.evidence.segments import Segment, same_row
from service.evidence.steps import Deed, StepsSeen, steps_seen

_ALIGNED = 0.7  # line heights
_FEWEST_ALIKE = 2
# What a cover leaves of a moment: its beginning.
_BEGUN = re.compile(r"(?:20\d{0,2}|\d{1,2}|[A-Z][a-z]{2}\.?)\s?[-/.年月]?\s?(?:\d{1,2}\s?[-/.月日,]?\s?)*")
_DONE = re.compile(r"完成|成功|已|paid|received|complete|success")


def hidden_moments(look: Look) -> Iterator[tuple[FieldName, Gap]]:
    """When it was ordered, where only later steps have their moments: it was, before any of them.

    When it was paid only under a mark, or between others if the step says that it was done: what was cancelled never
    was.
    """
    steps = steps_seen(look.sheet)
    for deed, step in steps.undated:
        name = FieldName.ORDERED_AT if deed is Deed.ORDERED else FieldName.PAID_AT
        place = None if name in look.fields else _beside(look, step, steps) or _under(look, step, steps)
        if place is None:
            continue
        marked = any(overlaps(flaw.box, place) for flaw in look.of(FlawKind.MARK))
        dated = [one for one, _ in (*steps.beside, *steps.over)]
        between = min(one.center_y for one in dated) < step.center_y < max(one.center_y for one in dated)
        if marked or _begins(look, place) or deed is Deed.ORDERED or (between and _DONE.search(compact(step.text))):
            yield name, Gap(kind=GapKind.COVERED, field=name, box=place)


def _beside(look: Look, step: Segment, steps: StepsSeen) -> Box | None:
    """The place of the step's moment, where others in its column have theirs in their row."""
    slack = _ALIGNED * look.sheet.unit
    end = max((moment.x1 for _, moment in steps.beside), default=0.0)
    in_line = any(abs(one.box.x0 - step.box.x0) <= slack for one, _ in steps.beside)
    return Box(step.box.x1, step.box.y0, end, step.box.y1) if in_line and step.box.x1 < end else None


def _under(look: Look, step: Segment, steps: StepsSeen) -> Box | None:
    """The place under the step, where at least two of its column or row have theirs there and it is as roomy."""
    unit = look.sheet.unit
    column = [pair for pair in steps.over if abs(pair[0].box.x0 - step.box.x0) <= _ALIGNED * unit]
    row = [pair for pair in steps.over if same_row(pair[0].box, step.box)]
    alike = max(column, row, key=len)
    if not alike:
        return None
    one, moment = alike[0]
    top, bottom = step.box.y0 + moment.y0 - one.box.y0, step.box.y0 + moment.y1 - one.box.y0
    middle = (step.box.x0 + step.box.x1) / 2 if alike is row else step.box.x0 + moment.width / 2
    place = Box(middle - moment.width / 2, top, middle + moment.width / 2, bottom)
    free = not any(overlaps(other.box, place) and not _BEGUN.fullmatch(other.text) for other in look.sheet.segments)
    if not free or bottom > look.image.height:
        return None
    # A single one may be chance; under a step of whose moment something is left it is none.
    return place if len(alike) >= _FEWEST_ALIKE or _begins(look, place) else None


def _begins(look: Look, place: Box) -> bool:
    return any(_BEGUN.fullmatch(one.text) and overlaps(one.box, place) for one in look.sheet.segments)
