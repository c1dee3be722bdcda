"""Product, payee, way to pay, state and recharged account."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.domain.evidence import Box, Field, FieldName, PageKind
from service.evidence import product_card
from service.evidence.lexicon import Label
from service.evidence.money_fields import BigAmount
from service.evidence.normalise import clean, compact
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Key, Sheet
from service.evidence.values import Value, find_text, joined, tidy
from service.evidence.vocabulary import (
    is_button,
    is_delivery_title,
    is_list_title,
    is_order_title,
    is_payment_title,
    is_tab_word,
    status_text,
)

# Found without a key, by position and wording alone.
_UNLABELLED = 0.9
_ACCOUNT = re.compile(r"[+\w][\w*•●.@\-]{3,39}", re.ASCII)
_TOPUP_PAGE = re.compile(r"充值|话费|流量|直充|缴费|top-?up|recharge", re.IGNORECASE)
_ACCOUNT_KEY = re.compile(r"(?:账号|账户|account):?$")
_PAID_TO = re.compile(r"^(?:扫?二?维?码?(?:付款|支付|转账)|付款|支付|转账|向)(?:-)?(?:给|到|to|向)?-?\s*")
_NOT_A_NAME = re.compile(
    r"^(?:金额|支付金额|付款金额|实付.*|合计.*|支付.{0,2}成功.*|付款.{0,2}成功.*|交易.{0,2}成功.*|.*详情|完成|账单.*|\d{1,2}:\d{2}.*|[\d\W]+|amount|total|paid|"
    r"paymentsuccessful.*|you(?:'ve|have)?paid|back|done|<|>|.{0,1})$"
)


def find(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> list[Field]:
    found = [
        _status(sheet, kind, big),
        _product(sheet, kind),
        _payee(sheet, big) if kind is PageKind.PAYMENT else None,
        _labelled(sheet, FieldName.PAYMENT_METHOD, Label.PAYMENT_METHOD, accept=_is_method),
        _recharged_account(sheet),
    ]
    return [field for field in found if field]


def _labelled(
    sheet: Sheet, name: FieldName, label: Label, *, accept: Callable[[str], bool] = bool, wraps: bool = False
) -> Field | None:
    """The value under the plainest word of the label; none where that word stands before two different ones."""
    values: list[tuple[Key, Value[str]]] = []
    for key in sheet.keys_of(label):
        value = find_text(sheet, key, accept, wraps=wraps)
        if value:
            values.append((key, value))
    if not values:
        return None
    rank = min(key.hit.rank for key, _ in values)
    best = [pair for pair in values if pair[0].hit.rank == rank]
    if len({value.value for _, value in best}) != 1:
        return None
    key, value = best[0]
    return _field(name, value, f"{key.label.value} {value.how}")


def _field(name: FieldName, value: Value[str], rule: str) -> Field:
    return Field(name=name, value=value.value, text=value.text, score=value.score, box=value.box, rule=rule)


def _from_segment(name: FieldName, segment: Segment, value: str, rule: str) -> Field:
    score = round(segment.score * _UNLABELLED, 4)
    return Field(name=name, value=value, text=segment.text, score=score, box=segment.box, rule=rule)


def _is_method(text: str) -> bool:
    return not re.fullmatch(r"[\d\W]+", text) and len(text) <= 40


def _is_title(text: str) -> bool:
    return is_payment_title(text) or is_order_title(text) or is_list_title(text) or is_delivery_title(text)


# --- state ---------------------------------------------------------------------------------------------------------


def _status(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> Field | None:
    if kind is PageKind.PAYMENT and big and (headline := _beside_amount(sheet, big)):
        return headline
    labelled = _labelled(sheet, FieldName.STATUS, Label.STATUS, accept=_is_state)
    if labelled or kind in (PageKind.PROMPT, PageKind.UNKNOWN):
        return labelled  # what a dialog says is its prompt, not an order's state
    return _stated(sheet, kind)


def _is_state(text: str) -> bool:
    """Any short text may be a state where a key says so, but not the button at the end of a title bar."""
    return 2 <= len(text) <= 30 and not is_button(text) and compact(text) not in {"完成", "done"}


def _beside_amount(sheet: Sheet, big: BigAmount) -> Field | None:
    """A state in the line right below or above a bill's big amount belongs to the payment itself."""
    box = union(piece.box for piece in big.pieces)
    near = [
        (abs(one.center_y - (box.y0 + box.y1) / 2), one)
        for one in sheet.standing
        if one not in big.pieces
        and status_text(one.text)
        and -1.8 * box.height <= one.center_y - (box.y0 + box.y1) / 2 <= 1.8 * box.height
        and abs(one.center_x - (box.x0 + box.x1) / 2) <= 0.2 * sheet.bounds.width
    ]
    if not near:
        return None
    below_first = sorted(near, key=lambda pair: (pair[1].center_y < box.y1, pair[0]))
    one = below_first[0][1]
    return _from_segment(FieldName.STATUS, one, status_text(one.text) or one.text, "state beside the amount")


