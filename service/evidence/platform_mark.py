"""Whose page it is: a watermark, a seal, a footer that names the provider, or the name in the title bar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from rapidfuzz import fuzz

from service.domain.evidence import Box, Field, FieldName, PageKind
from service.evidence.amounts import parse_amount
from service.evidence.labels import hits_in
from service.evidence.mark_words import LONGEST, NAV_TAIL, below_bar, is_bare_name, is_name, is_navigation, is_title
from service.evidence.normalise import clean, compact, is_cjk, words_only
from service.evidence.segments import Segment, overlap_y, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.talk_frame import is_talk_title
from service.evidence.times import is_moment
from service.evidence.values import tidy
from service.evidence.vocabulary import (
    is_button,
    is_payment_method,
    is_tab_word,
    names_goods,
    status_text,
)

_FOOTER = (
    re.compile(
        r"(?:^|[,，。\s])(?:本(?:服务|页面|订单|凭证|回单|平台|交易)?|该服务|服务)?由(?P<name>[^,，。;；:：]{2,30}?)(?:提供|出具|运营|承运|开具)"
    ),
    re.compile(r"^(?P<name>[^,，。;；:：]{2,30}?)提供(?:技术)?(?:服务|支持)"),
    re.compile(r"(?:技术支持|服务提供方|服务商|运营方|出具机构|主办单位)[:：]\s*(?P<name>\S.{1,30})"),
    re.compile(r"(?:powered|provided|operated|issued) by:?\s*(?P<name>[\w一-鿿][^,;|。]{1,30})", re.IGNORECASE),
    re.compile(
        r"(?:©|\(c\)|copyright)+\s*(?:©|\(c\))?\s*(?:20\d{2}(?:\s*[-–~]\s*(?:20\d{2}|\w+))?)?[\s,]*"
        r"(?P<name>[A-Za-z一-鿿][^,;|©。]{1,40}?)(?:\s*(?:版权所有|保留所有权利|all rights.*|\d{4}.*)|[.。]?)?$",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<name>[^,，。;；:：\s]{2,30}?)\s*版权所有"),
)
_CONTACT = re.compile(r"\s*(?:\b(?:call|tel|phone|hotline|contact|help)\b|客服|电话|热线|\d{3,}-?\d).*$", re.IGNORECASE)
_SEAL = re.compile(
    r"^(?P<name>.{0,30}?(?:专用章|业务章|电子印?章|电子签章|公章|财务章|回单章|收讫章|样张|样本|SPECIMEN|SAMPLE))\W*$"
)
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
# Words every app uses; a title made of nothing else names no platform.
_ANYONE = re.compile(
    r"买家|卖家|商家|用户|客户|顾客|电子|我的?|订单|详情|明细|信息|支付|付款|充值|话费|流量|手机|会员|中心|卡券|卡密|账单|结果|成功|失败|记录|在线|客服|官方|平台|商城|商店|"
    r"首页|购买|查询|商品|分类|号|兑换|激活|钱包|余额|网|银行|交易|转账|服务|游戏|点卡|直充|自助|个人|全部|安全|帮助|助手|快捷|移动|网上|数码|科技|文化|超市|"
    r"online|customer|my|support|payment|purchase|transaction|transfer|sales|refund|pay|wallet|bank|store|shop|mall|market|digital|games?|cards?|order|the"
)
_TITLE_TAIL = re.compile(
    r"[\s·•|\-–—_/]*(?:游戏|话费|流量|手机|点卡|卡券|卡密|会员)?(?:订单|账单|交易|支付|付款|充值|购买|兑换)?(?:详情|明细|结果|记录|凭证|中心)$"
)
# A watermark is read this often at least, in as many places.
_REPEATS, _TILTED_REPEATS = 3, 2
_ALIKE = 80.0
# Upright text is about as wide as its letters are high each (a Han character counts two Latin ones).
_TILTED = 0.45
_IN_THE_TITLE = 0.9
_RECEIPT = re.compile(r"(?:电子)?(?:小票|收据|回单|凭证|发票|账单|消费单)|(?:e-?)?(?:receipt|invoice|ticket)")
# Who issues or shows it, as records name it. Who sells it is a shop, not the platform.
_ISSUER_KEY = re.compile(
    r"(?:发行|发卡|发券|出票|出品|售卡|签发|出具|承销|券|卡)(?:方|人|机构|单位|商|平台|商家)|(?:所属|购买|下单|交易|来源|销售|充值|服务|发货|订单)平台|平台(?:名称)?|"
    r"(?:订单|交易|消息|页面)来源|(?:issued|provided)by|issuer|platform|marketplace|source"
)
_FROM = re.compile(
    r"^(?:(?:消息|页面|本页)?来自|发自|from)[\s:]*[「“\"]?(?P<name>[^\d,，。:：「」“”\"]{2,20}?)[」”\"]?(?:的(?:通知|消息|短信|邮件|订单|分享))?$",
    re.IGNORECASE,
)
# A notice of a service account: its sender's name stands over its title.
_NOTICE = re.compile(r".{0,10}(?:提醒|通知|凭证|助手|小票|到账|成功)(?:通知|提醒)?")
# What a foot of a page calls for help with: the provider's own support.
_SUPPORT_FOOT = re.compile(
    r"^(?P<name>[^\s\d,，。;；:：][^\d,，。;；:：]{1,24}?)\s*(?:官方|在线)?"
    r"(?:客服(?:中心|热线|电话)?|服务热线|热线|customer service|support|help cent(?:er|re))"
    r"(?:[\s:：]*[\d-]{5,})?$",
    re.IGNORECASE,
)
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


def find_mark(sheet: Sheet, kind: PageKind, found: Sequence[Field]) -> Field | None:
    """The platform's mark, the strongest first: a watermark, a seal, a footer, the title bar.

    ``found``: the page's other fields; what stands in a cropped page's first row may be its payee or goods.
    """
    if kind is PageKind.IDENTITY:
        return None
    taken = {field.box for field in found}
    return (
        _watermark(sheet)
        or _seal(sheet)
        or _issuer(sheet, taken)
        or _footer(sheet)
        or _letterhead(sheet, taken)
        or _titled(sheet, kind, taken)
        or _on_the_card(sheet, kind, found)
        or _service_account(sheet, taken)
        or _support_foot(sheet, taken)
    )


def _field(value: str, pieces: Sequence[Segment], rule: str, trust: float = 1.0) -> Field:
    return Field(
        name=FieldName.PLATFORM_MARK,
        value=value,
        text=pieces[0].raw,
        score=round(trust * max(piece.score for piece in pieces), 4),
        box=_box(pieces),
        rule=rule,
    )


def _box(pieces: Sequence[Segment]) -> Box:
    return union(piece.box for piece in pieces)


# --- watermark and seal --------------------------------------------------------------------------------------------


def _watermark(sheet: Sheet) -> Field | None:
    """The same words in several places, tilted, or strewn over rows and columns as no list sets its buttons."""
    best: list[Segment] = []
    for group in _alike(sheet.free):
        if len(group) <= len(best) or not _may_mark(group[0]):
            continue
        tilted = sum(is_tilted(one) for one in group)
        strewn = len(group) >= _REPEATS and _columns(group, sheet.unit) >= 2 and _staggered(group, sheet)
        if tilted >= _TILTED_REPEATS or (strewn and _ANYONE.sub("", compact(group[0].text))):
            best = group
    if not best:
        return None
    best = sorted(best, key=lambda one: -one.score)
    return _field(tidy(best[0].raw), best, "watermark")


def _alike(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Groups of pieces that read alike; faint and tilted text is read a little differently each time."""
    groups: list[tuple[str, list[Segment]]] = []
    for one in segments:
        form = words_only(one.text)
        if len(form) < 2 or len(one.text) > LONGEST:
            continue
        group = next((known for key, known in groups if fuzz.ratio(key, form, score_cutoff=_ALIKE)), None)
        if group is None:
            groups.append((form, [one]))
        else:
            group.append(one)
    yield from (group for _, group in groups if len(group) >= _TILTED_REPEATS)


