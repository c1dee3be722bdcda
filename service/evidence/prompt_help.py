"""Help texts: what a page says of troubles that may come, under a heading or as a list, tells of none that came."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.normalise import compact
from service.evidence.paragraphs import Paragraph
from service.evidence.segments import Segment, same_row

_OF_USE = (
    "(?:兑换|激活|使用|充值|购买|领取|提取|核销|卡券|卡片|商品|礼品卡|绑定|操作|产品|服务|卡密|电子卡|"
    "退款|售后|退换货?|发货)"
)
_HEADING = re.compile(
    rf"{_OF_USE}*(?:说明|须知|规则|指南|帮助|方法|流程|步骤|教程|攻略|方式|政策|常见问题|疑问)|常见(?:问题|疑问)(?:解答|与解答|及解答)?|"
    rf"注意事项|{_OF_USE}*(?:中|时)?(?:遇到|碰到|有)(?:了)?(?:问题|困难|疑问)(?:怎么办)?|无法(?:使用|兑换|激活)(?:怎么办)?|问题解答|帮助(?:中心|与反馈|说明)?|答疑|"
    r"(?:app)?faqs?|frequentlyaskedquestions|common(?:questions|issues|problems)|how(?:to|do|can)(?:i)?(?:use|redeem|activate|claim)?.{0,24}|"
    r"trouble(?:s|shooting|redeeming|activating)?(?:with.{0,16})?|having(?:trouble|problems|issues).{0,16}|(?:need|get)?help|"
    r"(?:terms?|conditions?|rules|usage|use)(?:(?:and|&)(?:terms|conditions))?(?:ofuse|ofsale)?|instructions?(?:foruse)?|"
    r"redemption(?:instructions?|steps|terms)?|goodtoknow|tips|questionsandanswers|q&a|refundpolicy|whatif.{0,24}"
)
# A message may have such a title too; over a list it heads advice.
_NOTICE = re.compile(
    r"温馨提示|重要提示|特别提示|友情提示|提示|提醒|注意|important(?:information|notes?|notice)?|notes?|notice"
)
_FEWEST_ITEMS = 2
# How far apart the lines of one section stand, and how far its lines may be indented, in line heights.
_NEXT_LINE, _INDENT, _SAME_EDGE = 3.2, 2.5, 0.6
# A dialog keeps this far from what the page keeps to.
_FROM_EDGE = 2.8
_FEWEST_ABOVE = 4
_BULLET = re.compile(r"^\s*[·•●▪■◆★*–—]\s*\S|^\s*-\s+\S")


def is_of_a_help_text(block: Paragraph, first: Segment, segments: Sequence[Segment], unit: float) -> bool:
    """Whether ``first``, a line of the paragraph, is under a heading of instructions, or in a bulleted list."""
    if _BULLET.match(block.text) and sum(bool(_BULLET.match(one.text)) for one in segments) >= _FEWEST_ITEMS:
        return True
    above = [one for one in segments if one.box.y1 <= first.center_y and one is not first]
    return any(_heads(one, first, segments, unit) for one in above)


def _heads(heading: Segment, first: Segment, segments: Sequence[Segment], unit: float) -> bool:
    form = compact(heading.text).strip(":?!()[]【】<>›·•-—")
    notice = _NOTICE.fullmatch(form) is not None
    if not notice and not _HEADING.fullmatch(form):
        return False
    if abs(first.box.x0 - heading.box.x0) > _INDENT * unit:
        return False
    if any(one is not heading and same_row(one.box, heading.box) and not _is_arrow(one) for one in segments):
        return False  # a word of a bar, or a key with its value
    if sum(one.box.y1 <= heading.box.y0 for one in segments) < _FEWEST_ABOVE:
        return False  # the page's own title
    below = [
        one for one in segments if one.box.y0 >= heading.center_y and abs(one.box.x0 - heading.box.x0) <= _INDENT * unit
    ]
    last, items = heading, 0
    for one in sorted(below, key=lambda each: each.box.y0):
        if one.box.y0 - last.box.y1 > _NEXT_LINE * unit:
            break
        last = one
        items += abs(one.box.x0 - heading.box.x0) <= _SAME_EDGE * unit
        if not notice and one is first:
            return True
    if not notice or last.box.y1 < first.box.y0:
        return False
    edge = min(one.box.x0 for one in segments)
    return items > _FEWEST_ITEMS and heading.box.x0 - edge <= _FROM_EDGE * unit


def _is_arrow(one: Segment) -> bool:
    return re.fullmatch(r"[<>›》〉∨∧v^+\-]+|更多>?|查看全部>?|收起|展开", one.text.strip()) is not None
