"""The phone or account that was recharged; the buyer's own phone is not it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.dialogs import details_of
from service.evidence.doubt import doubted
from service.evidence.labelled_text import labelled_text, unlabelled_text
from service.evidence.lexicon import Label
from service.evidence.normalise import clean, compact
from service.evidence.segments import union
from service.evidence.sheet import Key, Sheet
from service.evidence.vocabulary import is_button

# An address ends in its domain: u5357@exam was cut.
_ACCOUNT = re.compile(r"(?![^@]*@[^.]*$)[+\w][\w*•●.@\-]{3,39}", re.ASCII)
_BY_NAME = re.compile(r"[一-鿿]{2,8}(?:用户|会员|玩家)_?\d{3,12}")
_AMOUNT = re.compile(r"\d+\.\d{1,2}")
_TOPUP_PAGE = re.compile(r"充值|话费|流量|直充|[缴交]费|top-?up|recharge", re.IGNORECASE)
_AN_ACCOUNT = re.compile(r".*(?:账[号户]|account)")
_ACCOUNT_KEY = re.compile(r"(?:账号|账户|account):?$")
_OF_THE_BUYER = re.compile(
    r"收货|配送|快递|物流|地址|联系(?:人|电话|手机|方式)|shipping|address|contact", re.IGNORECASE
)
_LONGEST_KEY = 16
# A sentence that says which number was topped up; what is to be done yet says no more than a form.
_NUMBER = r"([+\w][\w*•●.@-]*(?: ?[\d*•]{3,5})*)"
_TOLD = re.compile(
    rf"(?<![将请会可])(?:充值|充入|充|直充|缴费|开通|到账|发放)(?:成功)?(?:到|至|给|入)(?:账号|账户|手机号?码?|号码)?[:：\s]*{_NUMBER}$"
    rf"|(?:已|成功)为(?:账号|账户|手机号?码?|号码|用户)?[:：\s]*{_NUMBER}\s*(?:成功)?(?:充值|充入|开通|缴费)"
    rf"|(?:topped up|recharged|credited) (?:to )?(?:account |number )?{_NUMBER}$",
    re.ASCII | re.IGNORECASE,
)
_SHORTEST_TOLD = 5
# A phone's number without a word of recharging may be the buyer's.
_MAY_BE_THE_BUYERS = 0.85


# Whose account it is remains open.
_CHOSEN = "chosen in a form, not recharged yet"
_NO_WORD = "no word says what the number is for"
_WHO_BOUGHT = "the account may be the one that bought"


def may_be_anothers(field: Field) -> bool:
    """Whether the page leaves open if this is the account that was recharged: one that differs contradicts nothing."""
    return any(note in field.note for note in (_CHOSEN, _NO_WORD, _WHO_BOUGHT))


def find_account(sheet: Sheet, kind: PageKind) -> Field | None:
    name, label = FieldName.RECHARGED_ACCOUNT, Label.RECHARGED_ACCOUNT
    found = labelled_text(sheet, name, label, accept=_is_nothing_else, wraps=True)
    found = found or labelled_text(sheet, name, label, accept=_is_account)
    if found is None:
        found = _behind_plain_key(sheet, kind) or _told(sheet, kind) or _named(sheet, kind) or _in_two(sheet)
    if found is None:
        return None
    read = recharged(_with_its_end(sheet, found))
    if kind is PageKind.PROMPT and not _is_recorded(sheet):
        return doubted(read, _CHOSEN, _IN_A_FORM)
    keys = sheet.keys_of(label)
    if "@" in str(read.value) and keys and all(_BY_MAIL.fullmatch(_words(key)) for key in keys):
        return doubted(read, _WHO_BOUGHT, _MAY_BE_WHO_BOUGHT)
    return read


def recharged(found: Field) -> Field:
    """The field with its value as an account is compared, in doubt where signs of a phone's number went unread."""
    value = account(str(found.value))
    if _CAPITAL_IN_AN_ADDRESS.fullmatch(value):
        value = value.replace("I", "l")
        found = doubted(found, "a letter of the address may be another", _MAY_BE_WHO_BOUGHT)
    read = replace(found, value=value)
    if _MASKED_PHONE.fullmatch(value) and len(value) != _DIGITS_OF_A_PHONE:
        return doubted(read, "a phone of another length", _MAY_BE_WHO_BOUGHT)
    return read


def tops_up(texts: Iterable[str]) -> bool:
    """Whether any of these speaks of topping up: 话费充值, 宽带缴费."""
    return any(_TOPUP_PAGE.search(text) for text in texts)


def _is_recorded(sheet: Sheet) -> bool:
    """Another of an order's details, or a time beside its key: a result tells when it was tried, a form does not."""
    dated = [key for key in sheet.keys_of(Label.TIME, Label.OTHER_TIME) if key.inline or sheet.right_of(key)]
    return bool(details_of(sheet) - {Label.RECHARGED_ACCOUNT} or dated)


