"""Times that no key names: what happened stands beside, above or below them, as in timelines and headers.

付款成功 over 2025-04-11 07:49, steps beside a column of times, 您于4月11日07:48提交订单, Order placed on Apr 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.evidence import Box
from service.evidence.amounts import parse_amount
from service.evidence.lexicon import VALUE_KIND, ValueKind
from service.evidence.normalise import compact
from service.evidence.segments import Segment, aligned, overlap_x, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.times import Printed, is_clock, is_moment, moment_span, parse_time
from service.evidence.vocabulary import names_goods, status_text


class Deed(StrEnum):
    """What a step records."""

    ORDERED = "ordered"
    PAID = "paid"
    OTHER = "other"


_WHO = "您|你|买家|用户|客户|我|顾客|订单|您的订单|该订单|交易|款项|系统|商家|平台|卖家|会员"
_END = "成功|完成|了|的|已完成|已成功|已提交|已生成"
_ORDERED = re.compile(
    rf"(?:{_WHO})*(?:已经?|成功|完成)*(?:提交|创建|生成|拍下|下单|下了|确认下单|提单|预订|"
    rf"订购)(?:{_END})*(?:此|该|您的|一笔)?(?:新)?(?:订单|商品|宝贝|单)?(?:{_END})*(?:,?(?:等?待|请)(?:买家|您|"
    rf"尽快)?(?:付款|支付))?"
    rf"|订单(?:已|成功)?(?:创建|提交|生成|下达)(?:{_END})*"
    r"|(?:your)?(?:order)?(?:was|is|hasbeen|been)?(?:placed|created|submitted|ordered)(?:successfully)?|"
    r"(?:order|purchase)(?:ed|made)"
    r"|(?:you)?placed(?:an|the|your|this)?order|ordersubmission|ordercreation"
)
_PAID = re.compile(
    rf"(?:{_WHO})*(?:已经?|成功|完成|全额|收到|在线)*(?:您的|买家)?(?:付款|支付|扣款|付清|缴费|扣费|支付订单|"
    rf"付款订单)(?:{_END}|已确认|确认|金额)*(?:此|该)?(?:订单)?(?:,.{{0,12}})?"
    rf"|(?:{_WHO})*(?:已收到|收到)(?:您的|买家)?(?:付款|款项|货款)|交易付款|(?:发起)?(?:转账|转出|汇款|"
    rf"付款申请|转账申请|汇款申请)(?:已?提交|已?受理|已?发起)?(?:成功|完成)"
    r"|(?:your)?(?:order|payment|transaction|transfer)?(?:was|is|hasbeen|been)?(?:paid|paymentreceived|"
    r"paymentconfirmed|paymentsuccessful|paymentcompleted?|charged)"
    r"|(?:your)?(?:payment|charge)(?:was|is|hasbeen|:|-)?(?:received|confirmed|successful|success|succeeded|"
    r"completed?|made|processed|accepted|captured|approved)"
    r"|paidinfull|youpaid|paidfor|paymentof"
)
_NOT_YET = re.compile(r"待|未|失败|取消|超时|退|需|将|请(?!等)|unpaid|failed|pending|awaiting|cancel|refund|due|if")
_TO_COME = re.compile(
    r"(?:等?待|申请)(?:您|买家|卖家|商家|系统|平台)?(?:付款|支付|发货|充值|确认|收货|退款|退货|售后|评价|处理)"
)
_OTHER = re.compile(
    r".{0,12}(?:成功|完成|发货|到账|签收|收货|处理中|已发|出库|揽收|退款|取消|关闭|发卡|发码|评价|确认|充值|"
    r"开通|受理|审核|通过|接单|提取|领取|激活|使用|过期|失效)(?:中|成功|完成)?"
    r"|.{0,24}(?:delivered|shipped|completed|processing|issued|refunded|cancell?ed|closed|dispatched|sent|"
    r"fulfilled|redeemed|activated|topped-?up|credited|confirmed)"
)
_BETWEEN = re.compile(
    r"(?:^|(?<=[\s,，:：]))(?:于|在|时间|on|at)(?=\s|$|:)|[于在]$|^[于在]|\b(?:on|at)\s*$|^\s*(?:on|at)\b",
    re.IGNORECASE,
)
_BARE_DAY = re.compile(r"[01]?\d[-/.][0-3]?\d")
_ORNAMENT = re.compile(r"^[^\w一-鿿]+|[^\w一-鿿]+$")
_LONGEST_STEP = 30
_BESIDE, _UNDER = "beside its step", "under its step"

# A time stands within this many line heights of the step it belongs to.
_REACH = 4.5
# Found by position and wording, by wording in one line.
_SURENESS_BY_PLACE, _SURENESS_IN_LINE = 0.92, 0.97


@dataclass(frozen=True, slots=True)
class Dated:
    """A step with its moment: ``pieces`` are the moment's, ``how`` tells where it stands."""

    deed: Deed
    moment: Printed
    pieces: tuple[Segment, ...]
    how: str
    sureness: float


