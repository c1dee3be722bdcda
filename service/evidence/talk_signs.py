"""Whether a page is a conversation, by weak signs summed: how words are set, what apps set about them, what is said."""

from __future__ import annotations

import re
from itertools import pairwise

from service.domain.evidence import ImageFacts, Speaker
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.conversation import find_messages, in_words
from service.evidence.dialogs import details_of
from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of
from service.evidence.talk_frame import has_input, is_talk_title, pane_of, talk_of
from service.evidence.talk_moments import is_stamp
from service.evidence.transcript import transcribed
from service.evidence.vocabulary import (
    is_button,
    is_dismissal,
    is_list_title,
    is_order_title,
    is_payment_title,
    status_text,
)

_GREETS = re.compile(
    r"^(?:亲[,~，]|亲爱的|您好|你好|在吗|在的|在么|请问|hi\b|hello\b|hey\b|dear\b|(?:早上|上午|中午|下午|晚上)好|.{0,12}为您服务)",
    re.IGNORECASE,
)
_SERVED = re.compile(
    r"已读$|^未读$|对方正在输入|撤回了一条消息|(?:接入|结束)(?:本次)?会话|已接入|为您服务|以上(?:是|为)(?:历史|打招呼)|转人工|满意度|"
    r"对本次服务|typing|\bdelivered\b|^read$|^seen$|joined the (?:chat|conversation)|new messages?",
    re.IGNORECASE,
)
# A form where a code is typed in sets its labels at the left and its message elsewhere, as talk does.
_TYPED_IN = re.compile(
    r"(?:请?输入|enter)(?!消息|内容|您的问题|问题|a?message).{0,24}|(?:产品|激活)?(?:密钥|兑换码|激活码|卡密|礼品卡|序列号|卡号)(?:[a-z0-9-]{8,})?:?|"
    r"(?:product|activation|gift|redeem|voucher)(?:key|code|card)(?:[a-z0-9-]{8,})?:?",
    re.IGNORECASE,
)
# The owner's picture at the right edge, as apps draw it without a photo, again and again.
_OWN_PICTURE, _OWN_EDGE, _FEWEST_TURNS = re.compile(r"我|me|我的"), 0.8, 2
# Over the order handed into a talk.
_ASKED_ABOUT = re.compile(
    r"(?:您|你)?(?:正在|想要?|当前)?咨询的?(?:订单|商品|宝贝)(?:信息)?:?|(?:asking|enquiring|chatting)?about(?:this|your)order:?"
)
_ENOUGH = 5
_MOST_FACTS = 2
_FEWEST_WORDS = 3
_MOST_OF_A_CARD = 4


def is_conversation(sheet: Sheet) -> bool:
    """Turns under names, or both sides speaking in words, with so many further signs; never a record of an order."""
    if _records(sheet):
        return False
    image = ImageFacts(media_type="", width=int(sheet.bounds.x1), height=int(sheet.bounds.y1))
    left, right = pane_of(sheet, image)
    talk = talk_of(sheet, left, right)
    turns = [one for one in transcribed(talk, None) if one.speaker is not Speaker.SYSTEM and in_words(one.text)]
    if len(turns) >= 2:
        return True
    about = _about(sheet)
    if about < 2 and any(_TYPED_IN.fullmatch(compact(one.text)) for one in sheet.segments):
        return False
    # A message over a page ends in its own button; its page's words may stand at both sides, too.
    least = 2 if any(is_dismissal(one.text) for one in sheet.segments) else 1
    return about >= least and _bubbling(sheet, image) + about >= _ENOUGH


def _bubbling(sheet: Sheet, image: ImageFacts) -> int:
    """Both sides speak, in turn, in sentences."""
    messages = [one for one in find_messages(sheet, image, None) if one.speaker is not Speaker.SYSTEM]
    words = [one for one in messages if in_words(one.text)]
    # The pieces of an order handed into the talk are nobody's words.
    handed = has_input(sheet) or _shows_its_matter(sheet)
    cards = [one for one in messages if not in_words(one.text) and _is_of_a_card(one.text)] if handed else []
    if not words or 3 * len(words) < 2 * (len(messages) - min(len(cards), _MOST_OF_A_CARD)):
        return -_ENOUGH
    mine = [one for one in words if one.speaker is Speaker.SELF]
    theirs = [one for one in words if one.speaker is Speaker.OTHER]
    turns = sum(first.speaker is not second.speaker for first, second in pairwise(words))
    both = bool(mine and theirs) and len(words) >= _FEWEST_WORDS
    return 3 * both + min(turns, 3) * both - 2 * (len(words) < 2)


def _shows_its_matter(sheet: Sheet) -> bool:
    return any(_ASKED_ABOUT.fullmatch(compact(one.text)) for one in sheet.segments)


def _is_of_a_card(text: str) -> bool:
    return any(find_amounts(text)) or bool(hits_in(text)) or status_text(text) is not None or is_button(text)


def _about(sheet: Sheet) -> int:
    texts = [one.text for one in sheet.segments]
    top = sheet.bounds.y0 + 0.2 * sheet.bounds.height
    bar = {id(one) for one in bar_of(sheet)}
    stamps = [one for one in sheet.segments if is_stamp(one.text) and id(one) not in bar]
    greets = sum(bool(_GREETS.search(text)) for text in texts)
    served = sum(bool(_SERVED.search(text)) for text in texts)
    edge = sheet.bounds.x0 + _OWN_EDGE * sheet.bounds.width
    mine = sum(_OWN_PICTURE.fullmatch(compact(one.text)) is not None and one.box.x0 >= edge for one in sheet.segments)
    titled = any(is_talk_title(one.text) or "客服" in one.text for one in sheet.segments if one.center_y < top)
    return 2 * has_input(sheet) + min(greets, 2) + min(served, 2) + bool(stamps) + titled + 2 * (mine >= _FEWEST_TURNS)


def _records(sheet: Sheet) -> bool:
    """An order's or a payment's facts, or the cards of a list; not where a talk says whose facts those are."""
    if _shows_its_matter(sheet):
        return False
    if len(details_of(sheet)) > _MOST_FACTS or len(sheet.keys_of(Label.PAID, Label.TRADE_NUMBER, Label.PAYEE)) > 1:
        return True
    if any(is_order_title(text) or is_payment_title(text) or is_list_title(text) for text in sheet.texts[:6]):
        return True
    sums = [one for one in sheet.segments if parse_amount(one.text) and any(find_amounts(compact(one.text)))]
    return len(sums) > 2
