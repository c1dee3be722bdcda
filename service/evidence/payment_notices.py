"""Payments told in a sentence: a bank's text message, a phone's notification, a service account's card.

您尾号4471的储蓄卡于02-20 05:27快捷支付293.45元,收款方:…; You paid $5.65 to Star Cards. Only what was paid counts, not
what will be, failed, came in or was given back; of two payments on a page nobody knows which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain.evidence import Field, FieldName
from service.evidence.amounts import parse_amount
from service.evidence.bubbles import bubbles
from service.evidence.doubt import doubted, weighed, with_doubtful_letters
from service.evidence.notice_details import details
from service.evidence.paragraphs import Paragraph, paragraphs
from service.evidence.segments import segments_of, union
from service.evidence.sheet import Sheet
from service.evidence.times import is_moment, moment_span, parse_time

_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_SUM = (
    rf"(?P<amount>(?:人民币|RMB|CNY|USD|US\$|HK\$|[¥$€£])\s?{_FIGURE}(?:\.\d{{1,2}})?(?:\s?元)?"
    rf"|{_FIGURE}(?:\.\d{{1,2}})?\s?(?:元|RMB|CNY|USD)|{_FIGURE}\.\d{{2}})(?!\d|\.\d|,\d{{3}}(?!\d)|万|/)"
)
_PAID = re.compile(
    r"(?:支出|消费|支付|付款|扣款|扣费|转出|转账|缴费|支取|代扣|实付)(?:\([^()]{0,20}\))?(?:成功|了|金额|共|支出)*\s?[:,]?(?:为|是)?\s?"
    + _SUM
    + r"|(?:付款|支付|转账|汇款)给[^,，。;；\n]{2,40}?\s?"
    + _SUM.replace("amount", "given")
    + r"|(?:一笔|了|共|支出)\s?"
    + _SUM.replace("amount", "one")
    + r"\s?的?(?:支付|消费|付款|支出|扣款|交易|快捷支付)"
    + r"|(?:有一笔支出|支付交易|付款成功|支付成功|消费成功|"
    + r"(?:完成|发生|有)了?一笔[^,，。;；\n]{0,8}(?:支付|消费|付款|支出|扣款)(?:交易)?)"
    + r"\s?[,，:：]?\s?(?:交易|支付|付款)?(?:金额)?\s?[:：为]?\s?"
    + _SUM.replace("amount", "after")
    + r"|(?:消费|支付|付款|支出|扣款|扣费|缴费)(?:交易)?(?:提醒|通知|提示)"
    + r"[^。;；]{0,60}?(?:交易|消费|支付|付款)金额\s?[:：为是]?\s?"
    + _SUM.replace("amount", "headed")
    + r"|"
    + _SUM.replace("amount", "before")
    + r"\s(?:was|were|has been|have been)?\s?(?:paid|charged|debited|sent)\b"
    + r"|(?:\bpaid|\bspent|\bcharged|\bsent|(?:payment|purchase|charge|transaction)\s+(?:of|for)"
    + r"|debited(?:\s+(?:by|with|for))?|(?:amount|sum|total)\s+(?:paid|charged)\s?:?)\s+"
    + _SUM.replace("amount", "latin"),
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?:[^。;；!！\n.]|\.(?!\s|$)|(?<=Ltd)\.|(?<=Inc)\.|(?<=no)\.|(?<=Co)\.|(?<=B\.V)\.)+", re.IGNORECASE
)
_NOT_PAID = re.compile(
    r"退款|收入|本月|结余|退回|退还|失败|未成功|撤销|冲正|将于|将在|即将|待支付|待付款|请您?(?:及时|尽快|于|在|使用|通过)|如需|如果|若|立减|验证码|"
    r"可(?:享|抵|减|用(?!余额|额度|金额))|账单|还款|"
    r"\bwill\b|failed|declined|refund|revers|if you|verification code|\bdue\b|minimum payment",
    re.IGNORECASE,
)
# What a sentence of advice names is nothing that was done.
_ADVICE = re.compile(r"^\s*(?:如|若|请|点击|回复|退订|温馨提示|不是|not you|if |reply|tap|call|never)", re.IGNORECASE)
# Said to the payer of one payment; a list's 支出¥7,037.88 sums up a month.
_TOLD = re.compile(
    r"[您你向]|尾号|账户|储蓄卡|信用卡|收款方|商户|付款给|\byour?\b|\ba\s+(?:payment|purchase|charge)|\b(?:was|been)\s(?:paid|charged)|"
    r"\bpaid\s(?:to|for)\b|\bpayment of",
    re.IGNORECASE,
)
# Amount paid: CNY 8.90 goes on where the sentence before tells of the payment, and is a row of a table elsewhere.
_ITS_SUM = re.compile(r"\s*(?:amount|sum|total)\s+(?:paid|charged)", re.IGNORECASE)
_WAS_PAID = re.compile(
    r"\b(?:has been|was|is now)\s(?:paid|charged)|\bpayment\s(?:\S+\s){0,6}?(?:succeeded|successful)", re.IGNORECASE
)
# By wording, in a sentence that says it outright.
_TRUST = 0.95


@dataclass(frozen=True, slots=True)
class Notice:
    """The one payment a page's messages tell: its fields, and the lines of the message that does."""

    fields: tuple[Field, ...]
    message: Paragraph


