"""Whose page it is, by the name that heads it: title bar, logo, corner, letterhead, a card's first line."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise

from service.domain.evidence import Box, Field, FieldName, PageKind
from service.evidence.amounts import parse_amount
from service.evidence.labels import hits_in
from service.evidence.mark_words import (
    ANYONE,
    IN_THE_TITLE,
    LONGEST,
    NAV_TAIL,
    below_bar,
    is_bare_name,
    is_navigation,
    is_title,
    mark_field,
    navigation_words,
    speaks_to_reader,
)
from service.evidence.normalise import clean, compact
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet
from service.evidence.talk_frame import is_talk_title
from service.evidence.times import is_clock, is_moment
from service.evidence.title_words import is_claim, names_a_page
from service.evidence.values import tidy
from service.evidence.vocabulary import is_button, is_payment_method, is_tab_word, names_goods, status_text

# Names everybody knows; in a title bar they say whose page it is.
_KNOWN = re.compile(
    r"支付宝|微信|云闪付|银联|淘宝|天猫|京东|拼多多|抖音|快手|闲鱼|美团|饿了么|唯品会|苏宁|小红书|哔哩哔哩|bilibili|得物|转转|滴滴|"
    r"中国移动|中国联通|中国电信|中国广电|[一-鿿]{2,6}银行|腾讯|网易|爱奇艺|优酷|"
    r"alipay|wechat|unionpay|taobao|tmall|jd\.com|pinduoduo|douyin|paypal|steam|app store|google play|apple pay|"
    r"netflix|amazon|ebay",
    re.IGNORECASE,
)
_OF_A_PLATFORM = re.compile(
    r"[一-鿿A-Za-z0-9]{2,12}(?:商城|平台|卡盟|支付|钱包|银行|发卡网?|数卡|点卡|会员站|充值|集市|旗舰店|专营店?|商店|网|官方|客服|助手|数码|票务|文化|科技|游戏|商行|超市)|"
    r"[A-Z][\w.&' ]{1,20} ?(?:Pay|Wallet|Bank|Store|Shop|Mall|Market|Digital|Games?|Cards?|Support)",
)
_TITLE_TAIL = re.compile(
    r"[\s·•|\-–—_/]*(?:游戏|话费|流量|手机|点卡|卡券|卡密|会员)?(?:订单|账单|交易|支付|付款|充值|购买|兑换)?(?:详情|明细|结果|记录|凭证|中心)$"
)
_RECEIPT = re.compile(r"(?:电子)?(?:小票|收据|回单|凭证|发票|账单|消费单)|(?:e-?)?(?:receipt|invoice|ticket)")
# A notice of a service account: its sender's name stands over its title.
_NOTICE = re.compile(r".{0,10}(?:提醒|通知|凭证|助手|小票|到账|成功)(?:通知|提醒)?")
_READ_WELL, _ON_A_CARD = 0.8, 0.85
_SALUTATION = re.compile(
    r"(?:尊敬的|亲爱的).{1,12}[:：,，]?$|(?:您|你)好[,，:：!！]?$|(?:dear|hello|hi)\b.{0,30}[,:]?$", re.IGNORECASE
)
_LETTER_ROWS = 6
_OF_A_PAGE = re.compile(r"(?:记录|详情|明细|列表|结果)$|[、()（）]")
# A receipt's title begins with who issues it: 泡泡直充电子回单.
_ISSUED = re.compile(
    r"(?P<name>[一-鿿A-Za-z][一-鿿A-Za-z &.·-]{1,20}?)[\s·|-]*(?:电子|网上银行电子|业务|交易|转账)?"
    r"(?:回单|凭证|凭条|回执|收据|(?:e-?)?receipt|statement)$",
    re.IGNORECASE,
)
_CORNER_X, _CORNER_Y = 0.06, 0.07
_LONGEST_CORNER = 12
_TWO_WORDS = 4  # letters of navigation


def service_account(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The sender over the title of a service account's notice: 口袋卡券 / 订单发货提醒."""
    rows = below_bar(sheet)
    for upper, lower in pairwise(rows[:5]):
        name, title = upper[0], lower[0]
        close = 0 < title.box.y0 - name.box.y1 + 0.5 * name.box.height <= 3 * sheet.unit
        if (
            close
            and _NOTICE.fullmatch(compact(title.text))
            and len(compact(title.text)) >= 4
            and name.box not in taken
            and name.box.x0 <= sheet.bounds.x0 + 0.35 * sheet.bounds.width
            and is_bare_name(name)
            and name.score >= _READ_WELL
            and status_text(title.text) is None
        ):
            return mark_field(tidy(name.raw), [name], "service account", IN_THE_TITLE)
    return None


