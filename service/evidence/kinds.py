"""What kind of page it is, told from titles, labels and how amounts stand on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.evidence import PageKind
from service.evidence.account_field import tops_up_a_phone
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.conversation import converses
from service.evidence.dialogs import DETAILS, asks, details_of, lies_over, says_and_closes
from service.evidence.given_codes import records_an_order
from service.evidence.given_pages import gives_a_code
from service.evidence.identity_card import looks_like_a_card
from service.evidence.labelled_text import in_title_bar
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.progress import is_tabs, progresses
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.talk_frame import has_input
from service.evidence.talk_signs import is_conversation
from service.evidence.title_words import QUANTITY
from service.evidence.vocabulary import (
    is_button,
    is_dismissal,
    is_list_title,
    is_message_sender,
    is_order_title,
    is_payment_title,
    is_result_title,
    is_wallet,
    status_text,
)

_BILL_WORDS = re.compile(
    r"^(?:收单机构|账单分类|账单管理|对方账户|当前状态|商户全称|收款方全称|计入收支|交易单号|商户单号|查看往来记录|申请电子回单|对此订单有疑.*|对此账单有疑.*|"
    r"账单服务|可在支持的商户扫码退款|转账单号|转账时间|付款户名|收款户名|付款账号|收款账号|摘要|附言|记账日期|交易渠道|清算机构|付款人|收款人|往来记录)"
)
_ORDER_WORDS = re.compile(
    r"^(?:收货人|收货地址|运费|优惠|商品总价|商品金额|商品总额|商品合计|实付款?|下单时间|创建时间|再次购买|再来一单|申请退款|申请售后|确认收货|查看物流|"
    r"配送方式|商品信息|订单信息|共\d+件.*|x\d+|×\d+|联系商家|联系卖家|发票|退款/售后|删除订单|去评价|评价晒单|订单备注|充值账号|充值号码|发货时间|成交时间|"
    r"卖家.*|买家付款|聊一聊|拍下时间|下单账号|催发货|去分享|确认收货|使用说明|购买数量|"
    r"shipping|subtotal|quantity|qty|buyagain|itemsordered|orderdate|orderplaced)"
)
_CHAT_WORDS = re.compile(
    r"^(?:按住说话|发送|发消息.*|请输入(?:消息|内容|您的问题|问题).*|在线客服.*|人工客服.*|客服.{0,4}为您服务.*|对方正在输入.*|以上是打招呼.*|"
    r"智能客服.*|转人工.*|已读|未读|消息已发出.*|.{0,8}撤回了一条消息|以上(?:是|为)历史消息|表情|按住|请简短描述.*|"
    r"typeamessage.*|send|message|输入消息.*|说点什么.*|结束会话|在线客服|人工客服|您好.*|亲.{0,3}您好.*|亲,.*|在吗.*|你好.*|hi.{0,12}|hello.{0,12})"
)
_IDENTITY_WORDS = re.compile(r"公民身份号码|居民身份证|签发机关|有效期限|中华人民共和国|identitycard|passport")
_IDENTITY_FACE = re.compile(r"^(?:姓名|性别|民族|出生|住址)")
_CLOCK_ALONE = re.compile(
    r"(?=.*\d\s*[:：]\s*\d)(?:[\d\s:./,\-年月日号上下中午昨今前天星期周一二三四五六凌晨早晚]"
    r"|[AaPp]\.?[Mm]\b|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|day|uary|ruary|ch|il|ust|"
    r"ember|ober|yester|to)+",
    re.IGNORECASE,
)


# Titles of payments as well as of orders between two people.
_EITHER = re.compile(r"交易(?:详情|记录|明细|信息)|支付信息|交易成功|receipt|yourreceipt|收据|purchasereceipt")
# What stands before a text message's time, and how its first line begins or ends.
_SERVICE = re.compile(r"^(?:短信/彩信|短信|彩信|SMS|iMessage|文本信息|信息)\s*", re.IGNORECASE)
_SIGNED = re.compile(r"^【[^】]{2,14}】.{4,}")
_SHORTEST_SENTENCE = 5
_ORDERED = (Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT, Label.PAID_AT)
# Points that make a record, and that make one which no message beside it changes.
_A_SIGN, _A_LIKELY_RECORD, _A_SURE_RECORD = 2, 4, 6
# A message with its reason under it outweighs all but a record as long as this.
_A_LONG_RECORD = 8
_FEW_LINES = 14
# A state over this many keys with values is the state of what they record.
_A_RECORD = 3
# A page with this many of an order's details records that order, whatever its title says.
_WHOLE_RECORD, _FEW_DETAILS = 4, 2


@dataclass(frozen=True, slots=True)
class Signs:
    """What the caller found on the way: orders on the page, a big amount, the pieces of an error prompt."""

    several_orders: bool
    big_amount: bool
    negative_amount: bool
    prompt: Sequence[Segment] = ()


def classify(sheet: Sheet, signs: Signs) -> PageKind:
    """The kind of page, by signs summed.

    A message over another page is that message: PROMPT. Orders drawn as timelines, memberships and vouchers with their
    order are ORDER; a page that gives a card's secret is DELIVERY. A payment notification of a wallet is PAYMENT, a
    text message from a short number CHAT. Shelves, goods' pages and checkouts record nothing: UNKNOWN.
    """
    forms = [compact(text) for text in sheet.texts]
    if _is_identity(forms):
        return PageKind.IDENTITY
    facts = _lists_facts(sheet)
    talks = is_conversation(sheet) and not facts
    if lies_over(sheet, signs.prompt) and not (talks and not any(is_dismissal(text) for text in sheet.texts)):
        return PageKind.PROMPT
    if talks or (_is_chat(sheet, forms) and not facts) or (is_message(sheet) and not facts):
        return PageKind.CHAT
    if signs.several_orders or (_is_list(sheet) and not (signs.big_amount and _records_one_payment(sheet))):
        return PageKind.LIST
    reasoned = any(_gives_reason(said, one, sheet.unit) for said in signs.prompt for one in sheet.free)
    if _is_result(sheet, reasoned=reasoned) or asks(sheet):
        return PageKind.PROMPT
    steps = progresses(sheet)
    payment, order = _payment_score(sheet, forms, signs, steps), _order_score(sheet, forms, steps)
    prompt = bool(signs.prompt) and not _is_states(sheet, signs.prompt)
    recorded = max(payment, order) >= _A_LIKELY_RECORD
    closes = says_and_closes(sheet, prompt=prompt, big_amount=signs.big_amount, recorded=recorded)
    delivers = gives_a_code(sheet)
    gives = delivers and records_an_order(sheet)  # a code with its order's facts is no message
    if closes and not gives and max(payment, order) < (_A_LONG_RECORD if reasoned else _A_SURE_RECORD):
        return PageKind.PROMPT
    if delivers:
        return PageKind.DELIVERY
    if _asks_to_buy(sheet, signs):
        return PageKind.PROMPT if _toasts(sheet) else PageKind.UNKNOWN
    if _offers(sheet):
        says = signs.prompt or _toasts(sheet) or any(status_text(one.text) for one in sheet.free)
        return PageKind.PROMPT if says else PageKind.UNKNOWN
    order += _A_SIGN * tops_up_a_phone(sheet)  # its bill says what was bought besides
    if max(payment, order) >= _A_SIGN:
        return PageKind.PAYMENT if payment > order else PageKind.ORDER
    states = any(status_text(one.text) for one in sheet.free)
    if states and not signs.prompt and len([key for key in sheet.keys if _has_value(sheet, key)]) >= _A_RECORD:
        return PageKind.ORDER
    return PageKind.PROMPT if signs.prompt or (states and len(sheet.segments) <= _FEW_LINES) else PageKind.UNKNOWN


def _asks_to_buy(sheet: Sheet, signs: Signs) -> bool:
    """A button that pays, and neither a number, a time nor a state of anything ordered: a checkout or a shelf."""
    recorded = sheet.keys_of(*_ORDERED, Label.TRADE_NUMBER, Label.MERCHANT_NUMBER)
    states = any(status_text(one.text) and not _is_toast(sheet, one) for one in sheet.standing)
    return sheet.asks_to_pay and not recorded and not states and not signs.prompt


def _toasts(sheet: Sheet) -> bool:
    return any(_is_toast(sheet, one) for one in sheet.segments)


def _is_toast(sheet: Sheet, one: Segment) -> bool:
    """What an app says for a moment in the page's middle of what was just done: 已复制, 领取成功, Copied."""
    off = abs(one.center_x - (sheet.bounds.x0 + sheet.bounds.x1) / 2)
    return off <= _OFF_MIDDLE * sheet.bounds.width and _TOAST.fullmatch(compact(one.text)) is not None