def _stated(sheet: Sheet, kind: PageKind) -> Field | None:
    """A state standing by itself: the topmost, tabs and progress steps (three states in a row) aside."""
    if kind is PageKind.LIST:
        return None
    crowded = {
        id(one)
        for row in sheet.rows
        if sum(bool(status_text(one.text)) or is_tab_word(one.text) for one in row) >= 3
        for one in row
    }
    for one in sheet.standing:
        text = status_text(one.text)
        if (text and id(one) not in crowded and sheet.owner(one) is None) or (text and _beside_section(sheet, one)):
            return _from_segment(FieldName.STATUS, one, text or one.text, "state by itself")
    return None


def _beside_section(sheet: Sheet, segment: Segment) -> bool:
    """A state at the right end of a section's heading (商品信息 … 商家同意退款) or of a shop's name."""
    owner = sheet.owner(segment)
    return owner is not None and owner.label in (Label.PRODUCT_SECTION, Label.OTHER_TEXT) and owner.inline is None


# --- product -------------------------------------------------------------------------------------------------------


def _product(sheet: Sheet, kind: PageKind) -> Field | None:
    if kind in (PageKind.CHAT, PageKind.IDENTITY, PageKind.PROMPT):
        return None
    labelled = _labelled(sheet, FieldName.PRODUCT, Label.PRODUCT, accept=_is_product, wraps=True)
    if labelled:
        return labelled
    if kind in (PageKind.PAYMENT, PageKind.LIST):
        return None
    titles = product_card.titles(sheet)
    if len(titles) != 1:
        return None
    pieces = titles[0]
    text = tidy(joined(pieces))
    score = round(min(piece.score for piece in pieces) * _UNLABELLED, 4)
    box: Box = union(piece.box for piece in pieces)
    words = " ".join(piece.text for piece in pieces)
    return Field(name=FieldName.PRODUCT, value=text, text=words, score=score, box=box, rule="product card")


def _is_product(text: str) -> bool:
    return len(text) >= 2 and not re.fullmatch(r"[¥\d\W]+|[x×*]\s*\d+", text) and status_text(text) is None


# --- payee ---------------------------------------------------------------------------------------------------------


def _payee(sheet: Sheet, big: BigAmount | None) -> Field | None:
    labelled = _labelled(sheet, FieldName.PAYEE, Label.PAYEE, accept=_is_name, wraps=True)
    return labelled or (_headline_name(sheet, big) if big and big.amount.sign <= 0 else None)


def _is_name(text: str) -> bool:
    return len(text) >= 2 and not re.fullmatch(r"[\d\W]+", text)


def _headline_name(sheet: Sheet, big: BigAmount) -> Field | None:
    """The name above a bill's big amount, in the middle of the page."""
    box = union(piece.box for piece in big.pieces)
    above = [
        one
        for one in sheet.free
        if one.box.y1 <= box.y0 + 0.4 * box.height
        and box.y0 - one.box.y1 <= 4 * sheet.unit
        and abs(one.center_x - (box.x0 + box.x1) / 2) <= 0.2 * sheet.bounds.width
    ]
    for one in sorted(above, key=lambda piece: -piece.center_y):
        if any(same_row(one.box, other.box) for other in sheet.segments if other is not one):
            continue
        name = _PAID_TO.sub("", tidy(one.text)).strip(" -:")
        if _NOT_A_NAME.match(compact(name)) or _is_title(one.text) or status_text(one.text) or is_tab_word(one.text):
            continue
        return _from_segment(FieldName.PAYEE, one, name, "name above the amount")
    return None


# --- recharged account ---------------------------------------------------------------------------------------------


def _recharged_account(sheet: Sheet) -> Field | None:
    labelled = _labelled(sheet, FieldName.RECHARGED_ACCOUNT, Label.RECHARGED_ACCOUNT, accept=_is_account)
    if labelled is None:
        # A phone number or account by itself may be the buyer's own, unless the page is about topping up.
        about = any(_TOPUP_PAGE.search(text) for text in sheet.texts)
        plain = {id(key) for key in sheet.keys_of(Label.PHONE) if about or _ACCOUNT_KEY.match(compact(key.piece.text))}
        labelled = _labelled(sheet, FieldName.RECHARGED_ACCOUNT, Label.PHONE, accept=_is_account) if plain else None
    if labelled is None:
        return None
    value = account(str(labelled.value))
    return Field(
        name=labelled.name, value=value, text=labelled.text, score=labelled.score, box=labelled.box, rule=labelled.rule
    )


def account(text: str) -> str:
    """An account without blanks, without remarks in brackets and with one sign for what is masked."""
    bare = re.sub(r"\([^()]*\)?|【.*】?", "", clean(text))
    bare = re.sub(r"(?<=[\d*])[\s-]+(?=[\d*])", "", bare).split(" ")[0]
    return re.sub(r"[•●×xX＊]+(?=\d|[*•●×])|[•●＊]", lambda match: "*" * len(match[0]), bare)


def _is_account(text: str) -> bool:
    value = account(text)
    return (
        bool(_ACCOUNT.fullmatch(value))
        and any(character.isdigit() or character == "@" for character in value)
        and not is_button(text)
    )