def over_its_claim(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The name in a page's head over what it claims to be: 米粒会员 / 官方充值 · 安全快捷."""
    for row in below_bar(sheet)[:_HEAD_ROWS_OF_A_BANNER]:
        name = row[0]
        if name.box in taken or not is_bare_name(name) or name.score < _READ_WELL:
            continue
        if any(
            is_claim(one.text)
            and abs(one.box.x0 - name.box.x0) <= sheet.unit
            and 0 < one.center_y - name.center_y <= _RIGHT_UNDER * sheet.unit
            and one.box.height <= name.box.height * 1.1
            for one in sheet.segments
        ):
            return mark_field(tidy(name.raw), [name], "over its claim", IN_THE_TITLE)
    return None


_HEAD_ROWS_OF_A_BANNER, _RIGHT_UNDER = 5, 2.5


def sender_of_a_card(sheet: Sheet, kind: PageKind, taken: Set[Box]) -> Field | None:
    """Who sent a payment's card in a thread of notices: its head is a name and a menu's dots, right under a clock."""
    if kind is not PageKind.PAYMENT:
        return None
    middle = (sheet.bounds.x0 + sheet.bounds.x1) / 2
    for upper, lower in pairwise(below_bar(sheet)[:6]):
        moment, name = upper[0], lower[0]
        dated = len(upper) == 1 and _is_when(moment.text)
        dots = lower[1:] and all(_DOTS.fullmatch(compact(one.text)) for one in lower[1:])
        if (
            dated
            and dots
            and abs(moment.center_x - middle) <= 0.1 * sheet.bounds.width
            and name.box.x1 < middle
            and name.box not in taken
            and is_bare_name(name)
        ):
            return mark_field(tidy(name.raw), [name], "head of a notice's card", IN_THE_TITLE)
    return None


_DOTS = re.compile(r"[0oe•·.…:]{1,4}", re.IGNORECASE)


def _is_when(text: str) -> bool:
    return is_clock(text) or is_moment(text)


def over_a_slip(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The name alone over a slip's own title: 云杉钱包 / 交易凭条(持卡人存根), Larkspur / Customer copy."""
    for upper, lower in pairwise(below_bar(sheet)[:_SLIP_ROWS]):
        name = upper[0]
        titled = len(lower) == 1 and _SLIP.fullmatch(compact(lower[0].text))
        if len(upper) == 1 and titled and name.box not in taken and is_bare_name(name) and name.score >= _READ_WELL:
            return mark_field(tidy(name.raw), [name], "over a slip's title", IN_THE_TITLE)
    return None


_SLIP_ROWS = 7
_SLIP = re.compile(
    r"(?:电子)?(?:交易|支付|付款|消费|收款|签购)*(?:凭条|小票|凭证|存根|回单|单)(?:联)?(?:[·(（\-].{1,8}[)）]?)?|"
    r"(?:customer|merchant|cardholder|client)'?s?copy"
)


def letterhead(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The sender's name alone over a letter's salutation."""
    for upper, lower in pairwise(below_bar(sheet)[:_LETTER_ROWS]):
        name, greeting = upper[0], lower[0]
        flush = abs(name.box.x0 - greeting.box.x0) <= sheet.unit
        if (
            len(upper) == 1
            and flush
            and _SALUTATION.match(greeting.text)
            and name.box not in taken
            and is_bare_name(name)
        ):
            return mark_field(tidy(name.raw), [name], "letterhead", IN_THE_TITLE)
    return None


def on_the_card(sheet: Sheet, kind: PageKind, found: Sequence[Field]) -> Field | None:
    """On a drawn card the issuer's name stands first, alone, right over the goods' name; nothing else is above."""
    goods = next((field.box for field in found if field.name is FieldName.PRODUCT), None)
    rows = below_bar(sheet)
    if kind is not PageKind.DELIVERY or goods is None or not rows or len(rows[0]) != 1:
        return None
    name = rows[0][0]
    close = -0.5 * name.box.height <= goods.y0 - name.box.y1 <= name.box.height
    if close and abs(name.box.x0 - goods.x0) <= sheet.unit and is_bare_name(name):
        return mark_field(tidy(name.raw), [name], "name on the card", _ON_A_CARD)
    return None


def titled(sheet: Sheet, kind: PageKind, taken: Set[Box]) -> Field | None:
    """A platform's name in the first row under the status bar; further down stand shops, payees and goods."""
    rows = below_bar(sheet)
    if logo := _logo(rows, sheet):
        return mark_field(tidy(NAV_TAIL.sub("", logo.raw)), [logo], "logo", IN_THE_TITLE)
    if rows and len(rows[0]) == 1 and (issuer := _issuing(rows[0][0].text)):
        return mark_field(issuer, rows[0], "receipt's title", IN_THE_TITLE)
    for one in [one for row in rows[:_TITLE_ROWS] for one in row]:
        if one.box not in taken and (name := before_its_page(one)):
            return mark_field(name, [one], "title bar", IN_THE_TITLE)
    for one in rows[0] if rows else []:
        if is_navigation(one):
            continue
        # A bill without its title bar begins with whom it paid.
        known = kind is not PageKind.PAYMENT or _KNOWN.search(one.text)
        if known and one.box not in taken and (name := name_of(one.text)):
            return mark_field(name, [one], "title bar", IN_THE_TITLE)
    return None if kind is PageKind.PROMPT else _corner(rows, sheet, taken)


def beside_a_documents_title(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """The name at the other end of the row, or the one right over or under it, in which Invoice stands. The foot's
    company is who is liable for it."""
    rows = below_bar(sheet)
    for index, row in enumerate(rows[:_HEAD_ROWS]):
        if not any(_DOCUMENT.fullmatch(compact(one.text)) for one in row):
            continue
        near = [one for other in rows[max(index - 1, 0) : index + 2] for one in other]
        title = next(one for one in row if _DOCUMENT.fullmatch(compact(one.text)))
        names = [
            one
            for one in near
            if one is not title
            and abs(one.center_y - title.center_y) <= _BESIDE * title.box.height
            and one.box not in taken
            and len(one.text) <= LONGEST
            and not hits_in(one.text)
            and is_bare_name(one)
        ]
        return (
            mark_field(tidy(names[0].raw), [names[0]], "beside a document's title", _ON_A_CARD)
            if len(names) == 1
            else None
        )
    return None


_DOCUMENT = re.compile(
    r"(?:tax|sales|vat|commercial|e-?|proforma|your|purchase|payment|order)?(?:invoice|receipt|statement)|"
    r"(?:电子|增值税|数电)?(?:普通|专用)?发票|(?:电子|购买|消费|交易|订单|付款)?收据|收款凭证"
)
_HEAD_ROWS, _BESIDE = 3, 1.2


def _issuing(title: str) -> str | None:
    match = _ISSUED.fullmatch(clean(title).strip(" <>‹›←"))
    own = ANYONE.sub("", compact(match["name"])) if match else ""
    if match is None or len(own) < 2 or hits_in(title) or speaks_to_reader(match["name"]):
        return None
    return tidy(match["name"])


def _corner(rows: Sequence[Sequence[Segment]], sheet: Sheet, taken: Set[Box]) -> Field | None:
    """A site's name alone in the top left corner of a desktop page."""
    if not rows or sheet.bounds.width <= sheet.bounds.height:
        return None
    first = min(rows[0], key=lambda one: one.box.x0)
    left = first.box.x0 <= sheet.bounds.x0 + _CORNER_X * sheet.bounds.width
    high = first.center_y <= sheet.bounds.y0 + max(_CORNER_Y * sheet.bounds.height, 1.5 * sheet.unit)
    name = NAV_TAIL.sub("", first.text)
    if is_talk_title(name) or _DOCUMENT.fullmatch(compact(name)) or _OF_A_PAGE.search(name):
        return None
    if not left or not high or len(name) > _LONGEST_CORNER or first.box in taken or not is_bare_name(first):
        return None
    return mark_field(tidy(NAV_TAIL.sub("", first.raw)), [first], "corner", IN_THE_TITLE)


def _logo(rows: Sequence[Sequence[Segment]], sheet: Sheet) -> Segment | None:
    """The name before a site's navigation, over it in its column, or alone over a receipt's title."""
    if not rows:
        return None
    if len(rows) > 1 and _ends_the_row_under(rows[0], rows[1]):
        rows = [[rows[1][0], *rows[0]], *rows[2:]]
    first = rows[0][0] if len(rows[0]) > 1 else min(rows[0], key=lambda one: one.box.x0)
    column = [one for one in sheet.segments if one is not first and abs(one.box.x0 - first.box.x0) <= sheet.unit]
    leads = sum(map(navigation_words, rows[0])) >= 2 or sum(is_navigation(one) for one in column) >= 2
    leads = leads or _before_a_menu(rows[0], sheet)
    middle = (sheet.bounds.x0 + sheet.bounds.x1) / 2
    alone = len(rows) > 1 and len(rows[0]) == len(rows[1]) == 1
    titled = (
        alone
        and _RECEIPT.fullmatch(compact(rows[1][0].text)) is not None
        and abs(first.center_x - middle) <= 0.1 * sheet.bounds.width
    )
    name = NAV_TAIL.sub("", first.text)
    if len(compact(first.text[len(name) :])) >= _TWO_WORDS and is_bare_name(replace(first, text=name)):
        return first  # the site's navigation, read on to its name
    if leads and (not is_bare_name(first) or navigation_words(first)):
        return None
    return first if leads or (titled and is_bare_name(first)) else None


def _ends_the_row_under(upper: Sequence[Segment], lower: Sequence[Segment]) -> bool:
    """Navigation at the right of a head that a photo's slant lifted over the name it stands beside."""
    words = [one for one in upper if navigation_words(one)]
    others = [one.text.strip() for one in upper if not navigation_words(one)]
    menu = all(_STROKES.fullmatch(text) or _BESIDE_A_MENU.fullmatch(text) for text in others)
    name = lower[0]
    return (
        menu
        and (len(words) > 0 or not any(map(_BESIDE_A_MENU.fullmatch, others)))
        and name.box.x1 < upper[0].box.x0
        and name.box.y0 - upper[0].box.y1 <= name.box.height
    )


def _before_a_menu(row: Sequence[Segment], sheet: Sheet) -> bool:
    """A name at the left edge of a site's head, with nothing else in it but the menu's three strokes at the right."""
    if len(row) < 2 or not all(_STROKES.fullmatch(one.text.strip()) for one in row[1:]):
        return False
    name, menu = row[0], row[1]
    left = name.box.x0 <= sheet.bounds.x0 + _CORNER_X * sheet.bounds.width
    return left and menu.box.x1 >= sheet.bounds.x1 - _MENU * sheet.bounds.width


# The menu's three strokes, and the currency or the tongue that is chosen beside them: CNY▼ ≡.
_STROKES = re.compile(
    r"(?:(?:[A-Z]{3}|EN|[¥$€£]|[简繁中]体?文?)\s?[.,▼▾∨v]?\s?)?[三≡☰=二亖Ξ]|(?:CNY|RMB|USD|EUR|HKD|EN|[简繁中]体?文)\s?[.,▼▾∨v]?"
)
_MENU = 0.15
# What is chosen, and how much was laid aside, between the words of a menu: EN | CNY, ♡ 3.
_BESIDE_A_MENU = re.compile(r"[A-Z]{2}\s?[I|/丨·]?\s?[A-Z]{3}\s?[▼▾∨v]?|\W?\s?\d{1,3}")


def before_its_page(one: Segment) -> str | None:
    """Whose page it is before which: 玩聚中心·充值订单, Driftmoor Shop • Order details."""
    match = _WHOSE_PAGE.fullmatch(clean(one.text).strip(" <>‹›←"))
    if match is None:
        return None
    page, name = compact(match["page"]), match["name"].strip()
    named = is_title(match["page"]) or names_a_page(match["page"]) or _A_PAGE.fullmatch(page)
    own_page = _A_PAGE.fullmatch(compact(name)) is not None
    bare = is_bare_name(replace(one, text=name)) and not own_page and not names_goods(name)
    return name if named and bare and len(ANYONE.sub("", compact(name))) >= _SHORTEST_OWN else None


_WHOSE_PAGE = re.compile(r"(?P<name>[^·•|｜]{2,20}?)\s*[·•|｜]\s*(?P<page>[^·•|｜]{2,16})")
_A_PAGE = re.compile(
    r"(?:充值|兑换|购买|订单|账单|支付|会员|游戏|交易|卡密|我的|top-?up|order|payment|redeem|code|purchase)+"
    r"(?:订单|中心|记录|详情|结果|服务|orders?|details?|history|centre|center)?"
)
_TITLE_ROWS, _SHORTEST_OWN = 2, 2


def name_of(text: str) -> str | None:
    bare = clean(text).strip(" <>‹›←×|·•+")
    if not 2 <= len(bare) <= LONGEST or hits_in(bare) or parse_amount(bare) or status_text(bare) or is_moment(bare):
        return None
    if re.search(r"[。!！?？,，¥]|\d|^请|内完成|教程|^联系|^我的", bare):
        return None
    known = _KNOWN.search(bare)
    if known and not is_payment_method(bare):
        return known[0] if is_title(bare) or known[0] != bare else bare
    if known and re.fullmatch(r"支付宝|微信支付|云闪付|paypal|alipay", bare, re.IGNORECASE):
        return bare
    stem = _TITLE_TAIL.sub("", bare)
    centre = bare.endswith("中心") and 2 <= len(ANYONE.sub("", compact(stem))) == len(stem)
    if is_title(bare) or is_button(bare) or is_tab_word(bare) or not (centre or _OF_A_PLATFORM.fullmatch(stem)):
        return None
    own = ANYONE.sub("", compact(stem))
    whole = bare if centre else stem  # 玩聚中心 is a name
    return whole if len(own) >= 2 and not (names_goods(own) and len(own) < 3) else None
