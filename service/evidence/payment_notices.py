"""Payments told in a sentence: a bank's text message, a phone's notification, a service account's card.

您尾号4471的储蓄卡于02-20 05:27快捷支付293.45元,收款方:…; You paid $5.65 to Star Cards. Only what was paid counts, not
what will be, failed, came in or was given back; of two payments on a page nobody knows which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from service.domain.evidence import Field, FieldName
from service.evidence.amounts import parse_amount
from service.evidence.doubt import weighed, with_doubtful_letters
from service.evidence.normalise import identifier
from service.evidence.paragraphs import Paragraph, paragraphs
from service.evidence.segments import Segment, segments_of, union
from service.evidence.sheet import Sheet
from service.evidence.times import moment_span, parse_time
from service.evidence.vocabulary import is_payment_method

_SUM = (
    r"(?P<amount>(?:人民币|RMB|CNY|USD|US\$|HK\$|[¥$€£])\s?\d[\d,]*(?:\.\d{1,2})?(?:\s?元)?"
    r"|\d[\d,]*(?:\.\d{1,2})?\s?(?:元|RMB|CNY|USD)|\d[\d,]*\.\d{2})(?![\d.,]*\d|万|/)"
)
_PAID = re.compile(
    r"(?:支出|消费|支付|付款|扣款|扣费|转出|转账|缴费|支取|代扣)(?:\([^()]{0,20}\))?(?:成功|了|金额|共|支出)*\s?[:,]?(?:为|是)?\s?"
    + _SUM
    + r"|(?:\bpaid|\bspent|\bcharged|\bsent|(?:payment|purchase|charge|transaction)\s+of"
    + r"|debited(?:\s+(?:by|with|for))?)\s+"
    + _SUM.replace("amount", "latin"),
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^。;；!！【]+")
_NOT_PAID = re.compile(
    r"退款|收入|本月|结余|退回|退还|失败|未成功|撤销|冲正|将于|将在|即将|待支付|待付款|请您?(?:及时|尽快|于|在|使用|通过)|如需|如果|若|立减|验证码|可(?:享|抵|减|用(?!余额|额度|金额))|"
    r"\bwill\b|failed|declined|refund|revers|if you|verification code|due\b",
    re.IGNORECASE,
)
# Said to the payer of one payment; a list's 支出¥7,037.88 sums up a month.
_TOLD = re.compile(r"[您你向]|尾号|账户|储蓄卡|信用卡|\byour?\b|\ba\s+(?:payment|purchase|charge)", re.IGNORECASE)
_PAYEE = re.compile(
    r"(?:收款方|收款人|收款账户名|商户(?:名称|全称)?|对方(?:户名)?)\s?[:为]\s?(?P<named>[^,，。;]{2,40})"
    r"|向(?P<towards>[^,，。向您]{2,40}?)(?:成功)?(?:付款|支付|转账|汇款)"
    r"|在(?P<at>[^,，。在\d][^,，。在]{1,30}?)(?:使用\S{1,12}?)?(?:成功)?(?:消费|支付|付款|支出)"
    r"|元\s?\((?P<after>[^()余额含]{3,40})\)"
    r"|\b(?:to|at)\s+(?P<latin>[A-Z][\w&'. ]{1,40}?)(?=[.,;]|\s(?:on|with|using|from|via)\b|$)"
)
_NUMBER = re.compile(
    r"(?:流水号?|交易号|交易单号|(?P<order>订单(?:编?号|(?=(?:[A-Z-]*\d){3}[A-Z0-9-]{3})))|凭证号|参考号|"
    r"ref(?:erence)?(?:\s?(?:no\.?|number))?)\s?[:为]?\s?"
    r"(?P<number>[A-Za-z0-9-]{8,40})",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"(?:使用|通过)(?:您的)?(?P<way>(?:(?!使用|通过)[^,，。:：¥]){2,30}?)(?:成功|已|完成)?(?:支付|付款|扣款)(?!支付|付款)"
    r"|(?:paid|charged|spent)\s[^a-z]{2,24}(?:\s?(?:RMB|CNY|USD))?\s(?:with|using|via|by|from)\s(?:your\s)?"
    r"(?P<latin>[A-Za-z][^.,;]{2,30}?)(?=\.(?:\s|$)|[,;]|\s(?:on|at|for|to)\s|$)",
    re.IGNORECASE,
)
# By wording, in a sentence that says it outright.
_TRUST = 0.95


def find_notice(sheet: Sheet, as_of: date | None) -> list[Field]:
    """Amount, way to pay, time, payee and number of the one payment a sentence tells; empty if none or several."""
    told = [found for paragraph in paragraphs(segments_of(sheet.lines)) for found in _told(sheet, paragraph, as_of)]
    return told[0] if len(told) == 1 else []


def find_done(sheet: Sheet) -> list[Field]:
    """Amount and way to pay of the one payment that a sentence of an order's page says was made."""
    paid = [field for field in find_notice(sheet, None) if field.name in _OF_AN_ORDER]
    said = [paragraph.text for paragraph in paragraphs(segments_of(sheet.lines)) if _PAID.search(paragraph.text)]
    return paid if any(_MADE.search(text) for text in said) else []


