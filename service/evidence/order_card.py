"""One card of a list of orders, read as a page of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from service.domain.evidence import Field, FieldName, Line, OrderRow, PageKind
from service.evidence import money_fields, number_fields, text_fields, time_fields
from service.evidence.account_field import recharged, tops_up
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.doubt import doubted
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import compact
from service.evidence.order_table import Column, called_number, field_by_place
from service.evidence.product_field import is_product
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.text_values import is_phone
from service.evidence.times import is_moment, parse_time
from service.evidence.title_lines import is_kind_of_goods, title_from, title_text
from service.evidence.title_words import is_shop, is_title_text, may_be_shop
from service.evidence.values import tidy
from service.evidence.vocabulary import is_button, names_goods, status_text

_AFTER_A_SUM = re.compile(r"\d\.\d{2}\s?元?\s*([^\d\s].{1,20})$")


def row_of_card(card: Sequence[Segment], as_of: date | None, paid: Column | None, page: Sheet) -> OrderRow | None:
    """A card read as a page of its own."""
    own = Sheet([Line(one.raw, one.score, one.box) for one in card])
    fields = {
        field.name: field
        for field in (
            *number_fields.find(own, PageKind.ORDER),
            *money_fields.find(own, PageKind.ORDER, None),
            *time_fields.find(own, PageKind.ORDER, as_of),
            *text_fields.find(own, PageKind.ORDER, None),
        )
    }
    by_place = (
        _called_number(own),
        _lone_moment(own, as_of),
        _lone_amount(own, paid),
        _state(own),
        _name(own),
        _lone_phone(own, page),
    )
    for field in by_place:
        if field and field.name not in fields:
            fields[field.name] = field
    sums_words = [one.box for one in own.segments if status_text(one.text) and _is_a_sums_word(own, one)]
    state = fields.get(FieldName.STATUS)
    if sums_words and (state is None or state.box in sums_words):
        besides = [one for one in own.segments if status_text(one.text) and one.box not in sums_words]
        if len(besides) == 1 and not is_button(besides[0].text):
            value = status_text(besides[0].text) or ""
            fields[FieldName.STATUS] = field_by_place(FieldName.STATUS, value, besides, "state on a card")
    if product := fields.get(FieldName.PRODUCT):
        fields[FieldName.PRODUCT] = replace(product, value=_without_what_follows(own, str(product.value)))
    return OrderRow(fields=fields, box=union(one.box for one in card)) if len(fields) > 1 else None


def _without_what_follows(card: Sheet, name: str) -> str:
    """The moment or number under a title is set like a title's further line."""
    for one in card.segments:
        if (
            called_number(one.text)
            or is_phone(one.text)
            or (is_moment(one.text) and any(one is free for free in card.free))
        ):
            name = name.replace(one.raw, "")
    return name.strip()


def _called_number(card: Sheet) -> Field | None:
    """The only number on a card that says it is one, and no more: No. DD25121231236828."""
    numbers = [(one, number) for one in card.segments if (number := called_number(one.text))]
    if len(numbers) != 1 or card.keys_of(Label.ORDER_NUMBER):
        return None
    one, number = numbers[0]
    return field_by_place(FieldName.ORDER_NUMBER, number, [one], "number on a card")


def _lone_moment(card: Sheet, as_of: date | None) -> Field | None:
    """The only moment on a card, without a key: when its order was placed."""
    moments = [
        (one, moment) for one in card.free if is_moment(one.text) and (moment := parse_time(one.text, as_of=as_of))
    ]
    if len(moments) != 1:
        return None
    one, moment = moments[0]
    return field_by_place(FieldName.ORDERED_AT, moment.iso, [one], "moment on a card")


def _lone_amount(card: Sheet, paid: Column | None) -> Field | None:
    """The only sum on a card, or the one in the column of what was paid."""
    if card.keys_of(Label.PAID, Label.TOTAL, Label.DUE, Label.ORDER_TOTAL):
        return None
    sums = [(one, amount) for one in card.free if (amount := parse_amount(one.text)) and amount.marked]
    # A sum inside a text may be the goods' own (一卡通100元), so it counts only where none stands by itself.
    amounts = sums or [(one, amount) for one in card.free for amount in find_amounts(one.text)]
    if paid:
        amounts = [(one, amount) for one, amount in amounts if paid.left <= one.center_x < paid.right] or amounts
    if len({amount.minor for _, amount in amounts}) != 1:
        return None
    one, amount = amounts[0]
    field = field_by_place(FieldName.AMOUNT, amount.minor, [one], "amount on a card")
    several = any((count := _COUNT.fullmatch(compact(other.text))) and int(count[1]) > 1 for other in card.segments)
    return doubted(field, "it may be the price of one of several") if several else field


_COUNT = re.compile(r"[x×](\d{1,3})")