def the_notice(sheet: Sheet, as_of: date | None) -> Notice | None:
    """What the one message that tells of a payment says of it; None if none or several do."""
    messages = list(bubbles(segments_of(sheet.lines)))
    told = [found for bubble in messages for found in _told(sheet, bubble, as_of)]
    if len(told) != 1:
        return None
    known = {field.name for field in told[0].fields}
    others = [bubble for bubble in messages if bubble is not told[0].message]
    return replace(
        told[0], fields=(*told[0].fields, *(one for one in _handed_over(sheet, others) if one.name not in known))
    )


def _handed_over(sheet: Sheet, messages: Sequence[Paragraph]) -> list[Field]:
    """Goods and order of the one message that hands them over, beside the one that tells of the payment."""
    handing = [bubble for bubble in messages if _HANDS_OVER.search(bubble.text)]
    if len(handing) != 1:
        return []
    found = _details(_without(_NOT_HANDED, handing[0].text), handing[0], sheet)
    return [doubted(field, "told in another message") for field in found if field.name in _OF_GOODS]


# 已发货,请及时查收 was handed over all the same.
_NOT_HANDED = re.compile(r"退款|退回|退还|失败|撤销|验证码|refund|failed|declined|verification code", re.IGNORECASE)
_OF_GOODS = frozenset({FieldName.PRODUCT, FieldName.ORDER_NUMBER})
_HANDS_OVER = re.compile(
    r"已(?:为您)?(?:自动)?(?:发货|发放|发卡|出卡|充值|到账|开通|送达)|(?:发货|充值|出卡|提卡|开通)成功|(?:卡号|卡密|密码|兑换码|激活码|券码)\s?[:：为是]|"
    r"订单(?:编号|号|已)|\border\s?(?:no\.?|number|id|#)|"
    r"\b(?:code|pin|key|card\s?(?:no\.?|number))\s?(?:is\b|:)|\b(?:delivered|ready to redeem)\b",
    re.IGNORECASE,
)


def of_an_order(sheet: Sheet, notice: Notice | None) -> list[Field]:
    """Amount and way to pay of the one payment that a sentence of an order's page says was made."""
    paid = [field for field in notice.fields if field.name in _OF_AN_ORDER] if notice else []
    if not paid:
        return []
    said = [paragraph.text for paragraph in paragraphs(segments_of(sheet.lines)) if _PAID.search(paragraph.text)]
    return paid if any(_MADE.search(text) for text in said) else []


# Its times and numbers have keys.
_OF_AN_ORDER = frozenset({FieldName.AMOUNT, FieldName.PAYMENT_METHOD})
_MADE = re.compile(
    r"(?:支付|付款|扣款|消费)(?:了|成功)|(?:已|成功)[^。,，;；]{0,30}(?:支付|付款|扣款|消费)|\b(?:paid|charged|spent)\b",
    re.IGNORECASE,
)


def _told(sheet: Sheet, bubble: Paragraph, as_of: date | None) -> Iterator[Notice]:
    """Every payment of the bubble; what its other sentences add to the only one belongs to it."""
    payments: list[tuple[re.Match[str], str, int]] = []
    before = ""
    for sentence in _SENTENCE.finditer(bubble.text):
        paid = _PAID.search(sentence[0])
        goes_on = _ITS_SUM.match(sentence[0]) and _WAS_PAID.search(before) and not _NOT_PAID.search(before)
        if paid and not _NOT_PAID.search(sentence[0]) and (goes_on or _TOLD.search(sentence[0])):
            payments.append((sentence, *_sum_in(paid)))
        before = sentence[0]
    for sentence, group_text, offset in payments:
        amount = parse_amount(group_text)
        if amount is None or not amount.minor:
            continue
        start = sentence.start() + offset
        found = [_field(FieldName.AMOUNT, amount.minor, bubble, start, start + len(group_text), sheet)]
        whole = _kept(bubble.text) if len(payments) == 1 else _only(bubble.text, sentence)
        found += _moment(sentence, whole, bubble, sheet, as_of)
        found += _details(whole, bubble, sheet)
        yield Notice(tuple(found), bubble)


