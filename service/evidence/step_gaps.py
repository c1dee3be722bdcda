"""Steps of a page whose moment is hidden, told by the steps beside which moments stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.evidence import Box, FieldName, FlawKind, Gap, GapKind
from service.evidence.normalise import compact
from service.evidence.page_look import Look, overlaps
from service.evidence.steps import Deed, steps_beside_moments

_ALIGNED = 0.7  # line heights
_DONE = re.compile(r"完成|成功|已|paid|received|complete|success")


def hidden_moments(look: Look) -> Iterator[tuple[FieldName, Gap]]:
    """When it was ordered, where only later steps have their moments: it was, before any of them.

    When it was paid only under a mark, or between others if the step says that it was done: what was cancelled never
    was.
    """
    dated, undated = steps_beside_moments(look.sheet)
    if not dated:
        return
    end = max(moment.x1 for _, moment in dated)
    for deed, step in undated:
        name = FieldName.ORDERED_AT if deed is Deed.ORDERED else FieldName.PAID_AT
        in_line = [one for one, _ in dated if abs(one.box.x0 - step.box.x0) <= _ALIGNED * look.sheet.unit]
        if name in look.fields or not in_line or step.box.x1 >= end:
            continue
        place = Box(step.box.x1, step.box.y0, end, step.box.y1)
        marked = any(overlaps(flaw.box, place) for flaw in look.of(FlawKind.MARK))
        between = min(one.center_y for one in in_line) < step.center_y < max(one.center_y for one in in_line)
        if marked or deed is Deed.ORDERED or (between and _DONE.search(compact(step.text))):
            yield name, Gap(kind=GapKind.COVERED, field=name, box=place)
