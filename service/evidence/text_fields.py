"""Product, payee, way to pay, state and recharged account."""

from __future__ import annotations

import re
from dataclasses import replace

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.account_field import find_account
from service.evidence.amounts import parse_amount
from service.evidence.doubt import doubted, with_open_brackets
from service.evidence.labelled_text import in_title_bar, labelled_text, unlabelled_text
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.money_fields import BigAmount
from service.evidence.normalise import compact
from service.evidence.payee_field import find_payee
from service.evidence.product_field import find_product
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.status_field import find_status
from service.evidence.title_words import tells_of_renewal
from service.evidence.vocabulary import is_button, is_payment_method, is_tab_word, is_way_to_pay, status_text

_ONLY_METHODS = re.compile(r"(?!billedto|chargedto|debitedfrom|card:?$)")
_ACCOUNT = re.compile(r"(?:account|账户|账号):?$")
_PAID_FROM = re.compile(r"(?:paid|debited|sent)?from(?:account)?:?$|(?:source|debit)(?:account)?:?$")
# A card's number is the way to pay only as it is masked; a choice of ways is none.
_A_CARD = re.compile(r"[\d*•·.\s]*[*•]{2,}[\d*•·.\s]*")
_FEW_SIGNS = re.compile(r"\d\*{1,3}\d")
_LONGEST_METHOD = 40
_NO_METHOD = re.compile(r"担保|20\d{2}[-/.年]\d|^(?:channel|notifications?|amount|status|更多|详情)$", re.IGNORECASE)
# A word behind 支付方式 that is no way to pay known here may belong to something else.
_UNKNOWN = 0.88