@dataclass(frozen=True, slots=True)
class _Moment:
    pieces: tuple[Segment, ...]
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Step:
    deed: Deed
    piece: Segment


def deed_of(text: str) -> Deed | None:
    """What a step's text records, or None where it is no step's."""
    form = _ORNAMENT.sub("", compact(text))
    if not 2 <= len(form) <= _LONGEST_STEP or _is_goods(form):
        return None
    if not _NOT_YET.search(re.split(r"[,，]", form, maxsplit=1)[0]):
        if _ORDERED.fullmatch(form):
            return Deed.ORDERED
        if _PAID.fullmatch(form):
            return Deed.PAID
    return Deed.OTHER if status_text(text) or _OTHER.fullmatch(form) or _TO_COME.match(form) else None


def _is_goods(form: str) -> bool:
    """Goods named with how they are handed over: 游戏月卡 官方自动充值."""
    match = _HANDED_OVER.fullmatch(form)
    return match is not None and names_goods(match["goods"])


# 会员权益已自动充值 says what was done.
_HANDED_OVER = re.compile(
    r"(?P<goods>.{3,}(?<![已经将会后待未请在统家台方]))(?:(?:自动|官方|在线|人工|手动|极速|快速|即时|秒|代)+(?:充值|发货|激活|开通|发卡|发码|到账)|[直代秒]充)"
)


def dated_steps(sheet: Sheet, as_of: date | None) -> list[Dated]:
    """Steps of the page that have a moment of their own."""
    found = list(_in_one_line(sheet, as_of))
    used = {piece.line for one in found for piece in one.pieces}
    moments = [one for one in _moments(sheet) if not any(piece.line in used for piece in one.pieces)]
    steps = _steps(sheet, moments)
    for moment, step, how in _assigned(sheet, moments, steps):
        printed = parse_time(moment.text, as_of=as_of)
        if printed:
            found.append(Dated(step.deed, printed, moment.pieces, how, _SURENESS_BY_PLACE))
    return found


@dataclass(frozen=True, slots=True)
class StepsSeen:
    """Steps with the moment in their row, and over it; and those of ordering or paying that have none anywhere."""

    beside: tuple[tuple[Segment, Box], ...]
    over: tuple[tuple[Segment, Box], ...]
    undated: tuple[tuple[Deed, Segment], ...]


def steps_seen(sheet: Sheet) -> StepsSeen:
    """The steps of a page that have moments, and those that have none."""
    moments = _moments(sheet)
    steps = _steps(sheet, moments)
    assigned = list(_assigned(sheet, moments, steps))
    dated = {id(step.piece) for _, step, _ in assigned}
    return StepsSeen(
        beside=tuple((step.piece, moment.box) for moment, step, how in assigned if how == _BESIDE),
        over=tuple((step.piece, moment.box) for moment, step, how in assigned if how == _UNDER),
        undated=tuple(
            (one.deed, one.piece) for one in steps if one.deed is not Deed.OTHER and id(one.piece) not in dated
        ),
    )


def _in_one_line(sheet: Sheet, as_of: date | None) -> Iterator[Dated]:
    """提交订单 2025-04-11 07:48:30, 您于2025-04-11 07:48付款, Paid on Apr 11, 2025."""
    for segment in sheet.segments:
        span = moment_span(segment.text)
        if span is None:
            continue
        start, end = span
        before, after = segment.text[:start], segment.text[end:]
        rest = f"{_BETWEEN.sub(' ', before)} {_BETWEEN.sub(' ', after)}".strip()
        deed = deed_of(rest)
        printed = parse_time(segment.text[start:end], as_of=as_of) if deed else None
        if deed and printed:
            yield Dated(deed, printed, (segment,), "in line", _SURENESS_IN_LINE)


def _moments(sheet: Sheet) -> list[_Moment]:
    """Moments without a key; a day over or beside its clock is one."""
    found: list[_Moment] = []
    taken = _values_of_keys(sheet)
    free = [one for one in sheet.free if id(one) not in taken]
    clocks = [one for one in free if is_clock(one.text)]
    for one in free:
        bare = _BARE_DAY.fullmatch(one.text) is not None
        if is_clock(one.text) or not (bare or is_moment(one.text)):
            continue
        clock = None
        if not re.search(r"\d:\d|\d时", one.text):
            clock = next((other for other in clocks if _clock_of(one, other)), None)
        if bare and clock is None:
            continue
        pieces = (one, clock) if clock else (one,)
        text, box = " ".join(piece.text for piece in pieces), union(piece.box for piece in pieces)
        found.append(_Moment(pieces, text, box))
    return found


def _values_of_keys(sheet: Sheet) -> set[int]:
    """Moments that a key of some time (有效期至) stands beside or over."""
    keys = [key for key in sheet.keys if VALUE_KIND[key.label] is ValueKind.TIME and not key.inline]
    keys = [key for key in keys if deed_of(key.piece.text) is None]
    return {id(one) for key in keys for one in sheet.right_of(key) or sheet.below(key)[:2]}