_OFF_MIDDLE = 0.06
_TOAST = re.compile(
    r"(?:领取|复制|保存|收藏|绑定|解绑|登录|提交|操作|签到|修改|设置|更换|切换|刷新|发送|验证|添加|删除|关注|分享|加入)成功(?:[,，!！].{0,16})?|"
    r"已(?:复制|保存|领取|收藏|添加|关注|刷新|切换)(?:[,，!！]|[到至].{1,8}|成功)?.{0,12}|"
    r"(?:(?:link|code|number|text|id|image)?(?:copied|saved|added|updated|refreshed)|claimed)(?:success(?:fully)?|to\w{2,12})?[.!]?"
)


def _offers(sheet: Sheet) -> bool:
    """Sums to choose from, side by side and row under row, and nothing ordered or paid: where one tops up."""
    if sheet.keys_of(*_ORDERED, Label.TRADE_NUMBER, Label.MERCHANT_NUMBER, Label.PAID, Label.TOTAL):
        return False
    sums = [sum(any(find_amounts(one.text)) for one in row) for row in sheet.rows]
    return sum(count >= _SIDE_BY_SIDE for count in sums) >= _FEWEST_OFFERED


_SIDE_BY_SIDE, _FEWEST_OFFERED = 2, 2


def _is_states(sheet: Sheet, said: Sequence[Segment]) -> bool:
    """已过期 over or among the facts of a record is the record's state, not a message."""
    pieces = list(said)
    return (
        len(pieces) == 1
        and status_text(pieces[0].text) is not None
        and len(details_of(sheet)) >= _A_RECORD
        and not any(_gives_reason(pieces[0], one, sheet.unit) for one in sheet.free)
        and not any(is_dismissal(one.text) for one in sheet.segments)
    )