def _with_its_end(sheet: Sheet, found: Field) -> Field:
    """An address that broke before its last letters: m530239@example.co / m."""
    if "@" not in str(found.value):
        return found
    if broken := _BROKEN_ADDRESS.fullmatch(str(found.value)):
        return replace(found, value=f"{broken[1]}{broken[2]}")
    height = found.box.height
    under = [
        one
        for one in sheet.free
        if _ENDS_AN_ADDRESS.fullmatch(one.text)
        and sheet.owner(one) is None
        and abs(one.box.x0 - found.box.x0) <= 0.6 * height
        and 0 < one.center_y - found.box.y1 <= 1.3 * height
    ]
    if len(under) != 1:
        return found
    end = under[0]
    whole, score = f"{found.value}{end.text}", min(found.score, end.score)
    return replace(found, value=whole, text=f"{found.text}{end.raw}", score=score, box=union([found.box, end.box]))


# Addresses are printed small: the one capital in it is the letter readers give for it.
_CAPITAL_IN_AN_ADDRESS = re.compile(r"(?=[^@]*I)[a-zI0-9._+-]+@[a-z0-9.-]+")
_BROKEN_ADDRESS = re.compile(r"(\S+@\S+) ((?:[a-z]{0,10}\.)?[a-z]{1,4})")
_ENDS_AN_ADDRESS = re.compile(r"(?:[a-z]{0,10}\.)?[a-z]{1,4}")
_IN_A_FORM = 0.85
_MASKED_PHONE, _DIGITS_OF_A_PHONE = re.compile(r"1\d{1,3}\*+[\d.]{2,}"), 11


def _behind_plain_key(sheet: Sheet, kind: PageKind) -> Field | None:
    """手机号 or 账号 alone: on a page about topping up, else among an order's details where nothing is posted."""
    keys = sheet.keys_of(Label.PHONE)
    # Where a code is typed in, the account above it is whose the code shall be.
    if not keys or (kind is not PageKind.PROMPT and all(_of_a_card(sheet, key) for key in keys)):
        return None
    about = tops_up(sheet.texts)
    named = any(_ACCOUNT_KEY.search(_words(key)) for key in keys)
    virtual = (
        kind in (PageKind.ORDER, PageKind.PROMPT)
        and bool(sheet.keys_of(Label.ORDER_NUMBER))
        and not any(len(text) <= _LONGEST_KEY and _OF_THE_BUYER.search(text) for text in sheet.texts)
    )
    if not (about or named or virtual):
        return None
    only = None if about or virtual else _AN_ACCOUNT
    found = labelled_text(sheet, FieldName.RECHARGED_ACCOUNT, Label.PHONE, accept=_is_account, keys=only)
    return found if found is None or about else doubted(found, _NO_WORD, _MAY_BE_THE_BUYERS)


def tops_up_a_phone(sheet: Sheet) -> bool:
    """A phone's number behind its key, under a head or a state that says a phone was topped up: 话费充值, 充值成功."""
    head = sheet.segments[:_HEAD]
    if not any(_TOPUP_PAGE.search(one.text) and len(one.text) <= _LONGEST_KEY for one in head):
        return False
    values = [
        one
        for key in sheet.keys_of(Label.PHONE, Label.RECHARGED_ACCOUNT)
        for one in (key.inline, *sheet.right_of(key))
        if one
    ]
    return any(_PHONE.fullmatch(account(one.text)) for one in values)


_HEAD, _PHONE = 8, re.compile(r"(?:\+?86)?1\d[\d*]{9}")


def _words(key: Key) -> str:
    """The key without the value behind it in its line, as in Account: harbour_20."""
    return compact(key.piece.text[: key.hit.end])


def _of_a_card(sheet: Sheet, key: Key) -> bool:
    """账号 beside 密码, or under 卡密, is what was sold."""
    return any(
        abs(other.piece.center_y - key.piece.center_y) <= _NEAR_A_SECRET * sheet.unit
        for other in sheet.keys_of(Label.CARD_SECRET)
    )


_NEAR_A_SECRET = 3.0


def _named(sheet: Sheet, kind: PageKind) -> Field | None:
    """账户名 among an order's facts, with a number or an address behind it; a payment's is whoever paid."""
    recorded = kind in (PageKind.ORDER, PageKind.DELIVERY) and bool(sheet.keys_of(Label.ORDER_NUMBER))
    keys = _ACCOUNT_NAME if recorded else _SIGNED_IN if kind is PageKind.PROMPT else None
    if keys is None:
        return None
    found = labelled_text(sheet, FieldName.RECHARGED_ACCOUNT, Label.OTHER_TEXT, accept=_is_number_or_address, keys=keys)
    return doubted(found, _WHO_BOUGHT, _MAY_BE_WHO_BOUGHT) if found else None