def _lone_phone(card: Sheet, page: Sheet) -> Field | None:
    """The only phone's number on a card that speaks of a top-up, without a key: the one that was topped up."""
    phones = [one for one in card.segments if is_phone(one.text)]
    if len(phones) != 1 or card.keys_of(Label.RECHARGED_ACCOUNT, Label.PHONE) or card.owner(phones[0]):
        return None
    head = [one.text for one in page.segments if one.box.y1 <= card.bounds.y0]
    if not tops_up(card.texts) and not tops_up(head):
        return None
    one = phones[0]
    return recharged(field_by_place(FieldName.RECHARGED_ACCOUNT, one.text, [one], "phone on a card"))


def _state(card: Sheet) -> Field | None:
    stated = [one for one in card.standing if status_text(one.text) and not is_button(one.text)]
    # ¥49.50 over paid says what was paid, where the card has a state besides.
    for one in [one for one in stated if not _is_a_sums_word(card, one)] or stated:
        return field_by_place(FieldName.STATUS, status_text(one.text) or one.text, [one], "state on a card")
    for one in card.segments:  # 已退款 is a key as well, where something stands at its right
        last = not any(other.box.x0 >= one.box.x1 and same_row(one.box, other.box) for other in card.segments)
        if last and (state := status_text(one.text)) and not is_button(one.text):
            return field_by_place(FieldName.STATUS, state, [one], "state on a card")
    for one in card.segments:
        after = _AFTER_A_SUM.search(one.text)
        if after and status_text(after[1]):
            return field_by_place(FieldName.STATUS, after[1], [one], "state after the sum")
    return None


def _is_a_sums_word(card: Sheet, one: Segment) -> bool:
    """Set right under a sum and flush with its end."""
    return any(
        abs(other.box.x1 - one.box.x1) <= 0.5 * card.unit
        and 0 < one.center_y - other.center_y <= 1.7 * card.unit
        and (amount := parse_amount(other.text)) is not None
        and amount.marked
        for other in card.segments
    )


def _name(card: Sheet) -> Field | None:
    """The goods' name: free text that speaks of goods, with the line it reads on in."""
    for one in card.free:
        text = one.text
        if _is_owned(card, one) or is_button(text) or status_text(text) or is_moment(text) or len(text) < 4:
            continue
        if (
            names_goods(text)
            and is_product(text)
            and parse_amount(text) is None
            and not _is_shop_row(card, one)
            and not is_shop(text)
        ):
            pieces = _without_facts(title_from(card, one).pieces)
            goods = field_by_place(FieldName.PRODUCT, title_text(pieces), pieces, "goods on a card")
            return doubted(goods, "it may be who sold it", _MAYBE) if may_be_shop(text) else goods
    return _only_title(card)


def _is_owned(card: Sheet, one: Segment) -> bool:
    """Whether a key's value; a word of a site's menu, 优惠券, is no key of what stands far off in its row."""
    owner = card.owner(one)
    if owner is None:
        return False
    far = one.box.x0 - owner.box.x1 > _FAR * card.unit and parse_amount(one.text) is None
    return not (far and VALUE_KIND[owner.label] is ValueKind.AMOUNT and owner.inline is None and not owner.hit.colon)


_FAR = 6.0  # line heights


def _without_facts(lines: Sequence[Segment]) -> list[Segment]:
    """The lines of a title up to a moment, a state or a number under it."""
    return [lines[0], *takewhile(lambda one: not _is_a_fact(one.text), lines[1:])]


def _is_a_fact(text: str) -> bool:
    return is_moment(text) or status_text(text) is not None or called_number(text) is not None or is_phone(text)


def _only_title(card: Sheet) -> Field | None:
    """Without words for goods: the widest line of a card that may be a title, the shop's row and its picture aside."""
    titles = [
        one
        for one in card.free
        if is_title_text(one.text)
        and is_product(one.text)
        and not is_kind_of_goods(one.text)
        and not called_number(one.text)
        and card.owner(one) is None
        and not _is_shop_row(card, one)
        and not is_shop(one.text)
        and not any(
            other.box.x0 >= one.box.x1 and is_title_text(other.text) and len(other.text) > len(one.text)
            for other in card.free
            if other is not one
        )
    ]
    best = max(titles, key=lambda one: one.box.width, default=None)
    if best is None:
        return None
    title = field_by_place(FieldName.PRODUCT, tidy(best.raw), [best], "title on a card")
    return doubted(title, "no word of it speaks of goods", _MAYBE)


# Below what a comparison takes for certain (compare.DOUBTFUL_SCORE).
_MAYBE = 0.84


def _is_shop_row(card: Sheet, segment: Segment) -> bool:
    """A shop's name stands at the card's head, beside its state."""
    return segment.center_y <= card.bounds.y0 + card.unit and any(
        status_text(one.text) for one in card.segments if one is not segment and same_row(one.box, segment.box)
    )
