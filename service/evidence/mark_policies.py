"""Whose page it is by what it says of its own rules, by a banner under its title, or by the name over its one task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise

from service.domain.evidence import Box, Field, PageKind
from service.evidence.labels import hits_in
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.mark_headings import name_of
from service.evidence.mark_words import ANYONE, below_bar, is_bare_name, is_title, mark_field
from service.evidence.normalise import compact, is_cjk
from service.evidence.paragraphs import paragraphs
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Sheet
from service.evidence.title_words import names_a_page
from service.evidence.values import tidy
from service.evidence.vocabulary import is_button, is_payment_method, status_text

# Told by a sentence or a place that another's name may stand in as well.
_TOLD = 0.89
_READ_WELL, _SHORTEST_OWN = 0.8, 2
_NAME = r"(?P<name>[A-Z][\w&'’.-]*(?: (?:of|&|[A-Z][\w&'’-]*)){0,3})"
_RULES = r"(?:订阅|退款|退换货|退订|购买|付款|支付|交易|售后|服务|会员|隐私|用户|续费|自动续费|充值)+(?:服务|权益)?"
_POLICIES = (
    re.compile(
        r"(?:了解|查看|阅读|参阅|遵守|适用|同意|详见)(?:更多)?(?:关于)?(?P<name>[^,，。的《》\s]{2,16})的?"
        rf"{_RULES}(?:政策|条款|规则|协议|须知)"
    ),
    re.compile(
        r"(?:在|前往|通过|登录|打开)(?P<name>[^,，。的《》\s]{2,16}?)(?:中|内|里|网站|App|APP|客户端)?(?:随时)?"
        r"(?:管理|取消|退订)(?:您的|此|该)?(?:订阅|自动续费|会员)"
    ),
    re.compile(
        r"\b(?i:learn|read|find out|see) (?:more )?about (?:[\w,'-]+ ){1,6}?(?:on|at|in|from) (?:the )?"
        rf"{_NAME}(?=\W*$|[.,;])"
    ),
    re.compile(
        r"\b(?i:manage|cancel|change|view) (?:or \w+ )?(?:\w+ )?(?:subscription|membership|order|purchase)s? "
        rf"(?:at any ?time )?(?:on|in|at|through|via) (?:your )?(?:the )?{_NAME}(?=\W*$|[.,;]| (?:account|app|website))"
    ),
    re.compile(
        rf"\b(?i:subject to|agree(?:ing)? to|accept(?:ing)?) (?:the )?{_NAME}(?:['’]s)? "
        r"(?i:terms|privacy|refund|subscription|purchase|user)\b"
    ),
)
# Everybody's places, and where a phone or a wallet keeps what was subscribed to.
_NOBODYS = re.compile(
    r"(?i:my|your|our|this|the|an?|we|us)\b|"
    r"(?i:settings?|accounts?|profile|help(?: cent(?:er|re))?|support|faqs?|terms|privacy|refund|subscri\w+|purchases?|"
    r"user|service|app|web|website|android|ios|iphone|ipad|windows|mac|google play|app store|apple(?: id)?|pc|order|"
    r"delivery|terms of .*)$|"
    r"设置|账[户号]|我的?|更多|个人|本|该|此|相关|上述|以下|以上|平台|商家|卖家|客服|手机|电脑|浏览器|应用商店|苹果|安卓|微信|支付宝|银行"
)


def of_its_policies(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The one name that the small print of a page's lower half calls its rules by: 了解青屿商店的退款政策。"""
    middle = (sheet.bounds.y0 + sheet.bounds.y1) / 2
    low = [one for one in sheet.segments if one.center_y >= middle]
    told = [one for one in paragraphs(low) if not any(piece.box in taken for piece in one.pieces)]
    found = [(name, one.pieces) for one in told for name in _named(one.text)]
    if len({compact(name) for name, _ in found}) != 1:
        return None
    name, pieces = found[0]
    return mark_field(tidy(name), pieces, "in its policies", _TOLD)


def _named(text: str) -> Iterator[str]:
    for pattern in _POLICIES:
        for match in pattern.finditer(text):
            name = match["name"].strip(" .")
            own = ANYONE.sub("", compact(name))
            if len(own) >= _SHORTEST_OWN and not _NOBODYS.match(name) and not is_payment_method(name):
                yield name


