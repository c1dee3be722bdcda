"""The paid amount among all the amounts of a page. In doubt there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.evidence import Box, Field, FieldName, PageKind
from service.evidence.amounts import Amount, find_amounts, parse_amount
from service.evidence.balances import balances
from service.evidence.doubt import doubted, weighed
from service.evidence.labels import Hit
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.paid_to import goes_out
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Key, Sheet
from service.evidence.values import Value, find_amount
from service.evidence.vocabulary import is_payment_title, is_way_to_pay, status_text

# The amount of a bill stands alone and this much larger than the page's lines.
LARGE = 1.35
# On an order's page a large amount may also be a price or a face value.
_OVER_AN_ORDER = 0.88
_AMONG_DISCOUNTS = 0.84
_CURRENCY_ALONE = re.compile(r"[-+]?(?:¥|Y|半|羊|RMB|CNY|\$|US\$|HK\$|€|£)", re.IGNORECASE)
_UNIT_ALONE = re.compile(r"元|RMB|CNY|\.\d{1,2}元?", re.IGNORECASE)
_REFUND_WORDS = re.compile(
    r"退款成功|退款详情|退款金额|已退款金额|退款到账|提现|refundsuccessful|refunddetails|refundcompleted"
)
_RECEIPT_WORDS = re.compile(r"收款成功|(?<!对方)(?<!商家)(?<!商户)已收款|到账成功")


@dataclass(frozen=True, slots=True)
class BigAmount:
    """A bill's amount without a key: ``pieces`` are its boxes (the currency mark may have one of its own)."""

    amount: Amount
    pieces: tuple[Segment, ...]


def big_amount(sheet: Sheet) -> BigAmount | None:
    """The large lone amount in the upper part of a bill; None where two compete."""
    left = balances(sheet)
    free = [one for one in sheet.free if not any(one is other for other in left)]
    found = [one for one in (_lone_amount(sheet, segment) for segment in free) if one]
    if not found:
        return None
    height = max(_height(one) for one in found)
    largest = [one for one in found if _height(one) >= 0.85 * height]
    if len({one.amount.minor for one in largest}) != 1:
        return None
    return largest[0]


def _height(one: BigAmount) -> float:
    return max(piece.box.height for piece in one.pieces)


def _lone_amount(sheet: Sheet, segment: Segment) -> BigAmount | None:
    if segment.box.height < LARGE * sheet.unit or _CURRENCY_ALONE.fullmatch(segment.text):
        return None
    row = [one for one in sheet.segments if one is not segment and same_row(one.box, segment.box)]
    pieces = sorted((segment, *(one for one in row if _belongs(one, segment))), key=lambda one: one.box.x0)
    amount = parse_amount(" ".join(piece.text for piece in pieces))
    if amount is None or not amount.marked:
        return None
    if any(_goes_on(one, pieces[-1]) for one in row if one not in pieces):
        return None  # the decimals stand in a box of their own and could not be read
    strangers = [one for one in row if one not in pieces and sheet.bounds.width * 0.08 < one.box.width]
    middle = (sheet.bounds.x0 + sheet.bounds.x1) / 2
    box = union(piece.box for piece in pieces)
    if sheet.cut_off(box):
        return None  # its first digits may be past the picture's edge
    centred = abs((box.x0 + box.x1) / 2 - middle) <= 0.15 * sheet.bounds.width
    if strangers and not centred:
        return None
    upper = segment.center_y <= sheet.bounds.y0 + 0.65 * (sheet.bounds.y1 - sheet.bounds.y0)
    stands = upper or _under_its_title(sheet, box) or (centred and _over_its_record(sheet, box))
    return BigAmount(amount, tuple(pieces)) if stands else None


def _over_its_record(sheet: Sheet, box: Box) -> bool:
    """A bill on a sheet without a title: right under its amount its keys begin, each with its value beside it."""
    under = [key for key in sheet.keys_of(*_OF_A_BILL) if key.box.y0 > box.y1 and sheet.right_of(key)]
    first = min((key.box.y0 for key in under), default=box.y1)
    return len({key.label for key in under}) >= _FEWEST_KEYS and first - box.y1 <= _TITLE_REACH * sheet.unit


_OF_A_BILL = (
    *(Label.STATUS, Label.PAID_AT, Label.TIME, Label.PAYMENT_METHOD, Label.TRADE_NUMBER, Label.MERCHANT_NUMBER),
    Label.PAYEE,
)
_FEWEST_KEYS = 3