def _clock_of(day: Segment, clock: Segment) -> bool:
    height = max(day.box.height, clock.box.height)
    beside = same_row(day.box, clock.box) and 0 <= clock.box.x0 - day.box.x1 <= 2.5 * height
    under = 0 < clock.center_y - day.center_y <= 2.2 * height and aligned(day.box, clock.box)
    return beside or under


def _steps(sheet: Sheet, moments: Sequence[_Moment]) -> list[_Step]:
    taken = {id(piece) for one in moments for piece in one.pieces}
    silent = {
        id(key.piece): key.piece
        for key in sheet.keys
        if key.inline is None
        and key.hit.whole
        and not key.hit.colon
        and not any(parse_amount(one.text) for one in [*sheet.right_of(key), *sheet.below(key)[:2]])
    }
    found = []
    for one in [*sheet.free, *silent.values()]:
        deed = deed_of(one.text) if id(one) not in taken else None
        if deed:
            found.append(_Step(deed, one))
    return found


def _assigned(sheet: Sheet, moments: Sequence[_Moment], steps: Sequence[_Step]) -> Iterator[tuple[_Moment, _Step, str]]:
    """Each moment with its step: in its row; else under or over it, one way for the whole page."""
    left: list[_Moment] = []
    beside: set[int] = set()
    for moment in moments:
        row = [step for step in steps if same_row(step.piece.box, moment.box)]
        if row:
            step = min(row, key=lambda one: _gap_x(one.piece.box, moment.box))
            beside.add(id(step))
            yield moment, step, _BESIDE
        elif all(_may_own(sheet, piece, steps) for piece in moment.pieces):
            left.append(moment)
    rest = [step for step in steps if id(step) not in beside]
    under = [(one, near) for one in left if (near := _nearest(one, rest, left, sheet.unit, above=True))]
    over = [(one, near) for one in left if (near := _nearest(one, rest, left, sheet.unit, above=False))]
    chosen, how = (under, _UNDER) if _better(under, over) else (over, "over its step")
    seen: set[int] = set()
    for moment, near in chosen:
        if id(near) not in seen:
            yield moment, near, how
        seen.add(id(near))


def _may_own(sheet: Sheet, piece: Segment, steps: Sequence[_Step]) -> bool:
    owner = sheet.owner(piece)
    return owner is None or any(step.piece is owner.piece for step in steps)


def _gap_x(first: Box, second: Box) -> float:
    return max(first.x0 - second.x1, second.x0 - first.x1, 0.0)


def _nearest(
    moment: _Moment, steps: Sequence[_Step], others: Sequence[_Moment], unit: float, *, above: bool
) -> _Step | None:
    """The step over (or under) the moment in its column, with no other moment between.

    Of lines that read on to the moment the one that says what was ordered or paid: the rest describes it.
    """
    box = moment.box
    gaps = [_gap(box, other.box, above=above) for other in others if overlap_x(other.box, box) > 0.3]
    stop = min((gap for gap in gaps if gap >= 0), default=_REACH * unit)
    near = sorted(
        (
            (gap, step)
            for step in steps
            if (aligned(step.piece.box, box) or overlap_x(step.piece.box, box) > 0.3)
            and 0 <= (gap := _gap(box, step.piece.box, above=above)) <= min(stop, _REACH * unit)
        ),
        key=lambda pair: pair[0],
    )
    if not near:
        return None
    first = near[0][0]
    reach = first + near[0][1].piece.box.height + max(unit, 1.3 * first)
    alone = not _of_a_bar(near[0][1], steps)
    telling = [
        step
        for gap, step in near
        if gap <= reach and step.deed is not Deed.OTHER and not (alone and _of_a_bar(step, steps))
    ]
    return telling[0] if telling else near[0][1]


def _of_a_bar(step: _Step, steps: Sequence[_Step]) -> bool:
    """One of three steps and more drawn side by side: no line of a sentence under them."""
    return sum(same_row(step.piece.box, other.piece.box) for other in steps) >= _FEWEST_OF_A_BAR


_FEWEST_OF_A_BAR = 3


def _gap(moment: Box, other: Box, *, above: bool) -> float:
    """Distance from the moment to what stands over (or under) it; negative where it does not."""
    gap = moment.y0 - other.y1 if above else other.y0 - moment.y1
    slack = 0.3 * min(moment.height, other.height)
    centre = (other.y0 + other.y1) / 2 - (moment.y0 + moment.y1) / 2
    placed = centre < 0 if above else centre > 0
    return max(gap, 0.0) if placed and gap >= -slack else -1.0


def _better(under: Sequence[tuple[_Moment, _Step]], over: Sequence[tuple[_Moment, _Step]]) -> bool:
    """Whether times stand under their steps: more of them find one, or they stand nearer."""
    if len({id(step) for _, step in under}) != len({id(step) for _, step in over}):
        return len({id(step) for _, step in under}) > len({id(step) for _, step in over})
    first = sum(moment.box.y0 - step.piece.box.y1 for moment, step in under)
    second = sum(step.piece.box.y0 - moment.box.y1 for moment, step in over)
    return first <= second