def on_a_banner(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """A platform's name with its news in smaller letters under it, between a page's title and its state:

    支付结果 / 青屿点卡充值中心 / 新服开启，首充双倍 / 充值成功. A shop's card stands under the state.
    """
    rows = below_bar(sheet)
    for title, row in pairwise(rows[: _TITLE_ROWS + 1]):
        if not any(is_title(one.text) or names_a_page(one.text) for one in title):
            continue
        name = row[0]
        under = next((one for one in sheet.segments if _right_under(sheet, name, one)), None)
        own = name_of(name.text) if under and name.score >= _READ_WELL and name.box not in taken else None
        if under is None or own is None or len(row) > 1 or name.box.x0 > sheet.bounds.x0 + _LEFT * sheet.bounds.width:
            return None
        keys = [key for key in sheet.keys if VALUE_KIND[key.label] is not ValueKind.NONE]
        over = all(key.box.y0 >= under.box.y1 or key.box.y1 <= name.box.y0 for key in keys)
        states = [one for one in sheet.segments if status_text(one.text) and one.box.y0 >= under.box.y1]
        return mark_field(own, [name], "on a banner", _TOLD) if over and states else None
    return None


_TITLE_ROWS, _LEFT = 2, 0.12
_UNDER, _SMALLER = 2.5, 0.95


def _right_under(sheet: Sheet, name: Segment, one: Segment) -> bool:
    return (
        0 < one.center_y - name.center_y <= _UNDER * max(name.box.height, sheet.unit)
        and abs(one.box.x0 - name.box.x0) <= sheet.unit
        and _width_of_a_letter(one) <= _SMALLER * _width_of_a_letter(name)
        and not hits_in(one.text)
        and status_text(one.text) is None
    )


def _width_of_a_letter(one: Segment) -> float:
    """Of a Chinese character; slant makes a long line's box higher than its letters."""
    return one.box.width / max(sum(1.0 if is_cjk(letter) else 0.5 for letter in one.text), 1.0)


def over_its_facts(sheet: Sheet, kind: PageKind, taken: Set[Box]) -> Field | None:
    """The one bank named, alone, over all facts of a payment but its sum: its own page says whose card was used."""
    if kind is not PageKind.PAYMENT:
        return None
    facts = [key for key in sheet.keys if VALUE_KIND[key.label] not in (ValueKind.NONE, ValueKind.AMOUNT)]
    facts = [key for key in facts if key.label is not Label.STATUS]
    top = min((key.box.y0 for key in facts), default=sheet.bounds.y0)
    banks = [
        one
        for row in below_bar(sheet)
        for one in row
        if one.box.y1 <= top and _BANK.fullmatch(one.text.strip()) and one.score >= _READ_WELL
    ]
    owner = sheet.owner(banks[0]) if len(banks) == 1 else None
    owned = owner is not None and VALUE_KIND[owner.label] is not ValueKind.AMOUNT  # a sum's word may share its row
    if len(facts) < _FEWEST_FACTS or len(banks) != 1 or banks[0].box in taken or owned:
        return None
    return mark_field(tidy(banks[0].raw), banks, "bank over a payment's facts", _TOLD)


_BANK = re.compile(r"(?:中国)?[一-鿿]{2,8}银行|(?:[A-Z][\w&'’-]+ ){1,3}Bank")
_FEWEST_FACTS = 3


def over_its_task(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The name alone in the head, at the left, over what one does on its page: Marrowgate / Redeem a gift card."""
    rows = below_bar(sheet)
    if len(rows) < 2 or len(rows[0]) != 1:
        return None
    name, task = rows[0][0], rows[1][0]
    left = name.box.x0 <= sheet.bounds.x0 + _LEFT * sheet.bounds.width
    flush = abs(task.box.x0 - name.box.x0) <= 2 * sheet.unit and not any(
        same_row(task.box, one.box) for one in sheet.segments if one is not task and not is_button(one.text)
    )
    own = ANYONE.sub("", compact(name.text))
    if (
        left
        and flush
        and _TASK.match(task.text)
        and is_bare_name(name)
        and not names_a_page(name.text)
        and len(own) >= _SHORTEST_OWN
        and name.box not in taken
        and name.score >= _READ_WELL
        and not _A_WORD.fullmatch(name.text)
    ):
        return mark_field(tidy(name.raw), [name], "over its task", _TOLD)
    return None


_TASK = re.compile(
    r"(?:redeem|activate|top ?up|recharge|add|use|enter|check|claim)\b.{0,32}"
    r"\b(?:codes?|cards?|vouchers?|keys?|pins?|wallet|credits?|balance)\b|"
    r"(?:兑换|激活|充值|使用|绑定)(?:您的|我的)?.{0,8}(?:码|卡|券|钱包|密钥)",
    re.IGNORECASE,
)
_A_WORD = re.compile(
    r"(?:back|cancel|close|done|menu|home|redeem|activate|wallet|rewards?|gifts?|offers?|balance|notice|error|profile|"
    r"library|me|more|返回|取消|关闭|钱包|福利|礼包)",
    re.IGNORECASE,
)