def _under_its_title(sheet: Sheet, box: Box) -> bool:
    """A bill on a sheet over the page begins where its title stands."""
    return any(
        0 < box.y0 - one.box.y1 <= _TITLE_REACH * sheet.unit and (is_payment_title(one.text) or status_text(one.text))
        for one in sheet.segments
        if abs(one.center_x - (box.x0 + box.x1) / 2) <= 0.15 * sheet.bounds.width
    )


_TITLE_REACH = 4.0


def _goes_on(one: Segment, last: Segment) -> bool:
    return one.text[:1] in ".,·" and -0.2 * last.box.height <= one.box.x0 - last.box.x1 <= 0.6 * last.box.height


def _belongs(one: Segment, number: Segment) -> bool:
    gap = max(one.box.x0 - number.box.x1, number.box.x0 - one.box.x1)
    mark = _CURRENCY_ALONE.fullmatch(one.text) or one.text in "-+" or _UNIT_ALONE.fullmatch(one.text)
    return bool(mark) and gap <= number.box.height


def find(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> list[Field]:
    if kind in (PageKind.CHAT, PageKind.IDENTITY, PageKind.LIST):
        return []  # of a list nobody can tell whose amount is meant
    return [_against_the_rest(field, sheet, kind, big) for field in _found(sheet, kind, big)]


def _against_the_rest(field: Field, sheet: Sheet, kind: PageKind, big: BigAmount | None) -> Field:
    """Doubt where a bill's large amount, or the total less the discounts, is another by a slip or an edit."""
    if kind is PageKind.PAYMENT and big and big.amount.minor != field.value:
        field = doubted(field, f"the large amount says {big.amount.minor}")
    expected = _less_discounts(sheet)
    if expected is not None and _one_digit_apart(expected, int(field.value)):
        field = doubted(field, f"the total less the discounts is {expected}")
    return field


def _less_discounts(sheet: Sheet) -> int | None:
    """What the page's own sums leave to pay, if it shows one total and discounts from it."""
    totals = {value.value.minor for _, value in _values(sheet, (Label.GOODS_TOTAL, Label.ORDER_TOTAL))}
    discounts = _discounts(sheet)
    if len(totals) != 1 or not discounts:
        return None
    freight = sum(value.value.minor for _, value in _values(sheet, (Label.FREIGHT,)))
    return totals.pop() - sum(minor for _, minor in discounts) + freight


def _one_digit_apart(first: int, second: int) -> bool:
    one, other = str(first), str(second)
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _found(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> list[Field]:
    for labels in ((Label.PAID,), (Label.PAYMENT_AMOUNT,)):
        values = _values(sheet, labels) or (_tiles(sheet) if Label.PAYMENT_AMOUNT in labels else [])
        if values and big and kind is PageKind.PAYMENT and _leaves(sheet, values, big):
            return [_big_field(big, sheet)]
        if values:
            return _only(values, sheet)
    if kind is PageKind.PROMPT and big is None:
        return []  # what was to be paid when it failed is not what was paid
    if sheet.asks_to_pay and not sheet.keys_of(Label.ORDER_NUMBER, Label.MERCHANT_NUMBER, Label.TRADE_NUMBER):
        return []
    if kind is PageKind.PAYMENT and big is None and (out := _went_out(sheet)):
        return _only(out, sheet)
    if big and (kind is PageKind.PAYMENT or (kind is PageKind.PROMPT and _says_paid(sheet))):
        return [] if _is_income(sheet, big) else [_big_field(big, sheet)]
    due = [(key, value) for key, value in _values(sheet, (Label.DUE,)) if not _is_goods_total(sheet, value)]
    if due:
        early = any(_before_discount(sheet, key, value) for key, value in due)
        found = _only(due, sheet)
        return [doubted(one, "discounts stand under it", _AMONG_DISCOUNTS) for one in found] if early else found
    totals = _values(sheet, (Label.TOTAL,))
    values = [(key, value) for key, value in totals if not _before_discount(sheet, key, value)]
    if values:
        return _only(values, sheet)
    totals = _values(sheet, (Label.ORDER_TOTAL,))
    if totals and not _discounted(sheet):
        return _only(totals, sheet)
    if kind in (PageKind.ORDER, PageKind.DELIVERY) and not totals and (way := _beside_a_way_to_pay(sheet)):
        return [doubted(one, "named by the way to pay alone", _AMONG_DISCOUNTS) for one in _only([way], sheet)]
    if big and not totals and _pays_for_an_order(sheet, kind, big):
        return [_big_field(big, sheet, _OVER_AN_ORDER)]
    if big and not totals and _is_its_only_sum(sheet, kind, big):
        return [doubted(_big_field(big, sheet), "no word says that it was paid", _AMONG_DISCOUNTS)]
    return []


def _leaves(sheet: Sheet, values: Sequence[tuple[Key, Value[Amount]]], big: BigAmount) -> bool:
    """Whether the bill's large amount is what a discount that the page names leaves of the one these keys name."""
    named = {value.value.minor for _, value in values}
    taken_off = named.pop() - big.amount.minor if len(named) == 1 else 0
    said = {minor for _, minor in _discounts(sheet)}
    said |= {amount.minor for one in sheet.segments if _TAKEN_OFF.search(one.text) for amount in find_amounts(one.text)}
    return taken_off > 0 and taken_off in said


_TAKEN_OFF = re.compile(r"立减|优惠|折扣|抵扣|满减|红包|券|discount|coupon|promo|saved", re.IGNORECASE)


def _went_out(sheet: Sheet) -> list[tuple[Key, Value[Amount]]]:
    """A bank's record of one payment names its sum by which way the money went: 支出 -97.00."""
    found = []
    for row in sheet.rows:
        names = [one for one in row if _OUT.fullmatch(compact(one.text))]
        sums = [(one, amount) for one in row if (amount := parse_amount(one.text)) and amount.marked]
        if len(row) == 2 and len(names) == len(sums) == 1 and names[0].box.x1 < sums[0][0].box.x0:
            name, (piece, amount) = names[0], sums[0]
            hit = Hit(Label.PAYMENT_AMOUNT, 0, len(name.text), len(name.text), True, False, 1.0, 0, len(name.text))
            if amount.sign <= 0 and amount.minor:
                found.append((Key(hit, name, None), Value(amount, (piece,), "right", 1.0)))
    return found if len(found) == 1 else []


_OUT = re.compile(r"支出|支取|转出|扣款|消费|(?:money|cash)out|debit|withdrawal")


def _beside_a_way_to_pay(sheet: Sheet) -> tuple[Key, Value[Amount]] | None:
    """The one sum to two places that stands alone beside a way to pay in its key's place: 信用卡支付 8.44."""
    rows = [
        (row[0], amount, row[1])
        for row in sheet.rows
        if len(row) == 2
        and is_way_to_pay(row[0].text)
        and (amount := parse_amount(row[1].text))
        and amount.sign == 0
        and amount.decimals == 2
        and amount.minor
    ]
    if len(rows) != 1 or sheet.asks_to_pay:
        return None
    name, amount, piece = rows[0]
    hit = Hit(Label.PAID, 0, len(name.text), len(name.text), True, False, 1.0, 0, len(name.text))
    return Key(hit, name, None), Value(amount, (piece,), "right", 1.0)


def _is_its_only_sum(sheet: Sheet, kind: PageKind, big: BigAmount) -> bool:
    """The large amount of an order's page that names no other sum."""
    if kind not in (PageKind.ORDER, PageKind.DELIVERY) or sheet.asks_to_pay or _is_income(sheet, big):
        return False
    if not sheet.keys_of(Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT):
        return False
    lines = {piece.line for piece in big.pieces}
    others = [
        one
        for one in sheet.segments
        if one.line not in lines and (amount := parse_amount(one.text)) and amount.marked and amount.minor
    ]
    return not others


def _pays_for_an_order(sheet: Sheet, kind: PageKind, big: BigAmount) -> bool:
    """A large amount over an order that was paid, on a page that names no other total."""
    return (
        kind in (PageKind.ORDER, PageKind.DELIVERY)
        and not sheet.asks_to_pay
        and bool(sheet.keys_of(Label.PAID_AT, Label.TRADE_NUMBER, Label.MERCHANT_NUMBER))
        and not _is_income(sheet, big)
        and not sheet.keys_of(Label.DUE, Label.TOTAL, Label.GOODS_TOTAL, Label.REFUNDED)
    )


def _says_paid(sheet: Sheet) -> bool:
    return any(is_payment_title(one.text) for one in sheet.segments)


def _values(sheet: Sheet, labels: Sequence[Label]) -> list[tuple[Key, Value[Amount]]]:
    found = []
    for key in sheet.keys_of(*labels):
        value = find_amount(sheet, key)
        if value and value.value.sign <= 0:
            found.append((key, value))
    return found


def _tiles(sheet: Sheet) -> list[tuple[Key, Value[Amount]]]:
    """A figure over the bare word Payment, which elsewhere names the method."""
    found = []
    for key in sheet.keys_of(Label.PAYMENT_METHOD):
        over = sheet.over(key) if compact(key.piece.text) in _PAYING else None
        amount = parse_amount(over.text) if over else None
        if over and amount and amount.marked and amount.sign <= 0:
            found.append((key, Value(amount, (over,), "above", key.hit.sureness)))
    return found


_PAYING = frozenset({"payment", "付款", "支付", "paid"})


def _cut_short(sheet: Sheet, value: Value[Amount]) -> bool:
    """Whether a bare whole number stands on a page that prints its other sums to two places: 实付6, 原价648.00."""
    if value.value.decimals or value.value.currency is not None:
        return False
    lines = {piece.line for piece in value.pieces}
    others = [parse_amount(one.text) for one in sheet.free if one.line not in lines]
    marked = [amount for amount in others if amount and (amount.currency is not None or amount.decimals)]
    return bool(marked) and all(amount.decimals for amount in marked)


def _only(values: Sequence[tuple[Key, Value[Amount]]], sheet: Sheet) -> list[Field]:
    """The one amount all these keys agree on."""
    if len({value.value.minor for _, value in values}) != 1:
        return []
    key, value = max(values, key=lambda pair: pair[1].score)
    field = Field(
        name=FieldName.AMOUNT,
        value=value.value.minor,
        text=value.text,
        score=value.score,
        box=value.box,
        rule=f"{key.label.value} {value.how}",
    )
    if _cut_short(sheet, value):
        field = doubted(field, "the page prints its other sums to two places", _AMONG_DISCOUNTS)
    return [weighed(field, value.pieces, sheet)]


def _discounts(sheet: Sheet) -> list[tuple[Key, int]]:
    found = []
    for key in sheet.keys_of(Label.DISCOUNT):
        value = find_amount(sheet, key)
        if value and value.value.minor:
            found.append((key, value.value.minor))
    return found


def _discounted(sheet: Sheet) -> bool:
    return bool(_discounts(sheet))


def _is_goods_total(sheet: Sheet, value: Value[Amount]) -> bool:
    goods = {found.value.minor for _, found in _values(sheet, (Label.GOODS_TOTAL, Label.ORDER_TOTAL))}
    return value.value.minor in goods and _discounted(sheet)


def _before_discount(sheet: Sheet, key: Key, value: Value[Amount]) -> bool:
    """A total above the discounts, or equal to the goods' total beside them, is not what was paid."""
    discounts = _discounts(sheet)
    if not discounts:
        return False
    goods = {found.value.minor for _, found in _values(sheet, (Label.GOODS_TOTAL, Label.ORDER_TOTAL))}
    freight = sum(found.value.minor for _, found in _values(sheet, (Label.FREIGHT,)))
    left = {total - sum(minor for _, minor in discounts) + more for total in goods for more in (0, freight)}
    if value.value.minor in left:
        return False  # what the discounts leave, though one more sum on the way to it says the same: before tax
    if value.value.minor in goods:
        return True
    return all(key.piece.center_y < discount.piece.center_y for discount, _ in discounts)


def _is_income(sheet: Sheet, big: BigAmount) -> bool:
    """Money that came in (a refund, a receipt) is not what the payer paid."""
    if big.amount.sign > 0:
        return True
    if big.amount.sign < 0:
        return False
    ways = sheet.keys_of(Label.PAYMENT_METHOD)
    # What the page names a payee and a way to pay for went out; that it arrived is told of the other side.
    pays = bool(sheet.keys_of(Label.PAYEE) and ways) or any(goes_out(one.text) for one in sheet.segments)
    # Under how and when it was paid a bill keeps the record of what came back later.
    paid = [key.piece.center_y for key in (*ways, *sheet.keys_of(Label.PAID_AT))] if ways else []
    end = max(paid) if len(paid) > len(ways) else sheet.bounds.y1
    forms = [one.text.replace(" ", "").lower() for one in sheet.segments if one.center_y <= end]
    return any(_REFUND_WORDS.search(form) or (not pays and _RECEIPT_WORDS.search(form)) for form in forms)


def _big_field(big: BigAmount, sheet: Sheet, trust: float = 0.98) -> Field:
    field = Field(
        name=FieldName.AMOUNT,
        value=big.amount.minor,
        text="".join(piece.text for piece in big.pieces),
        score=round(trust * min(piece.score for piece in big.pieces), 4),
        box=union(piece.box for piece in big.pieces),
        rule="large lone amount",
    )
    return weighed(field, big.pieces, sheet)
