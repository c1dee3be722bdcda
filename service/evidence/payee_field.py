"""Whom the money went to: behind a key, over a bill's amount, or over a receipt's time."""

from __future__ import annotations

import re
from dataclasses import replace

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.doubt import doubted
from service.evidence.labelled_text import UNLABELLED, is_title, labelled_text, unlabelled_text
from service.evidence.lexicon import Label
from service.evidence.money_fields import BigAmount
from service.evidence.normalise import compact
from service.evidence.paid_to import begins_with_to, named_in
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.text_values import find_text
from service.evidence.times import is_moment
from service.evidence.values import tidy
from service.evidence.vocabulary import is_button, is_tab_word, is_wallet, status_text

# A company's name ends in a dot that is printed, not a separator.
_ENDS_IN_DOT = re.compile(
    r"\b(?:Inc|Ltd|Co|Corp|Pte|Pty|Bhd|Tbk|Bros|Oy|L\.L\.C|L\.P|P\.L\.C|K\.K|B\.V|N\.V|S\.[AL]|S\.A\.S|S\.p\.A|"
    r"S\.r\.l|r\.l|s\.r\.o|a\.s|d\.o\.o|z\s?o\.o)\.$",
    re.IGNORECASE,
)
# S.à r.l. as readers give it: its last letter is like a figure or a capital.
_MISREAD_FORM = re.compile(r"(?<=\bS\.[àaáÀ] r\.)[Il1|](?=\.?$)")
_NOT_A_NAME = re.compile(
    r"^(?:(?:实付|合计|账单).*|(?:支付|付款|交易|充值|缴费|转账|消费|扣款).{0,3}成功.*|完成|\d{1,2}:\d{2}.*|[\d\W]+|.|"
    r".*(?:详情|明细|凭证|回单|账单|结果|金额|余额|面值|总额|总价|合计|\(元\)|时间|日期|页|卡号)|"
    r"(?:手机|话费|流量|账户|在线|快捷|网上|跨行|实时|普通|本次|您已|我已|商户|二维码|扫码|无卡|刷卡|线上|线下|游戏|会员|充值|缴费|支付|付款|"
    r"转账|转出|汇款|订单|交易|消费|支出|扣款|收入|购买|购物|取现|入账|出账|提现|还款|提醒|通知|类型|记录|信息)+|"
    r".{2,8}银行(?:信用卡|储蓄卡|借记卡)?(?:[(\[尾]?.{0,2}\d{4}.{0,2})?|"
    r"(?:yourorder|yourpayment|thankyou|thanksfor|amountpaid|totalpaid|youpaid|you'?vepaid|youhavepaid|ordertotal|"
    r"payment(?:successful|receipt|details|to)|transactiondetails|amountcharged|totalcharged|grandtotal|orderconfirm).*)$"
)
# English words no name of a payee starts with, unless something says who it is to.
_NO_NAME_STARTS = re.compile(
    r"(?:the|your|you|order|payment|amount|total|subtotal|receipt|invoice|transaction|transfer|purchase|money|sent|paid|"
    r"balance|charged?|price|summary|thanks?|hi|hello|dear|details?|items?|back|done|help|share|print|download|date|time|"
    r"status|refund|card|visa|mastercard|today|yesterday)\b",
    re.IGNORECASE,
)
# A sentence, a greeting, a state or a number rather than a name.
_SAYS_SOMETHING = re.compile(
    r"[。!！?？¥$€£]|[,，].*[,，]|成功|失败|已(?:支付|付款|到账|完成|发货|充值|扣款|收款)|预计|到账|感谢|欢迎|恭喜|您的|尊敬|请|"
    r"仅供|如有|1\d{2}[\d*• ]{5,9}\d{2}|尾号|\d{4}[-/.年]\d{1,2}|"
    r"thank|success|complete|received|confirmed|has been|have been|we've|you've",
    re.IGNORECASE,
)
_AN_ACCOUNT = re.compile(r"\d{4,}[\d\s*•]*$|[*•]{2,}\s*\d{2,}|银行.{0,6}[(（\[尾]")
_IS_PAID = re.compile(r"收款|payee|payto|paidto|beneficiary")


