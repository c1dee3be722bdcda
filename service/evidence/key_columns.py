"""Lines that begin with a key though no colon says so, told by the column of keys they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.keys import Key
from service.evidence.labels import Hit, glued_hit
from service.evidence.segments import Segment

# So many keys with their values must begin at the same edge, and the nearest stand within so many line heights.
_FEWEST, _NEAREST = 2, 4.0
_EDGE = 0.6
_SENTENCE = re.compile(
    r"[。!！?？;；]|[,，]|请|如有|为准|^[的了是为后前时将会可以不]|^(?:信息|详情|说明|须知|规则|管理|服务|记录|列表)$"
)
_LONGEST = 48


def column_keys(keys: Sequence[Key], free: Sequence[Segment], unit: float) -> list[tuple[Segment, Hit]]:
    """Free lines of a column of keys that begin with a key of free text themselves."""
    keyed = [key.piece for key in keys if key.inline is not None and key.hit.start == 0]
    if len(keyed) < _FEWEST:
        return []
    found = []
    for one in free:
        column = [key for key in keyed if abs(key.box.x0 - one.box.x0) <= _EDGE * unit]
        if len(column) < _FEWEST or min(abs(key.center_y - one.center_y) for key in column) > _NEAREST * unit:
            continue
        hit = glued_hit(one.text)
        if hit and len(one.text) <= _LONGEST and not _SENTENCE.search(one.text[hit.value :]):
            found.append((one, hit))
    return found
