"""Product, way to pay, state and recharged account."""

from __future__ import annotations

import re

from service.domain.evidence import Box, Field, FieldName, PageKind
from service.evidence import product_card
from service.evidence.labelled_text import UNLABELLED, UNSURE, is_title, labelled_text, unlabelled_text
from service.evidence.lexicon import Label
from service.evidence.money_fields import BigAmount
from service.evidence.normalise import clean, compact
from service.evidence.payee_field import find_payee
from service.evidence.segments import Segment, union
from service.evidence.sheet import Sheet
from service.evidence.values import joined, tidy
from service.evidence.vocabulary import (
    is_button,
    is_payment_method,
    is_tab_word,
    status_text,
)

_ACCOUNT = re.compile(r"[+\w][\w*•●.@\-]{3,39}", re.ASCII)
_TOPUP_PAGE = re.compile(r"充值|话费|流量|直充|缴费|top-?up|recharge", re.IGNORECASE)
_ACCOUNT_KEY = re.compile(r"(?:账号|账户|account):?$")
_ONLY_METHODS = re.compile(r"(?!billedto|chargedto|debitedfrom|付款账号|扣款账号|支付账号)")


def find(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> list[Field]:
    found = [
        _status(sheet, kind, big),
        _product(sheet, kind),
        find_payee(sheet, kind, big),
        _method(sheet),
        _recharged_account(sheet),
    ]
    return [field for field in found if field]


def _is_method(text: str) -> bool:
    return not re.fullmatch(r"[\d\W]+", text) and len(text) <= 40


def _is_known_method(text: str) -> bool:
    return _is_method(text) and is_payment_method(text)


def _method(sheet: Sheet) -> Field | None:
    """``Billed to`` may stand before the buyer's name and address as well as before the card."""
    name, label = FieldName.PAYMENT_METHOD, Label.PAYMENT_METHOD
    plain = labelled_text(sheet, name, label, accept=_is_method, keys=_ONLY_METHODS)
    return plain or labelled_text(sheet, name, label, accept=_is_known_method)


_ALSO_BUTTONS = frozenset({"完成", "关闭", "取消", "done"})


# --- state ---------------------------------------------------------------------------------------------------------


def _status(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> Field | None:
    if kind is PageKind.PAYMENT and big and (headline := _beside_amount(sheet, big)):
        return headline
    labelled = labelled_text(sheet, FieldName.STATUS, Label.STATUS, accept=_is_state)
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
    return unlabelled_text(FieldName.STATUS, one, status_text(one.text) or one.text, "state beside the amount")


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
        text = status_text(one.text) or _headline_state(sheet, one)
        if (text and id(one) not in crowded and sheet.owner(one) is None) or (text and _beside_section(sheet, one)):
            return unlabelled_text(FieldName.STATUS, one, text or one.text, "state by itself")
    return None


def _headline_state(sheet: Sheet, segment: Segment) -> str | None:
    """完成 is a button nearly everywhere; large, alone in its row and over the record it is the state."""
    if compact(segment.text) not in _ALSO_BUTTONS or segment.box.height < 1.25 * sheet.unit:
        return None
    row = next((row for row in sheet.rows if any(one is segment for one in row)), [segment])
    over = sum(key.box.y0 > segment.box.y1 for key in sheet.keys) >= 3
    titled = any(is_title(one.text) and one.center_y < segment.box.y0 for one in sheet.segments)
    return segment.text if len(row) == 1 and over and titled else None


def _beside_section(sheet: Sheet, segment: Segment) -> bool:
    """A state at the right end of a section's heading (商品信息 … 商家同意退款) or of a shop's name."""
    owner = sheet.owner(segment)
    if owner is None:
        return False
    if owner.inline is None:
        return owner.label in (Label.PRODUCT_SECTION, Label.OTHER_TEXT)
    return owner.label in (Label.ORDER_NUMBER, Label.ORDERED_AT)  # the head of a list's card


# --- product -------------------------------------------------------------------------------------------------------


def _product(sheet: Sheet, kind: PageKind) -> Field | None:
    if kind in (PageKind.CHAT, PageKind.IDENTITY, PageKind.PROMPT):
        return None
    labelled = labelled_text(sheet, FieldName.PRODUCT, Label.PRODUCT, accept=_is_product, wraps=True)
    if labelled:
        return labelled
    if kind is PageKind.LIST or (kind is PageKind.UNKNOWN and not sheet.keys_of(*_OF_AN_ORDER)):
        return None  # whose row, or a page that sells rather than one that records
    pieces, sure = _unlabelled_title(sheet, kind)
    if not pieces:
        return None
    text = tidy(joined(pieces))
    score = round(min(piece.score for piece in pieces) * (UNLABELLED if sure else UNSURE), 4)
    box: Box = union(piece.box for piece in pieces)
    words = " ".join(piece.text for piece in pieces)
    return Field(name=FieldName.PRODUCT, value=text, text=words, score=score, box=box, rule="product card")


def _unlabelled_title(sheet: Sheet, kind: PageKind) -> tuple[list[Segment], bool]:
    if kind is PageKind.PAYMENT:
        items = product_card.priced_lines(sheet)
        return (items[0], True) if len(items) == 1 else ([], False)
    found = product_card.find_title(sheet)
    return (list(found.title.pieces), found.sure) if found else ([], False)


_OF_AN_ORDER = (Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT, Label.PAID, Label.PAID_AT, Label.TRADE_NUMBER)


def _is_product(text: str) -> bool:
    return len(text) >= 2 and not re.fullmatch(r"[¥\d\W]+|[x×*]\s*\d+", text) and status_text(text) is None


# --- recharged account ---------------------------------------------------------------------------------------------


def _recharged_account(sheet: Sheet) -> Field | None:
    labelled = labelled_text(sheet, FieldName.RECHARGED_ACCOUNT, Label.RECHARGED_ACCOUNT, accept=_is_account)
    if labelled is None:
        # A phone number or account by itself may be the buyer's own, unless the page is about topping up.
        about = any(_TOPUP_PAGE.search(text) for text in sheet.texts)
        plain = {id(key) for key in sheet.keys_of(Label.PHONE) if about or _ACCOUNT_KEY.match(compact(key.piece.text))}
        labelled = labelled_text(sheet, FieldName.RECHARGED_ACCOUNT, Label.PHONE, accept=_is_account) if plain else None
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