def _gives_reason(said: Segment, one: Segment, unit: float) -> bool:
    """A sentence right under what is said explains it: 充值失败 / 很抱歉，运营商处理异常."""
    under = 0 < one.center_y - said.center_y <= 3 * unit and abs(one.center_x - said.center_x) <= 3 * unit
    return (
        under and len(one.text) > len(said.text) + 2 and re.search(r"[,，。]|原因|异常|失败|抱歉", one.text) is not None
    )


def _has_value(sheet: Sheet, key: Key) -> bool:
    return key.inline is not None or bool(sheet.right_of(key))


def _is_identity(forms: list[str]) -> bool:
    strong = sum(bool(_IDENTITY_WORDS.search(form)) for form in forms)
    face = sum(bool(_IDENTITY_FACE.match(form)) for form in forms)
    return strong >= 2 or (strong >= 1 and face >= 2) or looks_like_a_card(forms)


def _is_chat(sheet: Sheet, forms: list[str]) -> bool:
    """Bubbles on both sides, moments alone in the middle, an input bar."""
    if not sheet.segments:
        return False
    words = sum(bool(_CHAT_WORDS.match(form)) for form in forms)
    numbers = sheet.keys_of(Label.ORDER_NUMBER, Label.TRADE_NUMBER)
    clocks = sum(
        bool(_CLOCK_ALONE.fullmatch(one.text))
        and one.box.y0 > sheet.bounds.y0 + 2.5 * sheet.unit
        and not any(same_row(one.box, key.box) for key in numbers)  # heads an order of a list
        for one in sheet.segments
    )
    if words >= 3 or (words >= 1 and clocks >= 1 and len(sheet.keys_of(Label.PAID, Label.TRADE_NUMBER)) == 0):
        return True
    return (clocks >= 1 and _talks_from_both_sides(sheet)) or (_records_little(sheet) and converses(sheet))