def find_payee(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> Field | None:
    plain = kind in (PageKind.ORDER, PageKind.DELIVERY, PageKind.LIST)  # where 商家 is the shop, not who was paid
    plain = plain and not _is_invoice(sheet)
    labelled = labelled_text(
        sheet, FieldName.PAYEE, Label.PAYEE, accept=_is_name, wraps=True, keys=_IS_PAID if plain else None
    )
    labelled = labelled or _holder_of_account(sheet) or _seller_of_an_invoice(sheet)
    if labelled:
        return _as_printed(labelled)
    if kind is not PageKind.PAYMENT:
        return None
    if sheet.asks_to_pay:
        return None
    if big:
        return _headline_name(sheet, big) if big.amount.sign <= 0 else None
    return _name_over_the_time(sheet)


def _holder_of_account(sheet: Sheet) -> Field | None:
    """户名 alone is whose account the money went to, where 收款账号 or 收款银行 stands next to it."""
    keys = [key for key in sheet.keys if _TO_ACCOUNT.match(compact(key.piece.text))]
    holders = [
        key
        for key in sheet.keys
        if _HOLDER.fullmatch(compact(key.piece.text))
        and any(abs(key.piece.center_y - other.piece.center_y) <= _NEXT_ROW * sheet.unit for other in keys)
    ]
    found = [value for key in holders if (value := find_text(sheet, key, _is_name, wraps=True))]
    if len({value.value for value in found}) != 1:
        return None
    value = found[0]
    return Field(
        name=FieldName.PAYEE,
        value=value.value,
        text=value.text,
        score=round(value.score * UNLABELLED, 4),
        box=value.box,
        rule="holder of the account paid to",
    )


def _seller_of_an_invoice(sheet: Sheet) -> Field | None:
    """An invoice or a receipt is made out by whom the money went to: Sold by, 销售方."""
    if not _is_invoice(sheet):
        return None
    found = labelled_text(sheet, FieldName.PAYEE, Label.OTHER_TEXT, accept=_is_name, wraps=True, keys=_SELLS)
    return doubted(found, "named as the seller") if found else None


def _is_invoice(sheet: Sheet) -> bool:
    return any(_INVOICE.fullmatch(compact(one.text)) for one in sheet.segments[:_HEAD])


_INVOICE = re.compile(
    r"(?:tax|sales|vat|commercial|e-?)?(?:invoice|receipt)|(?:电子|增值税|数电)?(?:普通|专用)?发票|收据"
)
_SELLS = re.compile(
    r"(?:sold|issued)by:?$|seller:?$|vendor:?$|supplier:?$|from:?$|销售方(?:名称)?:?$|开票方:?$|卖方:?$"
)
_HEAD = 8
_TO_ACCOUNT = re.compile(
    r"收款(?:账号|账户|卡号|银行|方账号|人账号|行)|入账(?:账号|卡号)|对方账号|转入(?:账号|卡号|账户)"
)
_HOLDER = re.compile(r"户名|账户名|账户名称|姓名|全称|accountname:?|户名:")
_NEXT_ROW = 4.0


_ADDRESS_BEHIND = re.compile(r"\s\S+@\S+\.\S+$")


def _as_printed(found: Field) -> Field:
    """A company's last dot is part of its name."""
    if address := _ADDRESS_BEHIND.search(str(found.value)):
        found = replace(found, value=str(found.value)[: address.start()])
    if _MISREAD_FORM.search(found.text.rstrip()):
        written = _MISREAD_FORM.sub("l", found.text.rstrip())
        found = replace(found, value=_MISREAD_FORM.sub("l", str(found.value)), text=written)
    text = found.text.rstrip()
    ends = _ENDS_IN_DOT.search(text)
    return replace(found, value=f"{found.value}.") if ends and not str(found.value).endswith(".") else found


def _is_name(text: str) -> bool:
    """A person, shop or company; not an account, a bank card or a place to tap."""
    return len(text) >= 2 and not re.fullmatch(r"[\d\W]+", text) and not _AN_ACCOUNT.search(text)


def may_name_payee(text: str) -> bool:
    """Whether text without a key may be whom the money went to, going by its words."""
    form = compact(text)
    return (
        _is_name(text)
        and len(form) <= 40
        and not _NOT_A_NAME.match(form)
        and not _ENDS_A_COMPANY.fullmatch(form)
        and not _NO_NAME_STARTS.match(text)
        and not _SAYS_SOMETHING.search(text)
        and not is_title(text)
        and not is_button(text)
        and not is_tab_word(text)
        and not is_wallet(text)
        and not is_moment(text)
        and status_text(text) is None
    )


def _name_over_the_time(sheet: Sheet) -> Field | None:
    """On a receipt without keys: whom the payment went to, right over its time or state."""
    anchors = [one for one in sheet.standing if is_moment(one.text) or status_text(one.text)]
    for anchor in anchors[:2]:
        above = [
            one
            for one in sheet.free
            if 0 <= anchor.box.y0 - one.box.y1 <= 2 * sheet.unit
            and abs(one.box.x0 - anchor.box.x0) <= sheet.unit
            and one.box.height >= anchor.box.height
            and sheet.owner(one) is None
        ]
        name = max(above, key=lambda one: one.center_y, default=None)
        if name and may_name_payee(name.text) and name.box.height >= 1.1 * sheet.unit:
            return unlabelled_text(FieldName.PAYEE, name, tidy(name.text), "name above the time")
    return None


def _headline_name(sheet: Sheet, big: BigAmount) -> Field | None:
    """The name above a bill's big amount, in the middle of the page."""
    box = union(piece.box for piece in big.pieces)
    above = [
        one
        for one in sheet.free
        if one.box.y1 <= box.y0 + 0.4 * box.height
        and box.y0 - one.box.y1 <= 4 * sheet.unit
        and (
            abs(one.center_x - (box.x0 + box.x1) / 2) <= 0.2 * sheet.bounds.width
            or (abs(one.box.x0 - box.x0) <= sheet.unit and begins_with_to(one.text))
        )
    ]
    if headed := _beside_its_portrait(sheet, big):
        return headed
    for one in sorted(above, key=lambda piece: -piece.center_y):
        if any(same_row(one.box, other.box) for other in sheet.segments if other is not one):
            continue
        name = named_in(tidy(one.text))
        if is_title(one.text) or not may_name_payee(name):
            continue
        return _as_printed(unlabelled_text(FieldName.PAYEE, one, name, "name above the amount"))
    return None


def _beside_its_portrait(sheet: Sheet, big: BigAmount) -> Field | None:
    """The name in the row right over the amount, behind its portrait's letter or before the payment's state."""
    box = union(piece.box for piece in big.pieces)
    over = [row for row in sheet.rows if max(one.box.y1 for one in row) <= box.y0 + 0.4 * box.height]
    row = over[-1] if over else []
    if len(row) < _TWO or box.y0 - max(one.box.y1 for one in row) > _OVER * sheet.unit:
        return None
    names = [one for one in row if len(compact(one.text)) > 1 and status_text(one.text) is None]
    portraits = [one for one in row if len(compact(one.text)) == 1]
    flush = abs(row[0].box.x0 - box.x0) <= _INDENT * sheet.unit
    middle = (row[0].box.x0 + row[-1].box.x1) / 2
    centred = abs(middle - (box.x0 + box.x1) / 2) <= _INDENT * sheet.unit
    if len(names) != 1 or len(portraits) > 1 or not (flush or centred):
        return None
    name = names[0]
    if any(one.box.x0 > name.box.x0 for one in portraits) or sheet.owner(name) is not None:
        return None
    text = tidy(_begun_above(sheet, name) + name.raw)
    if sheet.cut_off(name.box) or not may_name_payee(text):
        return None
    found = unlabelled_text(FieldName.PAYEE, name, text, "name beside a portrait over the amount")
    return doubted(_as_printed(found), "told by its place alone", _BY_PLACE)


def _begun_above(sheet: Sheet, name: Segment) -> str:
    """What stands right over the few characters a company's name ends in: 某某有限公司南都分 / 公司."""
    if not _ENDS_A_COMPANY.fullmatch(compact(name.text)):
        return ""
    over = [
        one
        for one in sheet.free
        if abs(one.box.x0 - name.box.x0) <= 0.5 * name.box.height
        and 0 < name.center_y - one.center_y <= _RIGHT_OVER * name.box.height
    ]
    return max(over, key=lambda one: one.center_y).raw if over else ""


_ENDS_A_COMPANY = re.compile(r"(?:股份)?(?:有?限)?(?:责任)?[分子总]?公?司|集团")
_RIGHT_OVER = 1.8
_TWO, _OVER, _INDENT, _BY_PLACE = 2, 4.0, 3.0, 0.88
