"""Pages that give a card's secret, a key or a voucher's code."""

from __future__ import annotations

import re

from service.evidence.dialogs import details_of
from service.evidence.given_codes import names_a_code, records_an_order
from service.evidence.labelled_text import in_title_bar
from service.evidence.lexicon import Label
from service.evidence.normalise import compact, identifier, without_copy_button
from service.evidence.segments import overlap_x, same_row
from service.evidence.serials import is_slip
from service.evidence.sheet import Sheet
from service.evidence.vocabulary import is_delivery_title

# A voucher's code, and how it is printed.
_VOUCHER_CODE = re.compile(
    r"(?:电子|团购|优惠|平台|您的|我的|卡券)?(?:兑换|券|核销|消费|验券|提货|取票|验证|取货|代金券|卡券)(?:码|号|密码|号码|编码|串码)|(?:激活|凭证|提取|领取|串|数字)码|密码|序列号|"
    r"(?:your)?(?:voucher|coupon|gift|redeem|redemption|activation|access)(?:code|key|pin)s?|vouchernumber|couponnumber"
)
_CODES_SECTION = re.compile(
    r"(?:我的|您的|[您你]?(?:已?购买|所购)的|本单|本次|提取)?(?:卡密|券码|兑换码|激活码)(?:信息|列表|内容|详情)?|(?:我的|您的)?(?:卡券|电子券|卡号|提卡|发货|兑换)(?:信息|列表|内容|详情)|(?:your)?(?:(?:card|gift|activation|redemption|purchased)?codes?|keys?|vouchers?|giftcards?)(?:details)?"
)
_A_CODE = re.compile(r"(?=(?:[^\d]*\d){4})[A-Z0-9]{3,8}(?:[ -][A-Z0-9]{2,8}){1,5}|(?=(?:[^\d]*\d){6})[A-Z0-9]{10,32}")
_NAMED_A_CODE = re.compile(r"^(?:code|key|pin)[\s:]+(?=[A-Z0-9])", re.IGNORECASE)
_CODE_UNDER, _TO_ITS_LEFT = 7.0, 3.0
_VOUCHER = re.compile(r"券|票|voucher|coupon|ticket", re.IGNORECASE)
_COVERED = re.compile(
    r"(?:点击|轻触|点此)?(?:查看|显示|复制)(?:卡密|密码|卡号)?|[•●]{3,}|(?:tap|click)to(?:show|reveal|view|copy)|show|reveal|view(?:code)?"
)
_COPIES = re.compile(r"(?:一键)?复制(?:卡密|激活码|兑换码|卡号|密码|全部|券码)+|copy(?:code|codes|key|all|allcodes)")
_GROUPED = re.compile(r"[A-Z0-9]{3,6}(?:[ -]?[A-Z0-9]{2,6}){1,4}")
_REDEEMS = re.compile(
    r"(?:立即|确认|马上|一键|开始)?(?:兑换|激活|核销|绑定|验证|充值)|提交|redeem(?:code|now)?|activate(?:now)?|submit|apply|verify"
)


def gives_a_code(sheet: Sheet) -> bool:
    """A card's secret or a voucher's code is given, whatever is told of its order; a form asks for one."""
    titled = any(is_delivery_title(one.text) for one in sheet.segments)
    if _copies_a_bare_code(sheet):
        return True
    if any(_COPIES.fullmatch(compact(one.text)) for one in sheet.segments) or _copies_a_code(sheet):
        return True
    secrets = [key for key in sheet.keys_of(Label.CARD_SECRET) if _has_code(sheet, key) and not is_slip(sheet)]
    if not titled and _is_form(sheet):
        return False
    codes = [
        key
        for key in sheet.keys
        if _VOUCHER_CODE.fullmatch(compact(key.piece.text).strip(":")) and _has_code(sheet, key)
    ]
    if secrets or codes or _shows_voucher_code(sheet) or _lists_codes(sheet) or _numbers_codes(sheet):
        return True
    return not is_slip(sheet) and names_a_code(sheet)


def _copies_a_code(sheet: Sheet) -> bool:
    """卡密 over a button that copies it, middles in line, whatever is printed or hidden between."""
    words = [one for one in sheet.segments if _A_CODES_WORD.fullmatch(compact(one.text).strip(":"))]
    return any(
        _COPY.fullmatch(compact(one.text))
        and abs(one.center_x - word.center_x) <= 1.5 * sheet.unit
        and 0 < one.center_y - word.center_y <= _CODE_UNDER * sheet.unit
        for word in words
        for one in sheet.segments
    )


