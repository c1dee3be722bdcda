"""The product: behind its key, else the title of its card; where the two differ, the key's value with a note."""

from __future__ import annotations

import re
from dataclasses import replace

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence import product_card
from service.evidence.amounts import parse_amount
from service.evidence.dialogs import details_of
from service.evidence.doubt import doubted
from service.evidence.goods_words import goods_chance, is_unlike_goods
from service.evidence.labelled_text import UNLABELLED, UNSURE, is_title, labelled_text
from service.evidence.lexicon import Label
from service.evidence.normalise import compact, words_only
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.shelves import shelf_of
from service.evidence.text_grammar import REMARK
from service.evidence.times import is_moment
from service.evidence.title_lines import title_text
from service.evidence.title_words import asks_of_the_reader, is_tag, is_title_text, names_columns, without_badge
from service.evidence.vocabulary import is_button, is_tab_word, names_goods, status_text

_OF_AN_ORDER = (Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT, Label.PAID, Label.PAID_AT, Label.TRADE_NUMBER)
_FEWEST_DETAILS = 2
# What was done with the money rather than what it bought.
_A_DEED = re.compile(
    r"(?:网上|网络|线上|快捷|无卡|扫码|商户|第三方|在线)*(?:购物|消费|支付|付款|转账|汇款|交易|代扣|扣款|充值|缴费)|(?:online|gift|in-?game|in-?app)(?:purchase|payment|shopping)|purchase|payment|transfer|top-?up|recharge|shopping"
)
_REMARK = re.compile(
    rf"(?:{REMARK.pattern}|(?:付款|支付|交易|转账)(?:详情|明细|描述|内容)|(?:payment|transaction|transfer)(?:details?|description|for)):?$"
)
# Money for other ends than goods of a shop.
_NO_GOODS = re.compile(r"房租|租金|工资|薪|借款|还款|还钱|贷|生活费|学费|红包|押金|定金|报销|礼金|货款|往来")
_FROM_A_REMARK = 0.85
_CENTS = 2
# What a title carries at its end without being part of the name.
_TAIL = re.compile(
    r"(?<=[^\dx×X*\s])(?:\s*[x×]|\s+\*)\s?\d{1,2}$|\s+[x×X*]\s?\d{1,2}$|\s*[¥￥]\s?\d[\d,]*(?:\.\d{1,2})?$|(?<!详情)(?<!订单)(?<!记录)\s*查看(?:详情|商品)?$"
)


# What a card is worth is part of its name: E-Gift Card ¥15.
_WORTH = re.compile(r"(?:card|voucher|code|top-?up|充值|面值|卡|券)\s?[¥￥$]\s?\d[\d,]*(?:\.\d)?$", re.IGNORECASE)


def find_product(sheet: Sheet, kind: PageKind) -> Field | None:
    if kind in (PageKind.CHAT, PageKind.IDENTITY):
        return None
    labelled = _labelled(sheet)
    carded = _carded(sheet, kind)
    if labelled is None:
        return carded or (_remarked(sheet) if kind is PageKind.PAYMENT else None)
    if _heads_several(sheet, labelled):
        return None
    if carded and _differ(str(labelled.value), str(carded.value)):
        return doubted(labelled, f"a card shows {carded.value}")
    return labelled


def _labelled(sheet: Sheet) -> Field | None:
    if sheet.asks_to_pay and not sheet.keys_of(*_OF_AN_ORDER):
        return None
    found = labelled_text(sheet, FieldName.PRODUCT, Label.PRODUCT, accept=is_product, wraps=True)
    # 商品信息 heads a section; with a name beside it, it is that name's key.
    section = found or labelled_text(sheet, FieldName.PRODUCT, Label.PRODUCT_SECTION, accept=is_title_text, wraps=True)
    start, end = shelf_of(sheet)
    if section and start <= (section.box.y0 + section.box.y1) / 2 <= end:
        return None  # Bundle (2 items) among what else is sold
    return _bare(section) if section else None


def _remarked(sheet: Sheet) -> Field | None:
    """What a payer wrote of what the money is for, where it speaks of goods."""
    for label in (Label.OTHER_TEXT, Label.VOUCHER_NUMBER):
        found = labelled_text(sheet, FieldName.PRODUCT, label, accept=_is_bought, wraps=True, keys=_REMARK)
        if found:
            return doubted(_bare(found), "told from the payer's remark", _FROM_A_REMARK)
    return None


def _is_bought(text: str) -> bool:
    return is_product(text) and is_title_text(text) and _speaks_of_goods(text) and not _NO_GOODS.search(text)


def _speaks_of_goods(text: str) -> bool:
    return names_goods(text) or goods_chance(text) >= _LIKELY


_LIKELY = 0.6