def _may_mark(segment: Segment) -> bool:
    form = words_only(segment.text)
    letters = sum(2 if is_cjk(character) else character.isalpha() for character in form)
    return (
        letters >= 4
        and not is_button(segment.text)
        and not is_tab_word(segment.text)
        and status_text(segment.text) is None
        and parse_amount(segment.text) is None
        and not is_moment(segment.text)
    )


def is_tilted(segment: Segment) -> bool:
    """Whether a piece's box is far too high for its text: it was written aslant."""
    letters = sum(1.0 if is_cjk(character) else 0.5 for character in segment.text if not character.isspace())
    return letters >= 3 and segment.box.width < _TILTED * letters * segment.box.height


def _columns(group: Sequence[Segment], unit: float) -> int:
    edges = sorted(one.box.x0 for one in group)
    return 1 + sum(second - first > 2 * unit for first, second in pairwise(edges))


def _staggered(group: Sequence[Segment], sheet: Sheet) -> bool:
    """Over several rows, with other text running through some of them: not the cells of one table's column."""
    rows = {round(one.center_y / max(2 * sheet.unit, 1e-6)) for one in group}
    own = {id(one) for one in group}
    crossed = sum(
        any(
            id(other) not in own and overlap_y(other.box, one.box) > 0.3 and _overlaps(other, one)
            for other in sheet.segments
        )
        for one in group
    )
    edges = {round(one.box.x0 / max(3 * sheet.unit, 1e-6)) for one in group}
    return len(rows) >= 2 and (crossed >= 1 or len(edges) > len(group) / len(rows) + 1)