def _sum_in(paid: re.Match[str]) -> tuple[str, int]:
    group = next(name for name, value in paid.groupdict().items() if value)
    return paid[group], paid.start(group)


def _kept(text: str) -> str:
    """The text, what is advice or of another payment blanked out, as long as it was."""
    return _without(_NOT_PAID, text)


def _without(other: re.Pattern[str], text: str) -> str:
    blanked = text
    for sentence in _SENTENCE.finditer(text):
        if _ADVICE.match(sentence[0]) or other.search(sentence[0]):
            blanked = blanked[: sentence.start()] + " " * len(sentence[0]) + blanked[sentence.end() :]
    return blanked


def _only(text: str, sentence: re.Match[str]) -> str:
    return " " * sentence.start() + sentence[0] + " " * (len(text) - sentence.end())


def _moment(
    sentence: re.Match[str], whole: str, bubble: Paragraph, sheet: Sheet, as_of: date | None
) -> Iterator[Field]:
    """When it was paid: told in its own sentence, else the one moment of its message."""
    for text, offset in ((sentence[0], sentence.start()), (whole, 0)):
        found = dict(_moments(text, as_of))
        if len(found) == 1:
            (iso, (start, end)), *_ = found.items()
            yield _field(FieldName.PAID_AT, iso, bubble, offset + start, offset + end, sheet)
            return


def _moments(text: str, as_of: date | None) -> Iterator[tuple[str, tuple[int, int]]]:
    """Days with their hour, clause by clause; a line of its own is when the message came."""
    for clause in _CLAUSE.finditer(text):
        span = (
            None if is_moment(clause[0]) and text[clause.end() : clause.end() + 1] == "\n" else moment_span(clause[0])
        )
        moment = parse_time(clause[0][span[0] : span[1]], as_of=as_of) if span else None
        if span is None and (printed := _PRINTED.search(clause[0])):
            span, moment = printed.span(), parse_time(printed[0])
        if span and moment and moment.time is not None:
            yield moment.iso, (clause.start() + span[0], clause.start() + span[1])


# Run into the number before it.
_PRINTED = re.compile(r"(?<![\d/-])20\d\d([-/])\d{1,2}\1\d{1,2}\s\d{1,2}:\d{2}(?::\d{2})?(?![\d:])")


# Not at the comma in Nov 17, 2025 10:01.
_CLAUSE = re.compile(r"(?:[^,，。;；\n.]|(?<=\d),(?=\s?(?:20\d\d(?![-/.年\d])|\d{1,2}:\d\d))|\.(?!\s|$))+")


def _details(text: str, bubble: Paragraph, sheet: Sheet) -> Iterator[Field]:
    for one in details(text):
        pieces = bubble.between(one.start, one.end)
        number = one.name in (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER)
        if number and any(sheet.cut_off(piece.box) for piece in pieces):
            continue
        value = _wide_brackets(one.value) if one.name is FieldName.PAYEE else one.value
        field = _field(one.name, value, bubble, one.start, one.end, sheet)
        field = doubted(field, one.doubt) if one.doubt else field
        yield with_doubtful_letters(field) if number else field


def _wide_brackets(name: str) -> str:
    """Brackets round Han as Chinese names print them."""
    return re.sub(r"\(([一-鿿]+)\)", r"（\1）", name)


def _field(name: FieldName, value: str | int, paragraph: Paragraph, start: int, end: int, sheet: Sheet) -> Field:
    pieces = paragraph.between(start, end)
    field = Field(
        name=name,
        value=value,
        text=paragraph.text[start:end],
        score=round(_TRUST * min(piece.score for piece in pieces), 4),
        box=union(piece.box for piece in pieces),
        rule="payment notice",
    )
    other = [sheet.lines[piece.line].other for piece in pieces]
    return weighed(field, pieces, sheet) if any(other) else field