# Its times and numbers have keys.
_OF_AN_ORDER = frozenset({FieldName.AMOUNT, FieldName.PAYMENT_METHOD})
_MADE = re.compile(
    r"(?:支付|付款|扣款|消费)(?:了|成功)|(?:已|成功)[^。,，;；]{0,30}(?:支付|付款|扣款|消费)|\b(?:paid|charged|spent)\b",
    re.IGNORECASE,
)


def _told(sheet: Sheet, paragraph: Paragraph, as_of: date | None) -> Iterator[list[Field]]:
    for sentence in _SENTENCE.finditer(paragraph.text):
        text, start = sentence[0], sentence.start()
        paid = _PAID.search(text)
        if paid is None or _NOT_PAID.search(text) or not _TOLD.search(text):
            continue
        group = "amount" if paid["amount"] else "latin"
        amount = parse_amount(paid[group])
        if amount is None or not amount.minor:
            continue
        found = [
            _field(FieldName.AMOUNT, amount.minor, paragraph, start + paid.start(group), start + paid.end(group), sheet)
        ]
        found += _details(text, start, paragraph, sheet, as_of)
        yield found


def _details(text: str, start: int, paragraph: Paragraph, sheet: Sheet, as_of: date | None) -> Iterator[Field]:
    span = moment_span(text)
    moment = parse_time(text[span[0] : span[1]], as_of=as_of) if span else None
    if span and moment and moment.time is not None:
        yield _field(FieldName.PAID_AT, moment.iso, paragraph, start + span[0], start + span[1], sheet)
    for match in _PAYEE.finditer(text):
        group = next(name for name, value in match.groupdict().items() if value)
        if not re.search(r"尾号|账户|储蓄卡|信用卡", match[group]):
            yield _field(
                FieldName.PAYEE,
                _wide_brackets(match[group].strip()),
                paragraph,
                start + match.start(group),
                start + match.end(group),
                sheet,
            )
            break
    yield from _way(text, start, paragraph, sheet)
    number = _NUMBER.search(text)
    value = identifier(number["number"]) if number else None
    if number and value and not any(sheet.cut_off(piece.box) for piece in _pieces(paragraph, start, number)):
        field = _field(
            FieldName.ORDER_NUMBER if number["order"] else FieldName.TRADE_NUMBER,
            value,
            paragraph,
            start + number.start("number"),
            start + number.end("number"),
            sheet,
        )
        yield with_doubtful_letters(field)


def _way(text: str, start: int, paragraph: Paragraph, sheet: Sheet) -> Iterator[Field]:
    """您使用花呗支付了; You paid $5.65 with PayPal."""
    match = _WAY.search(text)
    group = "way" if match and match["way"] else "latin"
    if match and is_payment_method(match[group]):
        first, last = start + match.start(group), start + match.end(group)
        yield _field(FieldName.PAYMENT_METHOD, match[group].strip(), paragraph, first, last, sheet)


def _pieces(paragraph: Paragraph, start: int, match: re.Match[str]) -> tuple[Segment, ...]:
    return paragraph.between(start + match.start(), start + match.end())


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
