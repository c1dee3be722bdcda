"""Order number and trade number, which pages name alike and which must not be confused.

On an order page 订单号 is the order number. On a payment bill the merchant's number (商户单号, 商家订单号) is the order
number; what the payment service calls its own (交易单号, 流水号, and Alipay's 订单号) is the trade number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.doubt import doubted, weighed, with_doubtful_letters
from service.evidence.label_grammar import RANK_OF_WEAK
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.said_numbers import said
from service.evidence.serials import serials_of_payment
from service.evidence.sheet import Key, Sheet
from service.evidence.unlabelled_numbers import bare, named_in_passing, numbered
from service.evidence.values import Value, find_identifier

# What payment services number their own payments with: WeChat's, and Alipay's, which begin with the day, then the
# block of a purchase (2200, 28 digits in all), of a transfer (2000) or of a red packet (1100), those up to 32.
_WECHAT_OWN = re.compile(r"(?:4200|1000)\d{24,28}")
_ALIPAY_OWN = re.compile(r"20\d{6}(?:2200\d{16}|(?:2000|1100)\d{16,20})")


# Below what a comparison takes for certain (compare.DOUBTFUL_SCORE).
_WEAK = 0.84
# Shops count their orders in four digits and more; what mixes letters in is longer.
_SHORT_CODE = 6


@dataclass(frozen=True, slots=True)
class _Found:
    key: Key
    value: Value[str]


def find(sheet: Sheet, kind: PageKind) -> list[Field]:
    own = _labelled(sheet, Label.ORDER_NUMBER)
    merchant = [one for one in _labelled(sheet, Label.MERCHANT_NUMBER) if not _is_account(one, sheet)]
    trade = _labelled(sheet, Label.TRADE_NUMBER)
    if kind is PageKind.PAYMENT and not trade:
        trade = _behind(serials_of_payment(sheet), sheet)
    if kind is PageKind.CHAT:
        return said(sheet) or _of_its_card([one for one in own if not _is_of_the_talk(one)], sheet)
    if kind is PageKind.PAYMENT and merchant:
        orders, trades = merchant, trade or own
    elif kind is PageKind.PAYMENT and not trade and own and all(_is_alipay(one.value.value) for one in own):
        orders, trades = [], own
    else:
        orders, trades = own or merchant, trade
    running = _labelled(sheet, Label.RUNNING_NUMBER)
    if kind is not PageKind.PAYMENT and not orders:
        orders, running = running, []
    if not trades:
        trades = running or (_labelled(sheet, Label.VOUCHER_NUMBER) if kind is PageKind.PAYMENT else [])
    fields = []
    if order := _the_one(orders):
        fields.append(_field(FieldName.ORDER_NUMBER, order, sheet))
    elif not orders and kind in (PageKind.ORDER, PageKind.DELIVERY, PageKind.PAYMENT):
        taken = {piece.line for one in (*trades, *running) for piece in one.value.pieces}
        fields += named_in_passing(sheet, taken) or numbered(sheet, taken)
        if not fields and kind is PageKind.ORDER:
            fields += bare(sheet, taken)
    elif not orders and kind is PageKind.UNKNOWN:
        fields += said(sheet, alone=False)
    if payment := _the_one(trades):
        fields.append(_field(FieldName.TRADE_NUMBER, payment, sheet))
    return fields


def _of_its_card(own: Sequence[_Found], sheet: Sheet) -> list[Field]:
    """The number of the one order whose card was handed into a conversation."""
    numbers = {one.value.value for one in own}
    return [_field(FieldName.ORDER_NUMBER, own[0], sheet)] if len(numbers) == 1 else []


def _is_of_the_talk(found: _Found) -> bool:
    """编号 or Id beside a talk, with no word of what it counts, is the ticket's own number."""
    return _COUNTS_ANYTHING.fullmatch(compact(found.key.piece.text[: found.key.hit.end])) is not None


_COUNTS_ANYTHING = re.compile(r"(?:编号|号码|单号|序号|id|no|number|ref|reference|#)[.:]*")


def _is_account(found: _Found, sheet: Sheet) -> bool:
    """MERCHANT NO. beside the terminal's number names the merchant, not the order."""
    bare = compact(found.key.piece.text).strip(" .:") in ("merchantno", "merchantnumber")
    return bare and any(_OF_A_TERMINAL.match(compact(one.text)) for one in sheet.segments)


_OF_A_TERMINAL = re.compile(r"terminal|batch|终端")


def _labelled(sheet: Sheet, label: Label) -> list[_Found]:
    return _behind(sheet.keys_of(label), sheet)


def _behind(keys: Sequence[Key], sheet: Sheet) -> list[_Found]:
    found = []
    for key in keys:
        value = find_identifier(sheet, key)
        if value:
            found.append(_Found(key, value))
    return found


def _the_one(found: Sequence[_Found]) -> _Found | None:
    """The number under the plainest word; none where that word stands before two different numbers."""
    if not found:
        return None
    best = min(found, key=lambda one: one.key.hit.rank)
    values = {one.value.value for one in found if one.key.hit.rank == best.key.hit.rank}
    return best if len(values) == 1 else None


def _is_alipay(number: str) -> bool:
    if _WECHAT_OWN.fullmatch(number):
        return True
    if not _ALIPAY_OWN.fullmatch(number):
        return False
    try:
        datetime.strptime(number[:8], "%Y%m%d")  # noqa: DTZ007 - only asks whether it is a date
    except ValueError:
        return False
    return True


def _field(name: FieldName, found: _Found, sheet: Sheet) -> Field:
    value = found.value
    rule = f"{found.key.label.value} {value.how}" + (", wrapped" if len(value.pieces) > 1 else "")
    field = Field(name=name, value=value.value, text=value.text, score=value.score, box=value.box, rule=rule)
    if found.key.label in (Label.VOUCHER_NUMBER, Label.RUNNING_NUMBER):
        field = doubted(field, "a number of unclear kind where no plainer one stands", _WEAK)
    if found.key.hit.rank >= RANK_OF_WEAK and found.key.label is Label.ORDER_NUMBER:
        field = doubted(field, "a word that seldom names the order", _WEAK)
    if _CUT_SHORT.fullmatch(value.value) and not _WHOLE.fullmatch(value.value):
        field = doubted(field, "not as long as the payment service's numbers are", _WEAK)
    if value.value.endswith("-"):
        field = doubted(field, "a number that goes on", _WEAK)
    if len(value.value) < _SHORT_CODE and not value.value.isdigit():
        field = doubted(field, "short for a number with letters", _WEAK)
    return with_doubtful_letters(weighed(field, value.pieces, sheet))


# Numbers that begin as WeChat's and Alipay's payments do, and how long those are.
_CUT_SHORT = re.compile(r"4200\d{12,}|20\d{2}[01]\d[0-3]\d2200\d{6,}")
_WHOLE = re.compile(r"4200\d{24}|20\d{6}2200\d{16}")