def _copies_a_bare_code(sheet: Sheet) -> bool:
    """A code in groups under no key, with its own button at its right, on an order's page: K7QX-2WMD-9RTA  Copy."""
    if not records_an_order(sheet):
        return False
    values = {id(one) for key in sheet.keys for one in sheet.below(key)[:1]}
    return any(
        _KEY_IN_GROUPS.fullmatch(without_copy_button(one.text))
        and id(one) not in values
        and sheet.owner(one) is None
        and any(
            (other is not one and other.box.x0 >= one.box.x1 and same_row(one.box, other.box) and _is_shown(other.text))
            or (other is one and without_copy_button(one.text) != one.text)
            for other in sheet.segments
        )
        for one in sheet.free
    )


def _is_shown(text: str) -> bool:
    return _COPY.fullmatch(compact(text)) is not None or _COVERED.fullmatch(compact(text)) is not None


# Licence keys are printed in groups of one length, of letters and figures both, or hidden behind dots.
_KEY_IN_GROUPS = re.compile(
    r"(?=.*\d)(?=.*[A-Z])(?:[A-Z0-9]{4}(?:\s?-\s?[A-Z0-9]{4}){2,6}|[A-Z0-9]{5}(?:\s?-\s?[A-Z0-9]{5}){2,6})|"
    r"(?:[•●*·]{3,6}\s?-?\s?){2,6}[A-Z0-9]{0,5}"
)
_A_CODES_WORD = re.compile(r"(?:电子)?卡密|激活码|兑换码|券码|cdkey|(?:activation|redeem|redemption|gift|access)?code")
_COPY = re.compile(r"(?:点击|一键)?复制|copy")


def _shows_voucher_code(sheet: Sheet) -> bool:
    """券码 over its digits, larger than the page's lines and in groups."""
    grouped = [one for one in sheet.segments if _GROUPED.fullmatch(one.text) and one.text.count(" ") >= 2]
    if grouped and any(_VOUCHER.search(one.text) and in_title_bar(sheet, one) for one in sheet.segments[:8]):
        return True
    named = [one for one in sheet.segments if _VOUCHER_CODE.fullmatch(compact(one.text).strip(":"))]
    return any(
        _GROUPED.fullmatch(one.text)
        and abs(one.center_x - word.center_x) <= 4 * sheet.unit
        and 0 < one.center_y - word.center_y <= 5 * sheet.unit
        for word in named
        for one in sheet.segments
    )


def _lists_codes(sheet: Sheet) -> bool:
    """A code alone in its row, or with a button that copies it, right under a heading of codes."""
    headings = [one for one in sheet.standing if _CODES_SECTION.fullmatch(compact(one.text).strip(":"))]
    headings = [one for one in headings if not in_title_bar(sheet, one)]
    values = {id(one) for key in sheet.keys for one in sheet.below(key)}
    return any(
        0 < one.box.y0 - heading.box.y1 <= _CODE_UNDER * sheet.unit
        and _A_CODE.fullmatch(_NAMED_A_CODE.sub("", without_copy_button(one.text)))
        and (abs(one.box.x0 - heading.box.x0) <= _TO_ITS_LEFT * sheet.unit or overlap_x(one.box, heading.box) > 0)
        for heading in headings
        for one in sheet.free
        if sheet.owner(one) is None and id(one) not in values
    )


def _numbers_codes(sheet: Sheet) -> bool:
    """A code right under 卡密1 or Code 2."""
    named = [one for one in sheet.segments if _NUMBERED_CODE.fullmatch(compact(one.text).strip(":"))]
    named += [key.piece for key in sheet.keys_of(Label.CARD_SECRET) if key.inline and _INDEX.fullmatch(key.inline.text)]
    return any(
        0 < one.center_y - name.center_y <= _RIGHT_UNDER * sheet.unit
        and abs(one.box.x0 - name.box.x0) <= sheet.unit
        and _A_CODE.fullmatch(re.sub(r"\s*-\s*", "-", without_copy_button(one.text)))
        for name in named
        for one in sheet.free
    )


_NUMBERED_CODE = re.compile(
    r"(?:卡密|激活码|兑换码|充值码|序列号|(?:gift|activation)?(?:code|key|card))\d{1,2}(?:/\d{1,2})?"
)
_INDEX, _RIGHT_UNDER = re.compile(r"\d{1,2}(?:/\d{1,2})?"), 2.2


def _is_form(sheet: Sheet) -> bool:
    """Where a code is typed in rather than given: a button that redeems, and no order's facts."""
    details = details_of(sheet)
    return not details and any(_REDEEMS.fullmatch(compact(one.text)) for one in sheet.segments)


def _has_code(sheet: Sheet, key: object) -> bool:
    found = next((one for one in sheet.keys if one is key), None)
    if found is None:
        return False
    pieces = [found.inline] if found.inline else [*sheet.right_of(found), *sheet.below(found)]
    return any(
        piece is not None and (identifier(piece.text) or "*" in piece.text or _COVERED.fullmatch(compact(piece.text)))
        for piece in pieces
    )
