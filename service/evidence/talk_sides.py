"""Which side says what: bubbles keep to their side of the page, or stand beside a picture or a mark that tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.domain.evidence import Box, Speaker
from service.evidence.amounts import parse_amount
from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import compact, is_cjk
from service.evidence.segments import Segment, union
from service.evidence.talk_moments import is_stamp

_READ_MARK = re.compile(r"^(?:已读|未读|送达)(?=[一-鿿A-Za-z])|(?<=[。！!?？\w])\s+(?:已读|未读)$")
# Shares of the page's width: a bubble's greatest lean to its own side, and what notices keep free.
_EVEN, _MARGIN = 0.04, 0.2
# How near to the left edge (in line heights) a bubble begins there, and to the right (in widths) a full one ends there.
_FLUSH, _NEARLY = 0.2, 0.12
# A bubble that leaves this share of the width free shows its side; edges in line are this near (in line heights).
_SHORT, _IN_LINE = 0.2, 0.3
# What is set this much smaller than what is said are names, moments and notices.
SMALL = 0.92
# What an app or a platform says amid a talk of who has come, who has gone, and what to beware of.
_NOTICE = re.compile(
    r"结束了?(?:本次)?(?:会话|服务|对话|聊天)|(?:会话|对话|服务)已?(?:结束|关闭|转接|超时)|(?:已|正在)?(?:接入|加入|进入|退出|离开)了?(?:人工|会话|对话|聊天|群聊)|"
    r"^(?:(?!高兴|我是|荣幸|随时)[^,，。!！]){0,16}为您服务$|已接入|(?:工作|营业|服务)时间(?:调整|变更|为|:)|^(?:平台|安全|系统|温馨|交易|防诈?骗?)(?:提醒|提示|通知|消息):|谨防(?:诈骗|受骗|上当)|请勿(?:在平台外|私下|线下|向.{0,6}转账|脱离平台)|"
    r"撤回了一条|以[上下](?:是|为)(?:历史|新)?(?:消息|打招呼)|对(?:本次|此次)(?:服务|会话).{0,6}(?:评价|打分)|(?:已|待)(?:邀请|提交)评价|"
    r"you'?re(?:now)?(?:chatting|connected|speaking|talking)(?:with|to)|(?:has|have)?(?:joined|left|ended)(?:the|this)(?:chat|conversation)|"
    r"(?:chat|conversation)(?:has)?(?:was|been)?(?:ended|closed|started|transferred)|rate(?:this|your)(?:chat|conversation)|"
    r"^(?:auto(?:matic|mated)?-?reply:?we(?:have|'ve)?received|(?:ticket|case|request)(?:was|hasbeen)?(?:assigned|escalated|merged|reopened|closed|solved)|"
    r"status(?:was|hasbeen)?changedto)|^howwouldyourate|"
    r"never(?:share|pay)|bewareof|outside(?:of)?(?:the|this)(?:platform|app)|unreadmessages|newmessages$"
)

_GREETING = re.compile(r"[您你]好|亲|hi\b|hello|dear")


@dataclass(frozen=True, slots=True)
class Bubble:
    """Lines that belong together, and which side they stand on."""

    pieces: tuple[Segment, ...]
    speaker: Speaker

    @property
    def box(self) -> Box:
        return union(one.box for one in self.pieces)

    @property
    def text(self) -> str:
        text = ""
        for one in self.pieces:
            gap = text and not is_cjk(text[-1]) and text[-1] not in ",，、。" and one.raw[:1].isascii()
            text += (" " if gap else "") + one.raw
        return _READ_MARK.sub("", text).strip()


def by_side(
    groups: Sequence[Sequence[Segment]],
    avatars: Sequence[Segment],
    left: float,
    right: float,
    marks: Sequence[Segment] = (),
) -> list[Bubble]:
    """Sides are told by the avatar or the mark of what was read beside a bubble, else from where all bubbles begin and
    end. ``left`` and ``right``: the conversation's edges in pixels."""
    if not groups:
        return []
    notices = {id(group) for group in groups if _is_notice(group, left, right)}
    said = [group for group in groups if id(group) not in notices and not _is_handed_in(group)] or groups
    edges = [one for group in said for one in group if len(one.text) > 1 or not one.text.isascii()] or list(said[0])
    # Where only one side speaks, the page's own edges say which.
    inset, middle = _MARGIN * (right - left), (left + right) / 2
    begin, end = min(left + inset, *(one.box.x0 for one in edges)), max(right - inset, *(one.box.x1 for one in edges))
    tall = sorted(one.box.height for one in edges)[len(edges) // 2]
    boxes = {id(group): union(one.box for one in group) for group in groups}
    among = [boxes[id(group)] for group in said]
    spoken = [boxes[id(group)] for group in said if not is_stamp(group[0].text)]
    large = [boxes[id(group)] for group in said if any(one.box.height >= SMALL * tall for one in group)]
    read = {id(group) for mark in marks if (group := _read_beside(mark, said, boxes))}
    found = []
    for group in groups:
        box = boxes[id(group)]
        beside = {one.center_x > middle for one in avatars if _stands_beside(one, box)}
        if id(group) in notices:
            side = Speaker.SYSTEM
        elif len(beside) == 1 and not is_stamp(group[0].text):
            side = Speaker.SELF if beside.pop() else Speaker.OTHER
        elif id(group) in read:
            side = Speaker.SELF
        else:
            small = all(one.box.height < SMALL * tall for one in group)
            in_line = _column(box, spoken, tall) or _shared_edge(box, among, begin, end, tall)
            short = len(group) == 1 and _ends_short(box, spoken, left, right, tall)
            # In print of its size, what lines up with one side's bubbles is that side's.
            flush = sum(abs(one.x0 - box.x0) <= _IN_LINE * tall for one in large) >= _FEWEST_IN_LINE
            flush = flush or ((short or len(group) > 1) and box.x0 - begin <= tall)
            alone = small and in_line is None and not flush
            amid = centred(box, left, right, small) and (
                (len(group) == 1 and centred(box, left, right, small=False)) or alone
            )
            aligned = Speaker.OTHER if short else in_line
            side = Speaker.SYSTEM if amid else aligned or _side(box, begin, end, tall, group)
        found.append(Bubble(tuple(group), side))
    return sorted(found, key=lambda bubble: bubble.box.y0)


def says_notice(text: str) -> bool:
    """What an app says amid a talk: 已接入人工客服, You're now chatting with …."""
    form = compact(text)
    return _NOTICE.search(form) is not None and not _GREETING.match(form)


def _is_notice(group: Sequence[Segment], left: float, right: float) -> bool:
    """Every line of it amid the page, as no bubble's are that wraps."""
    amid = all(abs(2 * one.center_x - left - right) <= _AMID * (right - left) for one in group)
    return amid and says_notice("".join(one.text for one in group))


_AMID = 0.03


def _is_handed_in(group: Sequence[Segment]) -> bool:
    """The card of an order: its number behind the key, and its sum alone in a line."""
    numbered = any(hit.label is Label.ORDER_NUMBER and hit.start == 0 for one in group for hit in hits_in(one.text)[:1])
    return numbered and any(parse_amount(one.text) is not None for one in group)


def _read_beside(
    mark: Segment, said: Sequence[Sequence[Segment]], boxes: Mapping[int, Box]
) -> Sequence[Segment] | None:
    """The owner's bubble at whose left, near its lower edge, an app says that it was read."""
    height = mark.box.height
    near = [
        group
        for group in said
        if -0.2 * height <= (box := boxes[id(group)]).x0 - mark.box.x1 <= _READ_REACH * height
        and box.y0 - 0.3 * height <= mark.center_y <= box.y1 + 0.7 * height
    ]
    return min(near, key=lambda group: abs(boxes[id(group)].y1 - mark.center_y), default=None)


_READ_REACH = 2.5  # line heights


def _stands_beside(avatar: Segment, box: Box) -> bool:
    height = avatar.box.height
    return box.y0 - height <= avatar.center_y <= box.y1 + 0.5 * height


def centred(box: Box, left: float, right: float, small: bool) -> bool:
    """Notices stand amid the page: short ones far from both edges, long ones in smaller print."""
    width = max(right - left, 1.0)
    before, after = (box.x0 - left) / width, (right - box.x1) / width
    return abs(before - after) <= 2 * _EVEN and (min(before, after) > _MARGIN + _EVEN or small)


def _shared_edge(box: Box, boxes: Sequence[Box], begin: float, end: float, tall: float) -> Speaker | None:
    """Bubbles of one side share its edge: a full-width one is that side's with whose shorter ones it lines up."""
    short = _SHORT * max(end - begin, 1.0)
    lefts = [one for one in boxes if one is not box and one.x0 - begin < short < end - one.x1]
    rights = [one for one in boxes if one is not box and end - one.x1 < short < one.x0 - begin]
    with_left = any(abs(one.x0 - box.x0) <= _IN_LINE * tall for one in lefts)
    with_right = any(abs(one.x1 - box.x1) <= _IN_LINE * tall for one in rights)
    if with_left is with_right:
        return None
    return Speaker.OTHER if with_left else Speaker.SELF


def _ends_short(box: Box, boxes: Sequence[Box], left: float, right: float, tall: float) -> bool:
    """A line that ends short of where the owner's bubbles end is the other side's."""
    near = _IN_LINE * tall
    owner = [one for one in boxes if one is not box and one.x0 - left > _LEANS * (right - one.x1)]
    ends = [one.x1 for one in owner if sum(abs(one.x1 - other.x1) <= near for other in owner) >= _FEWEST_IN_LINE]
    return bool(ends) and box.x0 < min(one.x0 for one in owner) and min(ends) - box.x1 > _SHORT_OF_IT * tall


def _column(box: Box, boxes: Sequence[Box], tall: float) -> Speaker | None:
    """The side with more bubbles that begin, or end, where this one does."""
    near = _IN_LINE * tall
    begin = sum(abs(one.x0 - box.x0) <= near < abs(one.x1 - box.x1) for one in boxes if one is not box)
    end = sum(abs(one.x1 - box.x1) <= near < abs(one.x0 - box.x0) for one in boxes if one is not box)
    if abs(begin - end) < _FEWEST_IN_LINE:
        return None
    return Speaker.OTHER if begin > end else Speaker.SELF


_LEANS, _FEWEST_IN_LINE, _SHORT_OF_IT = 1.5, 2, 0.8


def _side(box: Box, begin: float, end: float, tall: float, group: Sequence[Segment]) -> Speaker:
    """The other side's bubbles keep to the left edge of all that is said, the owner's to the right."""
    width = max(end - begin, 1.0)
    before, after = (box.x0 - begin) / width, (end - box.x1) / width
    if box.x0 - begin <= _FLUSH * tall:
        return Speaker.OTHER
    # Wrapped lines fill a bubble, so a wrapped one that does not begin at the left edge ends at the right one.
    fills = len(group) > 1 and (after <= _NEARLY or any(_had_no_room(*two, end) for two in pairwise(group)))
    return Speaker.SELF if after <= before or fills else Speaker.OTHER


def _had_no_room(last: Segment, following: Segment, end: float) -> bool:
    """Whether an English line's next word would have gone over ``end``."""
    word = following.text.split(" ")[0]
    if any(is_cjk(character) for character in word):
        return False
    return 0 <= end - last.box.x1 < following.box.width * len(word) / len(following.text) + 0.3 * last.box.height