# Where a shop sent the codes: the address of whoever plays, or of whoever bought.
_BY_MAIL = re.compile(
    r"(?:收货|收件|收卡)邮箱:?|.*(?:发送|发放|投递|派发|交付|发货)(?:至|到|给)(?:邮箱)?:?|"
    r".*(?:delivery|recipient|redemption)e-?mail(?:address)?:?|.*(?:keys?|codes?|cards?|vouchers?|items?|goods).*to(?:e-?mail)?:?"
)
_ACCOUNT_NAME = re.compile(
    r"(?:账[户号]名称?|(?:购买|下单)账[号户]|[你您]的账[号户]|accountname|(?:purchasing|your)account):?(?![a-z]|为|已|[有的])"
)
_SIGNED_IN = re.compile(r"(?:当前|登录)账[号户]:?$|signedinas:?$")
_MAY_BE_WHO_BOUGHT = 0.84


def _is_number_or_address(text: str) -> bool:
    value = account(text)
    return _is_account(text) and ("@" in value or sum(c.isdigit() or c == "*" for c in value) >= _FEWEST_DIGITS)


_FEWEST_DIGITS = 7


def _in_two(sheet: Sheet) -> Field | None:
    """A login name, which has no blank: what the reader left out between its word and its number was a low line."""
    name, keys = FieldName.RECHARGED_ACCOUNT, _AN_ACCOUNT
    if any(sheet.cut_off(key.box) for key in sheet.keys_of(Label.RECHARGED_ACCOUNT, Label.PHONE)):
        return None
    found = labelled_text(sheet, name, Label.RECHARGED_ACCOUNT, accept=_is_in_two) or labelled_text(
        sheet, name, Label.PHONE, accept=_is_in_two, keys=keys
    )
    if found is None:
        return None
    whole = replace(found, value="_".join(str(found.value).split()))
    return doubted(whole, "a blank stands where a login name may have a low line", _GUESSED)


def _is_in_two(text: str) -> bool:
    return _WORD_AND_NUMBER.fullmatch(clean(text)) is not None


_WORD_AND_NUMBER, _GUESSED = re.compile(r"[a-z]{3,16} \d{3,6}"), 0.8


def _told(sheet: Sheet, kind: PageKind) -> Field | None:
    """The one number a sentence of the page says was topped up: 话费已充值到 138 0013 8000."""
    if kind is PageKind.CHAT:
        return None
    told = [(one, match) for one in sheet.segments if (match := _TOLD.search(one.text))]
    values = [(one, next(group for group in match.groups() if group)) for one, match in told]
    values = [(one, text) for one, text in values if _is_account(text) and len(account(text)) >= _SHORTEST_TOLD]
    if len({account(text) for _, text in values}) != 1:
        return None
    one, text = values[0]
    return unlabelled_text(FieldName.RECHARGED_ACCOUNT, one, text, "told in a sentence")


def account(text: str) -> str:
    """An account without blanks, without remarks in brackets and with one sign for what is masked.

    A number keeps the zone behind it, which is part of it: 604118 (2207).
    """
    if zoned := _ZONED.fullmatch(clean(text)):
        return f"{zoned[1]} ({zoned[2]})"
    bare = re.sub(r"\([^()]*\)?|【.*】?", "", _SWITCHED.sub("", clean(text)))
    bare = re.sub(r"(?<=\w_)\s+(?=\w)|(?<=\w)\s+(?=_\w)", "", bare)
    bare = re.sub(r"(?<=[\d*])\s+(?=[\d*])|(?<=[\d*])\s?-\s?(?=[\d*])", "", bare)
    bare = re.sub(r"^(uid|id|qq|vx)[\s:]+(?=\w)", r"\1", bare, flags=re.IGNORECASE).split(" ")[0]
    bare = _WHOSE.sub("", bare)
    return re.sub(r"[•●×xX＊]+(?=\d|[*•●×])|[•●＊]", lambda match: "*" * len(match[0]), bare)


# A player's number and, in brackets, the zone it counts in; behind a phone's number stands a remark.
_ZONED = re.compile(r"(?!1\d{10}\D)(\d{5,12})\s?\((\d{3,5})\)?")


def _is_nothing_else(text: str) -> bool:
    """An account with no word behind it: under a number that does not wrap stands its state."""
    return _is_account(text) and not re.search(r"[一-鿿]$", clean(text))


# Behind the account a form is filled in for stands the way to another.
_SWITCHED = re.compile(
    r"(?<=[\w*])\s*(?:not ?(?:you|your ?account)\b|switch ?(?:account|user)|use ?(?:another|a ?different) ?account|"
    r"change ?account|(?:sign|log) ?out\b|"
    r"不是[您你]|(?:切换|更换|换个|换一个|使用其他)(?:账[号户]|号码|用户)|退出登录).*$",
    re.IGNORECASE,
)
# Whose number it is, set behind it: 13800138000本机.
_WHOSE = re.compile(r"(?<=[\d*]{4})[一-鿿]{1,4}$")


def _is_account(text: str) -> bool:
    value = account(text)
    return (
        bool(_ACCOUNT.fullmatch(value) or _BY_NAME.fullmatch(value) or _ZONED.fullmatch(value))
        and any(character.isdigit() or character == "@" for character in value)
        and not _AMOUNT.fullmatch(value)
        and not is_button(text)
        and "---" not in value  # an account and its password: goods
    )
