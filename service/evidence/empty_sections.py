"""A section of a record that holds nothing yet: what is not there are later deeds, not the order."""

from __future__ import annotations

import re

from service.domain.evidence import ErrorCode
from service.evidence.dialogs import details_of
from service.evidence.normalise import compact
from service.evidence.prompts import Prompt
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet

_LACKS = re.compile(
    r"(?:暂时?|还|尚|目前)(?:无|没有|未有)|no.{2,24}yet|nothing(?:here|toshow|toseehere)(?:yet)?|no(?:recent)?activity"
)
_SECTION = re.compile(
    r"(?:使用|消费|核销|兑换|交易|余额|变动|评价|售后|退款|操作|开票|积分|领取)?(?:记录|明细|动态|流水|历史|评价)|"
    r"(?:recent|card|usage|account|past|redemption|transaction|balance|purchase|order|service)?"
    r"(?:activity|history|transactions|usage|reviews|updates|redemptions)"
)
_FEWEST_DETAILS, _UNDER = 2, 4.5


def is_of_an_empty_section(prompt: Prompt, sheet: Sheet) -> bool:
    """No activity yet right under the heading Activity, on a page that records an order over it."""
    if prompt.code is not ErrorCode.NO_SUCH_RECORD or len(prompt.pieces) != 1:
        return False
    said = prompt.pieces[0]
    if not _LACKS.match(compact(said.text)) or len(details_of(sheet)) < _FEWEST_DETAILS:
        return False
    return any(_heads(one, said, sheet) for one in sheet.segments)


def _heads(one: Segment, said: Segment, sheet: Sheet) -> bool:
    under = 0 < said.center_y - one.center_y <= _UNDER * sheet.unit and one.box.x0 <= said.center_x
    if not under or not _SECTION.fullmatch(compact(one.text).strip(":")):
        return False
    return any(key.box.y1 <= one.box.y0 or key.box.x1 <= one.box.x0 for key in sheet.keys)
