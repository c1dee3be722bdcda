"""The product's name where no key stands before it: on a product card, or as a record's headline.

Several weak signs are summed, because no single one is on every page: a price beside it, words for goods, an image's
room at its left, its size, its place over the record; a shop's name, a page's title or a specification lose points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.evidence.amounts import parse_amount
from service.evidence.card_prices import card_prices
from service.evidence.given_codes import is_part_of_a_card
from service.evidence.labelled_text import in_title_bar
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.mark_headings import before_its_page
from service.evidence.mark_repeats import is_tilted
from service.evidence.mark_words import navigation_words
from service.evidence.normalise import compact, words_only
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Sheet
from service.evidence.shelves import shelf_of
from service.evidence.status_bar import bar_of
from service.evidence.title_lines import Title, is_kind_of_goods, title_from
from service.evidence.title_points import (
    ENOUGH,
    LONG_TITLE,
    Candidate,
    below_another,
    in_a_picture,
    over_record,
    same_card,
    under_record,
    weighed,
    with_its_own_price,
)
from service.evidence.title_words import begins_a_menu, is_claim, is_title_text
from service.evidence.vocabulary import names_goods

# By how much a title must lead another that may be meant as well.
_LEAD, _LEAD_OF_CARDS = 1.0, 3.0
_ALMOST, _LEAD_ALONE = 1.0, 1.0
# Who keeps the page: 联信·网上营业厅.
_OF_A_PLACE = re.compile(r"[厅行店网台司站局]$|大厅|官网|平台")
# Cards of one order follow each other within this many line heights.
_APART = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """The title found; ``sure``: nothing else on the page comes near."""

    title: Title
    sure: bool


def find_title(sheet: Sheet, *, priced: bool = False) -> Found | None:
    """The one title of the page; None where several goods are shown, or nothing stands out.

    ``priced``: only a title with a price.
    """
    found = sorted((one for one in candidates(sheet) if one.price or not priced), key=lambda one: -one.points)
    if not found:
        return None
    if found[0].points < ENOUGH:
        return None if priced else _lone_headline(sheet, found)
    found = _without_shelf(sheet, found)
    # Goods under the record are what else the shop would sell, where some stand over it.
    found = [one for one in found if one.ordered and one.points >= ENOUGH] or found
    over = [one for one in found if one.points >= ENOUGH and not under_record(sheet, one.title)]
    found = over if over and (over[0].price or not _is_receipt(sheet, found)) else found
    best = found[0]
    if best.points < ENOUGH:
        return None
    near = [one for one in found[1:] if one.points >= ENOUGH and _rivals(one, best)]
    others = [one for one in near if not same_card(sheet, one.title, best.title)]
    rivals = [one for one in others if best.price and one.price and one.price is not best.price]
    if not rivals:
        return Found(best.title, sure=not near)
    # Goods of one order stand under each other; far below the first it is another sale.
    first, second = sorted([best, *rivals], key=lambda one: one.title.first.center_y)[:2]
    apart = second.title.first.box.y0 - first.title.bottom > _APART * sheet.unit
    return Found(first.title, sure=False) if apart else None


def _lone_headline(sheet: Sheet, found: Sequence[Candidate]) -> Found | None:
    """A long title over the record that nothing else on the page comes near, though no word of it speaks of goods."""
    best = found[0]
    alone = len(found) == 1 or best.points - found[1].points >= _LEAD_ALONE
    if not alone or best.points < _ALMOST or len(best.title.text) < LONG_TITLE or over_record(sheet, best.title) <= 0:
        return None
    if _OF_A_PLACE.search(best.title.text):
        return None
    return Found(best.title, sure=False)


def _without_shelf(sheet: Sheet, found: list[Candidate]) -> list[Candidate]:
    """Without priced goods, two or more, under which nothing is recorded, where something else was named over them."""
    last = max((key.box.y0 for key in sheet.keys if VALUE_KIND[key.label] is not ValueKind.NONE), default=None)
    if last is None:
        return found
    shelf = [one for one in found if one.price and not one.ordered and one.title.first.box.y0 > last]
    rest = [one for one in found if not any(one is other for other in shelf)]
    named = any(one.points >= ENOUGH and names_goods(one.title.text) for one in rest)
    return rest if len(shelf) > 1 and named else found


def _rivals(one: Candidate, best: Candidate) -> bool:
    """Whether ``one`` may be meant as well: nearly as many points, or a card of the same order."""
    return one.points > best.points - (_LEAD_OF_CARDS if one.ordered and best.ordered else _LEAD)


def _is_receipt(sheet: Sheet, found: Sequence[Candidate]) -> bool:
    """One priced title under the record's keys, with the sum under it."""
    under = [one for one in found if one.price and under_record(sheet, one.title)]
    sums = sheet.keys_of(Label.TOTAL, Label.PAID, Label.GOODS_TOTAL, Label.ORDER_TOTAL, Label.PAYMENT_AMOUNT)
    return len({id(one.price) for one in under}) == 1 and any(key.box.y0 > under[0].title.bottom for key in sums)