def _lists_facts(sheet: Sheet) -> bool:
    """A column of keys, each with its value, is a notice's or a letter's; who speaks has no key."""
    beside = [key for key in sheet.keys if key.hit.whole and key.inline is None and sheet.right_of(key)]
    if len({compact(key.piece.text) for key in beside}) >= _WHOLE_RECORD:
        return True
    known = [
        key
        for key in sheet.keys
        if key.label is not Label.OTHER_TEXT
        and (sheet.right_of(key) or (key.inline and key.hit.colon) or (key.hit.whole and sheet.below(key)))
    ]
    columns = [[one for one in known if abs(one.box.x0 - key.box.x0) <= sheet.unit] for key in known]
    most = max((len({key.label for key in column}) for column in columns), default=0)
    return most >= (_WHOLE_RECORD if has_input(sheet) else _A_RECORD)


def _records_little(sheet: Sheet) -> bool:
    """Hardly an order's detail, and nothing of a payment's."""
    paying = sheet.keys_of(Label.PAYEE, Label.PRODUCT, Label.PAID, Label.PAYMENT_AMOUNT)
    return len(details_of(sheet)) <= 1 and not paying


def _talks_from_both_sides(sheet: Sheet) -> bool:
    """Sentences that start at the left and sentences that end at the right, each alone in its row, and no record."""
    if len({key.label for key in sheet.keys} & DETAILS) > 1 or any(is_list_title(text) for text in sheet.texts):
        return False
    heads = (text for text in sheet.texts[:6] if status_text(text) is None)
    if len(sheet.keys_of(Label.PAID)) > 1 or any(map(is_payment_title, heads)):  # a list's cards, or one's bill
        return False
    if any((amount := parse_amount(text)) is not None and amount.currency is not None for text in sheet.texts):
        return False
    said = [row[0] for row in sheet.rows if len(row) == 1 and len(compact(row[0].text)) >= _SHORTEST_SENTENCE]
    width, left = sheet.bounds.width, sheet.bounds.x0
    mine = [one for one in said if one.box.x0 > left + 0.25 * width and one.box.x1 > left + 0.75 * width]
    theirs = [one for one in said if one.box.x0 < left + 0.25 * width and one.box.x1 < left + 0.85 * width]
    return len(mine) >= 2 and len(theirs) >= 2


def is_message(sheet: Sheet) -> bool:
    """Text messages: a short code on top, dated bubbles under it."""
    top = sheet.bounds.y0 + 6 * sheet.unit
    senders = [one for one in sheet.segments if one.center_y <= top and is_message_sender(one.text)]
    under = [one.text for one in sheet.segments if senders and one.box.y0 > senders[0].box.y1]
    dated = any(_CLOCK_ALONE.fullmatch(_SERVICE.sub("", text)) for text in under)
    return (dated or any(_SIGNED.match(text) for text in under)) and not sheet.keys_of(Label.PAID, Label.STATUS)


def _is_result(sheet: Sheet, *, reasoned: bool) -> bool:
    """A page that only says how something went: 充值结果; with a whole record under it, it is that record.

    ``reasoned``: it says why it failed, which is what the page is for; more must be recorded beside that.
    """
    details = details_of(sheet) if reasoned else _recorded(sheet)
    if len(details) >= _FEW_DETAILS and gives_a_code(sheet):
        return False  # 查询结果 over an order's codes
    return len(details) < _WHOLE_RECORD and any(
        is_result_title(one.text) and not any(_beside_right(one, other) for other in sheet.segments)
        for one in sheet.segments[:8]
    )


def _recorded(sheet: Sheet) -> set[Label]:
    """An order's details with the sum paid and, where a phone was topped up, its number."""
    paid = {Label.PAID} if any(_has_value(sheet, key) for key in sheet.keys_of(Label.PAYMENT_AMOUNT)) else set()
    numbers = {key.label for key in sheet.keys_of(Label.RUNNING_NUMBER)}
    return details_of(sheet) | paid | numbers | ({Label.RECHARGED_ACCOUNT} if tops_up_a_phone(sheet) else set())


def _beside_right(one: Segment, other: Segment) -> bool:
    """A value beside 处理结果 makes it a key; a button at the end of a title bar does not."""
    return other.box.x0 > one.box.x1 and same_row(one.box, other.box) and not is_button(other.text)


def _is_list(sheet: Sheet) -> bool:
    """Tabs of order states; or a list's title over a page without an order's details."""
    details = details_of(sheet)
    titles = [one for one in sheet.segments[:12] if is_list_title(one.text) and not _leads_to_a_list(sheet, one)]
    if titles and len(details) < 3:
        return True
    return any(is_tabs(row) for row in sheet.rows)


