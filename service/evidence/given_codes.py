"""A code given beside or under its name, printed, half hidden, or behind a word that shows it."""

from __future__ import annotations

import re

from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Sheet

_OF_A_CARD = "(?:我的|您的|本次|电子|礼品卡|充值卡?|点卡|兑换|激活|卡片|卡券)"
_SECRET = re.compile(
    rf"{_OF_A_CARD}*(?:卡密|券码|兑换码|激活码|充值码|礼品码|兑换密码|卡片密码|卡密码|cdkey)|(?:礼品卡|充值卡|卡券)(?:密码|号码?)|"
    r"(?:your|gift|card|claim|redeem|redemption|activation|access|voucher|scratch)(?:your)?(?:card|claim|redeem|redemption|activation|gift)?(?:code|key|pin)"
)
# Of a bank's card or a login as well, but not next to a card's number.
_PIN = re.compile(r"pin(?:码|code)?|密码|安全码|securitycode|code")
_CARD_NUMBER = re.compile(r"(?:电子|礼品|充值)?卡片?(?:号码?|编号)|(?:gift)?card(?:number|no\.?|#)")
_CODE = re.compile(
    r"(?=(?:[^\d]*\d){4})[A-Z0-9]{3,8}(?:[ -]{1,3}[A-Z0-9]{2,8}){1,6}|(?=(?:[^\d]*\d){6})[A-Z0-9]{10,32}"
)
_HIDDEN = re.compile(r"[A-Z0-9 -]{0,10}(?:[•●*·_.。○◦]\s?){3,}[•●*·_.。○◦ A-Z0-9-]*")
_SHOWS = re.compile(
    r"(?:点击|轻触|点此|立即)?(?:查看|显示|复制)(?:完整)?(?:卡密|密码|卡号|兑换码|激活码)?|(?:tap|click)to(?:show|reveal|view|copy)|show(?:code|pin)?|reveal(?:code|pin)?|copy(?:code|pin)?|view(?:code|pin)?"
)
_AT_END = re.compile(r"\s*(?:点击)?(?:复制|查看|显示|copy|show|reveal|view)$", re.IGNORECASE)
_UNDER, _SAME_COLUMN = 3.6, 5.0
_NEXT = 3.2


def names_a_code(sheet: Sheet) -> bool:
    """卡密, Claim code with a code, dots or 查看 beside or under it; 密码 and PIN only next to a card's number."""
    if not records_an_order(sheet):
        return False
    numbers = [one for one in sheet.segments if _CARD_NUMBER.fullmatch(_form(one))]
    for one in sheet.segments:
        form = _form(one)
        secret = _SECRET.fullmatch(form) is not None
        pin = _PIN.fullmatch(form) is not None and any(_is_next(one, other, sheet.unit) for other in numbers)
        if (secret or pin) and _given(sheet, one):
            return True
    return _is_a_gift_card(sheet) and any(_given(sheet, one, _CODE) for one in numbers)


def _is_a_gift_card(sheet: Sheet) -> bool:
    """A page that calls itself a gift card and says what it is worth: its card's number is what spends it."""
    forms = [_form(one) for one in sheet.segments]
    return any(_GIFT_CARD.fullmatch(form) for form in forms) and any(_WORTH.fullmatch(form) for form in forms)


_GIFT_CARD = re.compile(
    r"(?:我的|电子)?(?:礼品卡|购物卡)(?:详情|信息)?|(?:my|your|digital)?e?-?gift-?card(?:details|info|information)?"
)
_WORTH = re.compile(
    r"(?:卡|可用|剩余|卡内)?(?:面[值额]|余额)|(?:face|card|gift)value|(?:card|available|remaining)?balance"
)


def records_an_order(sheet: Sheet) -> bool:
    """A key of an order's with figures behind it; without, the code may as well have been typed into a form."""
    return any(
        any(map(str.isdigit, piece.text))
        for key in sheet.keys_of(*_RECORDED)
        for piece in ([key.inline] if key.inline else [*sheet.right_of(key), *sheet.below(key)[:1]])
    )


_RECORDED = (Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT, Label.PAID_AT, Label.PAID, Label.TRADE_NUMBER)


def _form(one: Segment) -> str:
    return compact(one.text).strip(":")


def _is_next(one: Segment, other: Segment, unit: float) -> bool:
    return one is not other and abs(one.center_y - other.center_y) <= _NEXT * unit


def _given(sheet: Sheet, name: Segment, printed: re.Pattern[str] | None = None) -> bool:
    """``printed``: only what is shown in full, and like this."""
    beside = [
        one for one in sheet.segments if one is not name and same_row(one.box, name.box) and one.box.x0 >= name.box.x1
    ]
    if beside:
        return any(_is_code(one.text, printed) for one in beside)
    under = [one for one in sheet.segments if 0 < one.center_y - name.center_y <= _UNDER * sheet.unit]
    return any(
        _is_code(one.text, printed)
        and (
            abs(one.box.x0 - name.box.x0) <= sheet.unit
            or abs(one.center_x - name.center_x) <= _SAME_COLUMN * sheet.unit
            or not any(other is not one and same_row(one.box, other.box) for other in sheet.segments)
        )
        for one in under
    )


def _is_code(text: str, printed: re.Pattern[str] | None = None) -> bool:
    bare = _AT_END.sub("", text).strip()
    if printed is not None:
        return printed.fullmatch(bare) is not None
    return bool(_CODE.fullmatch(bare) or _HIDDEN.fullmatch(bare) or _SHOWS.fullmatch(compact(text)))


def is_part_of_a_card(text: str) -> bool:
    """What a card's page calls its parts: keys, buttons that show a code, its worth."""
    return _PART.fullmatch(compact(text)) is not None


_PART = re.compile(
    r"(?:电子|礼品|充值|卡券|我的)?卡?片?(?:编号|号码|状态|余额|面[值额])[:：]?|(?:卡|礼品卡|充值卡)号[:：]?|(?:使用|兑换|激活)状态[:：]?|"
    r"(?:面[值额]|(?:face|card)?value|balance)[:：]?(?:¥|rmb|cny|\$)?[\d.,]*元?|"
    r"(?:show|copy|view|reveal)(?:the|full|your)?(?:code|pin|key|number)s?|(?:card|pin|claim|redeem)(?:number|no\.?|code|status)[:：]?|e-?gift(?:card)?|(?:电子|虚拟|实体)(?:礼品卡|购物卡|充值卡|储值卡)|"
    r"(?:my|your)e?-?giftcards?|(?:my|your)?e?-?giftcarddetails|我的(?:礼品卡|购物卡)|(?:我的)?(?:礼品卡|购物卡)(?:详情|信息)"
)