def candidates(sheet: Sheet) -> list[Candidate]:
    """Every title of the page outside its recommendations, from top to bottom, with its points."""
    start, end = shelf_of(sheet)
    prices = [one for one in card_prices(sheet) if not start <= one.center_y <= end]
    found: list[Candidate] = []
    used = _values_below(sheet) | {id(piece) for piece in bar_of(sheet)}
    for one in sheet.free:
        if id(one) in used or start <= one.center_y <= end or not _may_begin(sheet, one):
            continue
        title = title_from(sheet, one)
        used.update(id(piece) for piece in title.pieces)
        found.append(weighed(sheet, title, prices))
    found = [with_its_own_price(sheet, one, found) for one in found]
    found = [in_a_picture(sheet, one, found) for one in found]
    return [below_another(sheet, one, found) for one in found]


def _values_below(sheet: Sheet) -> set[int]:
    """What stands under a key that has nothing beside it is that key's value."""
    keys = [key for key in sheet.keys if key.hit.whole and key.inline is None and not sheet.right_of(key)]
    named = [key for key in keys if VALUE_KIND[key.label] is not ValueKind.NONE and not in_title_bar(sheet, key.piece)]
    return {id(below[0]) for key in named if (below := sheet.below(key))}


def priced_lines(sheet: Sheet) -> list[list[Segment]]:
    """Titles with their price at the right end of the same row: the items of a receipt, which has a total too."""
    if not sheet.keys_of(Label.TOTAL, Label.GOODS_TOTAL, Label.PAID, Label.ORDER_TOTAL):
        return []
    found = []
    for anchor in card_prices(sheet):
        row = [
            one
            for one in sheet.free
            if one is not anchor
            and same_row(one.box, anchor.box)
            and one.box.x1 <= anchor.box.x0
            and is_title_text(one.text)
            and sheet.owner(one) is None
        ]
        if row:
            found.append(list(title_from(sheet, max(row, key=lambda one: one.box.width)).pieces))
    goods = [pieces for pieces in found if names_goods(pieces[0].text)]
    return goods or found


def _may_begin(sheet: Sheet, one: Segment) -> bool:
    if _of_a_watermark(sheet, one) or is_part_of_a_card(one.text):
        return False
    owner = sheet.owner(one)
    alone = owner is None or VALUE_KIND[owner.label] is ValueKind.NONE
    return (
        alone
        and is_title_text(one.text)
        and not is_kind_of_goods(one.text)
        and not is_claim(one.text)
        and not _BIDS.search(one.text)
        and not _TIER.fullmatch(compact(one.text))
        and navigation_words(one) < _FEWEST_LINKS
        and not _is_a_link(sheet, one)
        and not begins_a_menu(one.raw)
        and before_its_page(one) is None
        and not _heads_a_banner(sheet, one)
    )


def _is_a_link(sheet: Sheet, one: Segment) -> bool:
    """A word of a site's navigation among others side by side: Gift Cards, between Registry and Sell."""
    row = [other for other in sheet.segments if same_row(one.box, other.box)]
    return bool(navigation_words(one)) and sum(map(navigation_words, row)) > _FEWEST_LINKS


def _heads_a_banner(sheet: Sheet, one: Segment) -> bool:
    """A name over what its app claims to be, with no price near: 云杉数卡 / 正品保障."""
    if any(character.isdigit() for character in one.text):
        return False
    under = [
        other
        for other in sheet.segments
        if 0 < other.center_y - one.center_y <= _CLAIM_UNDER * sheet.unit
        and abs(other.box.x0 - one.box.x0) <= sheet.unit
        and other is not one
    ]
    claimed = bool(under) and is_claim(min(under, key=lambda other: other.center_y).text)
    return claimed and not any(
        parse_amount(other.text) and abs(other.center_y - one.center_y) <= _PRICE_NEAR * sheet.unit
        for other in sheet.segments
    )


# What a form asks for, a page is for, a result says of when it arrives, or a banner promises who plays.
_BIDS = re.compile(
    r"抽(?:\s?\d|奖|大奖|红包|好礼|免单)|(?:[豪好大]礼|红包)$|点击参与|"
    r"^请?(?:选择|输入|填写)(?!性)|^(?:select|choose|pick|enter)\b|高峰(?:期|时段)?[,，]|最[晚迟]\s?\d|"
    r"^(?:redeem|activate|add|use|enter) (?:a|an|your|my|the)\b.*\b(?:card|code|key|voucher|pin)s?$",
    re.IGNORECASE,
)
# What a membership's card calls whoever holds it.
_TIER = re.compile(
    r"(?:premium|plus|pro|basic|gold|silver|platinum|vip|svip)?(?:member(?:ship)?)?|(?:尊享|黄金|白金|钻石|高级|尊贵|大|vip|svip|plus)会员"
)
_CLAIM_UNDER, _PRICE_NEAR = 2.5, 6.0
_FEWEST_LINKS = 2


def _of_a_watermark(sheet: Sheet, one: Segment) -> bool:
    """Written aslant, or a shred of what is."""
    form = words_only(one.text)
    return is_tilted(one) or any(form in words_only(other.text) for other in sheet.segments if is_tilted(other))