def find(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> list[Field]:
    found = [
        find_status(sheet, kind, big),
        find_product(sheet, kind),
        find_payee(sheet, kind, big),
        _method(sheet, kind),
        find_account(sheet, kind),
    ]
    return [with_open_brackets(field) for field in found if field]


def _standing_method(sheet: Sheet, kind: PageKind) -> Field | None:
    """The one way to pay named among or beside an order's facts: 微信支付 ¥30.00; a balance may be what is left."""
    if kind not in (PageKind.ORDER, PageKind.DELIVERY) or sheet.asks_to_pay or not sheet.keys_of(Label.ORDER_NUMBER):
        return None
    top = min(key.box.y0 for key in sheet.keys if VALUE_KIND[key.label] is not ValueKind.NONE)
    named = [
        (one, match)
        for one in sheet.segments
        if (match := _WALLET_OR_CARD.fullmatch(one.text.strip()))
        and not in_title_bar(sheet, one)
        and ((owner := sheet.owner(one)) is None or owner.label not in _OF_SOMEBODY)
        and (one.center_y > top or _beside_sum(sheet, one))
    ]
    if len({compact(match["way"]) for _, match in named}) != 1:
        return None
    one, match = named[0]
    found = unlabelled_text(FieldName.PAYMENT_METHOD, one, match["way"].strip(), "way to pay by itself")
    return doubted(found, "no key says that it was paid so", _STANDING)


def _beside_what_was_paid(sheet: Sheet, kind: PageKind) -> Field | None:
    """The way to pay in brackets behind the sum paid, right under it, or in its key's place: 先用后付 8.44."""
    if kind not in (PageKind.ORDER, PageKind.DELIVERY) or sheet.asks_to_pay:
        return None
    found = [
        (one, match["way"])
        for one in sheet.segments
        if (match := _IN_BRACKETS.search(one.text)) and is_way_to_pay(match["way"])
    ]
    paid = [*(piece for key in sheet.keys_of(Label.PAID, Label.TOTAL) for piece in sheet.right_of(key))]
    found += [
        (one, one.text)
        for one in sheet.free
        if is_way_to_pay(one.text)
        and sheet.owner(one) is None
        and (_pays(sheet, one) or any(_right_under(sheet, one, sum_) for sum_ in paid))
    ]
    if len({compact(way) for _, way in found}) != 1:
        return None
    one, way = found[0]
    return doubted(
        unlabelled_text(FieldName.PAYMENT_METHOD, one, way.strip(), "way to pay beside the sum"),
        "no key says that it was paid so",
        _STANDING,
    )


def _pays(sheet: Sheet, one: Segment) -> bool:
    """At the left of its row, with nothing but a sum to two places at the right."""
    row = [other for other in sheet.segments if other is not one and same_row(one.box, other.box)]
    if len(row) != 1 or row[0].box.x0 <= one.box.x1:
        return False
    amount = parse_amount(row[0].text)
    return amount is not None and amount.sign == 0 and amount.decimals == _CENTS and amount.minor > 0


def _right_under(sheet: Sheet, one: Segment, paid: Segment) -> bool:
    return 0 < one.center_y - paid.center_y <= 2.2 * sheet.unit and abs(one.box.x1 - paid.box.x1) <= sheet.unit


_IN_BRACKETS = re.compile(r"\d\.\d{2}\s*元?\s*[(\[【](?P<way>[^()\[\]]{2,20}(?:[(（]\d{4}[)）]?)?)[)\]】]\s*$")
_CENTS = 2


def _beside_sum(sheet: Sheet, one: Segment) -> bool:
    return any(
        same_row(one.box, other.box) and other.box.x0 > one.box.x1 and parse_amount(other.text)
        for other in sheet.segments
    )


_OF_SOMEBODY = (Label.PAYEE, Label.PRODUCT, Label.STATUS, Label.RECHARGED_ACCOUNT, Label.PHONE)
_WALLET_OR_CARD = re.compile(
    r"(?:已?(?:使用|通过)\s?)?(?P<way>(?:微信|支付宝)(?:支付)?|零钱通?|余额宝|花呗|云闪付|京东白条|白条|数字人民币|抖音支付|京东支付|"
    r"[一-鿿]{2,8}银行\s?(?:储蓄卡|借记卡|信用卡)?\s?[(（\[](?:尾号)?\*{0,4}\d{4}[)）\]]|"
    r"(?:Visa|Mastercard|Amex|UnionPay|JCB)(?: ending in| \S{1,6})? ?\d{4}|"
    r"PayPal|Apple Pay|Google Pay|WeChat Pay|Alipay)"
    r"\s?(?:付款|支付)?(?:\s*[:：]?\s*-?\s?[¥￥$]\s?\d[\d,.]*)?",
    re.IGNORECASE,
)
_STANDING = 0.85


def _is_method(text: str) -> bool:
    return (
        len(text) <= _LONGEST_METHOD
        and (not re.fullmatch(r"[\d\W]+", text) or bool(_A_CARD.fullmatch(text)))
        and not is_button(text)
        and not is_tab_word(text)
        and status_text(text) is None
        and not tells_of_renewal(text)
        and not _NO_METHOD.search(text)
    )


def _is_known_method(text: str) -> bool:
    return _is_method(text) and is_payment_method(text)


def _in_its_keys_row(sheet: Sheet) -> Field | None:
    """账户余额 ¥64.80 or 某某银行(1234) 立减2.00 beside 支付方式: a sum behind it makes no key of the way to pay."""
    found = [
        (one, match["way"])
        for key in sheet.keys_of(Label.PAYMENT_METHOD)
        if key.inline is None and not sheet.right_of(key)
        for one in sheet.segments
        if same_row(one.box, key.box) and one.box.x0 > key.box.x1
        if (match := _WITH_SUM.fullmatch(one.text)) and is_payment_method(match["way"])
    ]
    if len({compact(way) for _, way in found}) != 1:
        return None
    one, way = found[0]
    return unlabelled_text(FieldName.PAYMENT_METHOD, one, way, "way to pay with a sum behind it")


_WITH_SUM = re.compile(
    r"(?P<way>.{2,24}?)\s*(?:(?:随机|已)?(?:立减|优惠|抵扣|减)了?)?\s*-?\s?[¥￥$]?\s?\d[\d,]*(?:\.\d{2}|元)元?"
)
# A sum, or a button, at the end of the way to pay.
_BEHIND = re.compile(r"(?<=\S)\s*[-:：]?\s*[¥￥]\s?-?\d[\d,.]*$|\s+(?:更换|修改|切换|查看|详情)$|\s*[〉》>]$")


def _bare(found: Field) -> Field:
    value = _BEHIND.sub("", str(found.value))
    return replace(found, value=value) if is_payment_method(value) else found


def _with_its_digits(sheet: Sheet, found: Field) -> Field:
    """A card's last digits alone in the next line, or behind dots that were not read: … debit card / (6621)."""
    value, box = str(found.value), found.box
    if re.search(r"\d", value):
        return found
    under = [
        (one, f"{value} {one.text}" if value.isascii() else f"{value}{one.text}")
        for one in sheet.free
        if _LAST_DIGITS.fullmatch(one.text)
        and 0 < one.center_y - box.y1 <= 1.2 * box.height
        and one.box.x0 >= box.x0
        and one.box.x1 <= box.x1 + box.height
    ]
    beside = [
        (one, f"{value} •••• {match['digits']}")
        for one in sheet.free
        if (match := _FOUR.fullmatch(one.text))
        and same_row(one.box, box)
        and 0 < one.box.x0 - box.x1 <= 4 * box.height
        and is_payment_method(value)
    ]
    digits = under or beside
    if len(digits) != 1:
        return found
    one, whole = digits[0]
    score = min(found.score, one.score)
    return replace(found, value=whole, text=f"{found.text}{one.raw}", score=score, box=union([box, one.box]))


_FOUR = re.compile(r"[•·.*\s]*(?P<digits>\d{4})")
_LAST_DIGITS = re.compile(r"\((?:尾号|ending(?: in)?|[*•.]+)?\s?\d{4}\)")


def _method(sheet: Sheet, kind: PageKind) -> Field | None:
    """``Billed to`` may stand before the buyer's name and address as well as before the card."""
    name, label = FieldName.PAYMENT_METHOD, Label.PAYMENT_METHOD
    plain = labelled_text(sheet, name, label, accept=_is_method, wraps=True, keys=_ONLY_METHODS)
    found = plain or labelled_text(sheet, name, label, accept=_is_known_method, wraps=True)
    if found is None and kind is PageKind.PAYMENT:
        found = labelled_text(sheet, name, Label.PHONE, accept=_is_known_method, keys=_ACCOUNT) or labelled_text(
            sheet, name, Label.OTHER_TEXT, accept=_is_known_method, wraps=True, keys=_PAID_FROM
        )
    found = found or _in_its_keys_row(sheet) or _standing_method(sheet, kind) or _beside_what_was_paid(sheet, kind)
    found = _with_its_digits(sheet, _bare(found)) if found else None
    if found and not is_payment_method(str(found.value)) and not _A_CARD.fullmatch(str(found.value)):
        found = doubted(found, "no way to pay that is known", _UNKNOWN)
    if found and _FEW_SIGNS.search(str(found.value)):
        found = doubted(found, "signs that hide digits run into each other")
    # Under its heading a checkout has ways to choose from, of which none was taken.
    asks = sheet.asks_to_pay and not (sheet.keys_of(Label.ORDER_NUMBER) and sheet.keys_of(Label.PAID))
    asks = asks or (found is not None and _is_one_of_several(sheet, kind, found))
    return None if found and asks and found.rule.endswith("below") else found


def _is_one_of_several(sheet: Sheet, kind: PageKind, found: Field) -> bool:
    """First of the ways to pay a form lists under each other, though its button is under the picture's edge."""
    if kind not in (PageKind.PROMPT, PageKind.UNKNOWN) or sheet.keys_of(Label.ORDER_NUMBER, Label.PAID_AT):
        return False
    reach = _NEXT_WAY * max(found.box.height, sheet.unit)
    return any(
        0 < one.center_y - found.box.y1 <= reach
        and abs(one.box.x0 - found.box.x0) <= sheet.unit
        and (is_payment_method(one.text) or is_way_to_pay(one.text))
        for one in sheet.segments
    )


_NEXT_WAY = 4.0