def _records_one_payment(sheet: Sheet) -> bool:
    """Under 交易记录 or Transaction history one payment: each of its facts stands once, beside its key."""
    labels = [key.label for key in sheet.keys if key.label in _OF_A_PAYMENT and _has_value(sheet, key)]
    return len(set(labels)) == len(labels) >= _A_RECORD and not any(is_tabs(row) for row in sheet.rows)


_OF_A_PAYMENT = (
    *(Label.PAYEE, Label.PAYMENT_METHOD, Label.TRADE_NUMBER, Label.MERCHANT_NUMBER),
    *(Label.TIME, Label.PAID_AT, Label.OTHER_TIME),
)


def _leads_to_a_list(sheet: Sheet, one: Segment) -> bool:
    """充值记录 at the right end of a title bar leads to the list, from a page with a title of its own."""
    right = one.box.x0 > sheet.bounds.x0 + 0.6 * sheet.bounds.width
    return right and any(
        other.box.x1 < one.box.x0
        and same_row(other.box, one.box)
        and sum(character.isalpha() for character in other.text) >= _SHORTEST_TITLE
        for other in sheet.segments
    )


_SHORTEST_TITLE = 2


def _payment_score(sheet: Sheet, forms: list[str], signs: Signs, steps: Sequence[Sequence[Segment]]) -> int:
    in_steps = {id(one) for group in steps for one in group}
    head = [one for one in sheet.segments[:16] if is_payment_title(one.text) and id(one) not in in_steps]
    titled = any(status_text(one.text) is None and not _EITHER.fullmatch(compact(one.text)) for one in head)
    words = sum(bool(_BILL_WORDS.match(form)) for form in forms)
    labels = len(sheet.keys_of(Label.MERCHANT_NUMBER)) + min(len(sheet.keys_of(Label.TRADE_NUMBER)), 2)
    paying = len(sheet.keys_of(Label.PAYEE, Label.PAYMENT_METHOD, Label.PAID_AT))
    wallet = any(is_wallet(one.text) and _heads(sheet, one) for one in sheet.segments[:8])
    told = 4 * titled + 3 * bool(head and not titled) + 3 * signs.negative_amount + min(2 * words, 6) + labels
    told += min(paying, 3) + 2 * wallet
    # A large price alone is what a page asks for as often as what was paid.
    return told + 2 * signs.big_amount if told and not sheet.asks_to_pay else told


def _heads(sheet: Sheet, one: Segment) -> bool:
    """A notification's sender or heading; a wallet's name elsewhere is a way to pay."""
    return in_title_bar(sheet, one) or re.search(r"凭证|通知|提醒|助手", one.text) is not None


def _order_score(sheet: Sheet, forms: list[str], steps: Sequence[Sequence[Segment]]) -> int:
    titled = any(is_order_title(one.text) for one in sheet.segments[:16])
    words = sum(bool(_ORDER_WORDS.match(form)) for form in forms)
    labels = len(sheet.keys_of(Label.ORDER_NUMBER)[:1]) * 2 + len(sheet.keys_of(Label.ORDERED_AT)[:1]) * 2
    topped_up = bool(sheet.keys_of(Label.RECHARGED_ACCOUNT)) or tops_up_a_phone(sheet)
    goods = bool(sheet.keys_of(Label.PRODUCT)) + 2 * topped_up
    goods += 2 * (goods == _NAMED_AND_FOR_WHOM)
    counted = any(QUANTITY.fullmatch(one.text) for one in sheet.free)
    delivers = bool(labels + goods) and any(_DELIVERS.fullmatch(compact(one.text)) for one in sheet.standing)
    return 4 * titled + min(words, 5) + labels + goods + 3 * bool(steps) + 2 * (counted + delivers)


_NAMED_AND_FOR_WHOM = 3  # what was bought and the account it went to: 支付结果 of an order
# States of what is handed over, which no payment is in.
_DELIVERS = re.compile(
    r"(?:商家|卖家|买家|等待|商品)?(?:待|已|正在|未)(?:发货|收货|出库|充值|发卡|提货|评价)|(?:发货|充值|出库)中|"
    r"(?:awaiting|to)(?:shipment|delivery|ship|receive)|shipped|delivered|deliver(?:ing|y)"
)