def _heads_several(sheet: Sheet, found: Field) -> bool:
    """Whether the key heads a column in which priced goods of several names stand."""
    if not found.rule.endswith("below"):
        return False
    priced = [
        one
        for one in sheet.free
        if abs(one.box.x0 - found.box.x0) <= sheet.unit
        and one.center_y > found.box.y0
        and is_title_text(one.text)
        and any(
            same_row(other.box, one.box) and other.box.x0 > one.box.x1 and _is_sum(other.text)
            for other in sheet.segments
        )
    ]
    return len({words_only(one.text) for one in priced}) > 1


def _is_sum(text: str) -> bool:
    amount = parse_amount(text)
    if amount is None or amount.sign < 0:
        return False  # what was taken off: Introductory offer -¥2.00
    return amount.currency is not None or amount.decimals == _CENTS


def _bare(found: Field) -> Field:
    text = str(found.value)
    bare = text if _WORTH.search(text) else _TAIL.sub("", _TAIL.sub("", text).strip()).strip()
    named = replace(found, value=without_badge(bare) or found.value)
    if is_unlike_goods(str(named.value)):
        named = doubted(named, "its words are like no goods")
    if named.value != bare and _MAY_BE_A_BADGE.match(bare):
        named = doubted(named, "what was taken for a badge before it may be its own")
    return doubted(named, "a count or price behind it may be its own") if bare != text else named


# Two characters like the best known shopping site's; its own are sure.
_MAY_BE_A_BADGE = re.compile(r"(?!天)[一-鿿]猫")


def _differ(labelled: str, carded: str) -> bool:
    first, second = words_only(labelled), words_only(carded)
    return first not in second and second not in first


def is_product(text: str) -> bool:
    return (
        len(text) >= 2
        and not _PRICED.match(text)
        and not text.endswith("。")
        and not re.fullmatch(r"[¥\d\W]+|[x×*]\s*\d+|\S+@\S+|\d+\s(?:items?|products?|games?|codes?|keys?)", text)
        and status_text(text) is None
        and not is_moment(text)
        and not re.match(r"(?:is|was|are|has|have|will|can|cannot)\b", text)
        and not is_tag(text)
        and not is_button(text)
        and not is_tab_word(text)
        and not names_columns(text)
        and not asks_of_the_reader(text)
        and not is_title(text)
        and not _A_DEED.fullmatch(compact(text))
        and not _OF_A_FORM.fullmatch(compact(text))
    )


_PRICED = re.compile(r"[¥￥]\s?\d[\d,]*\.\d{2}")
# What a form asks for: names of fields to fill in, no goods.
_OF_A_FORM = re.compile(
    r"(?:请)?(?:输入|填写|选择)?(?:您的)?(?:电子)?(?:邮箱|邮件|手机号?码?|账号|账户|帐号|密码|验证码|姓名|昵称|地区|区服|服务器|角色|数量|联系方式|备注)|"
    r"(?:your)?(?:e-?mail(?:address)?|phone(?:number)?|mobile|account|password|username|name|region|server|quantity|captcha|optional)"
)


def _carded(sheet: Sheet, kind: PageKind) -> Field | None:
    if kind is PageKind.LIST or (kind is PageKind.UNKNOWN and not sheet.keys_of(*_OF_AN_ORDER)):
        return None  # whose row, or a page that sells rather than one that records
    if kind is PageKind.PROMPT and len(details_of(sheet)) < _FEWEST_DETAILS:
        return None
    if sheet.asks_to_pay and not sheet.keys_of(Label.ORDER_NUMBER, Label.ORDERED_AT):
        return None
    pieces, sure = _title(sheet, kind)
    if not pieces:
        return None
    box = union(piece.box for piece in pieces)
    sure = sure and not any(sheet.cut_off(piece.box) for piece in pieces)
    score = round(min(piece.score for piece in pieces) * (UNLABELLED if sure else UNSURE), 4)
    return _bare(
        Field(
            name=FieldName.PRODUCT,
            value=_closed(sheet, pieces, title_text(pieces)),
            text=" ".join(piece.text for piece in pieces),
            score=score,
            box=box,
            rule="product card",
        )
    )


def _closed(sheet: Sheet, pieces: list[Segment], title: str) -> str:
    """With the bracket at its line's end, which a key's word there leaves behind: [Auto-delivery]."""
    end = sheet.lines[pieces[-1].line].text.strip()[-1:]
    return title + end if _OPEN.search(title) and end in _CLOSING else title


_OPEN, _CLOSING = re.compile(r"[\[(（【][^\])）】]*$"), ("]", ")", "）", "】")


def _title(sheet: Sheet, kind: PageKind) -> tuple[list[Segment], bool]:
    if kind is PageKind.PAYMENT:
        items = product_card.priced_lines(sheet)
        return (items[0], True) if len(items) == 1 else ([], False)
    found = product_card.find_title(sheet, priced=kind is PageKind.PROMPT)
    return (list(found.title.pieces), found.sure) if found else ([], False)