def _overlaps(first: Segment, second: Segment) -> bool:
    return min(first.box.x1, second.box.x1) > max(first.box.x0, second.box.x0)


def _seal(sheet: Sheet) -> Field | None:
    for one in sheet.segments:
        match = _SEAL.match(one.text)
        if match and not hits_in(one.text):
            return _field(tidy(match["name"]), [one], "seal")
    return None


# --- footer and title bar ------------------------------------------------------------------------------------------


def _footer(sheet: Sheet) -> Field | None:
    middle = (sheet.bounds.y0 + sheet.bounds.y1) / 2
    for one in reversed(sheet.segments):
        if one.center_y < middle:
            return None
        for pattern in _FOOTER:
            match = pattern.search(one.text)
            name = tidy(_CONTACT.sub("", match["name"])) if match else ""
            if len(name) >= 2 and not re.fullmatch(r"[\d\W]+|您|你|我们|商家|卖家|系统|平台", name):
                return _field(name, [one], "footer", 0.95)
    return None


def _issuer(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """Behind or beside 发行方, 交易平台, 来自 and the like; a name, no number."""
    for one in sheet.segments:
        said = _FROM.match(one.text)
        if said and is_name(said["name"]) and "@" not in said["name"]:
            return _field(tidy(said["name"]), [one], "said to be from", 0.95)
        key, _, inline = clean(one.text).partition(":")
        if not _ISSUER_KEY.fullmatch(compact(key)):
            continue
        beside = [other for other in sheet.segments if other.box.x0 >= one.box.x1 and same_row(one.box, other.box)]
        if inline.strip() and is_name(inline.strip()):
            return _field(tidy(inline.strip()), [one], "issuer", 0.95)
        if not inline and len(beside) == 1 and beside[0].box not in taken and is_name(beside[0].text):
            return _field(tidy(beside[0].raw), beside, "issuer", 0.95)
    return None


def _service_account(sheet: Sheet, taken: Set[Box]) -> Field | None:
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
            return _field(tidy(name.raw), [name], "service account", _IN_THE_TITLE)
    return None


def _support_foot(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """星河商城客服热线 at the foot: the support is the platform's own."""
    foot = sheet.bounds.y0 + 0.75 * sheet.bounds.height
    for one in reversed(sheet.segments):
        if one.center_y < foot:
            return None
        match = _SUPPORT_FOOT.match(one.text)
        name = match["name"].strip() if match else ""
        own = _ANYONE.sub("", compact(name))
        if len(own) >= 2 and not re.search(
            r"联系|咨询|拨打|致电|请|如|商家|卖家|问题|需要|contact|call|need|get", name, re.IGNORECASE
        ):
            return None if one.box in taken else _field(tidy(name), [one], "support at the foot", _IN_THE_TITLE)
    return None


def _letterhead(sheet: Sheet, taken: Set[Box]) -> Field | None:
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
            return _field(tidy(name.raw), [name], "letterhead", _IN_THE_TITLE)
    return None


def _on_the_card(sheet: Sheet, kind: PageKind, found: Sequence[Field]) -> Field | None:
    """On a drawn card the issuer's name stands first, alone, right over the goods' name; nothing else is above."""
    goods = next((field.box for field in found if field.name is FieldName.PRODUCT), None)
    rows = below_bar(sheet)
    if kind is not PageKind.DELIVERY or goods is None or not rows or len(rows[0]) != 1:
        return None
    name = rows[0][0]
    close = -0.5 * name.box.height <= goods.y0 - name.box.y1 <= name.box.height
    if close and abs(name.box.x0 - goods.x0) <= sheet.unit and is_bare_name(name):
        return _field(tidy(name.raw), [name], "name on the card", _ON_A_CARD)
    return None


def _titled(sheet: Sheet, kind: PageKind, taken: Set[Box]) -> Field | None:
    """A platform's name in the first row under the status bar; further down stand shops, payees and goods."""
    rows = below_bar(sheet)
    if logo := _logo(rows, sheet):
        return _field(tidy(NAV_TAIL.sub("", logo.raw)), [logo], "logo", _IN_THE_TITLE)
    if rows and len(rows[0]) == 1 and (issuer := _issuing(rows[0][0].text)):
        return _field(issuer, rows[0], "receipt's title", _IN_THE_TITLE)
    for one in rows[0] if rows else []:
        # A bill without its title bar begins with whom it paid.
        known = kind is not PageKind.PAYMENT or _KNOWN.search(one.text)
        if known and one.box not in taken and (name := _name_of(one.text)):
            return _field(name, [one], "title bar", _IN_THE_TITLE)
    return None if kind is PageKind.PROMPT else _corner(rows, sheet, taken)


def _issuing(title: str) -> str | None:
    match = _ISSUED.fullmatch(clean(title).strip(" <>‹›←"))
    own = _ANYONE.sub("", compact(match["name"])) if match else ""
    return tidy(match["name"]) if match and len(own) >= 2 and not hits_in(title) else None


def _corner(rows: Sequence[Sequence[Segment]], sheet: Sheet, taken: Set[Box]) -> Field | None:
    """A site's name alone in the top left corner of a desktop page."""
    if not rows or sheet.bounds.width <= sheet.bounds.height:
        return None
    first = min(rows[0], key=lambda one: one.box.x0)
    left = first.box.x0 <= sheet.bounds.x0 + _CORNER_X * sheet.bounds.width
    high = first.center_y <= sheet.bounds.y0 + max(_CORNER_Y * sheet.bounds.height, 1.5 * sheet.unit)
    name = NAV_TAIL.sub("", first.text)
    if is_talk_title(name) or _OF_A_PAGE.search(name):
        return None
    if not left or not high or len(name) > _LONGEST_CORNER or first.box in taken or not is_bare_name(first):
        return None
    return _field(tidy(NAV_TAIL.sub("", first.raw)), [first], "corner", _IN_THE_TITLE)


def _logo(rows: Sequence[Sequence[Segment]], sheet: Sheet) -> Segment | None:
    """The name before a site's navigation, over it in its column, or alone over a receipt's title."""
    if not rows:
        return None
    first = rows[0][0] if len(rows[0]) > 1 else min(rows[0], key=lambda one: one.box.x0)
    column = [one for one in sheet.segments if one is not first and abs(one.box.x0 - first.box.x0) <= sheet.unit]
    leads = sum(is_navigation(one) for one in rows[0]) >= 2 or sum(is_navigation(one) for one in column) >= 2
    middle = (sheet.bounds.x0 + sheet.bounds.x1) / 2
    alone = len(rows) > 1 and len(rows[0]) == len(rows[1]) == 1
    titled = (
        alone
        and _RECEIPT.fullmatch(compact(rows[1][0].text)) is not None
        and abs(first.center_x - middle) <= 0.1 * sheet.bounds.width
    )
    if leads and not is_bare_name(first):
        return None
    return first if leads or (titled and is_bare_name(first)) else None


def _name_of(text: str) -> str | None:
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
    centre = bare.endswith("中心") and 2 <= len(_ANYONE.sub("", compact(stem))) == len(stem)
    if is_title(bare) or is_button(bare) or is_tab_word(bare) or not (centre or _OF_A_PLATFORM.fullmatch(stem)):
        return None
    own = _ANYONE.sub("", compact(stem))
    return stem if len(own) >= 2 and not (names_goods(own) and len(own) < 3) else None
