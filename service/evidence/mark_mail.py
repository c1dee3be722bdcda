"""Whose mail it is: the sender over the reader's name or before an address; and a mail program's own folders."""

from __future__ import annotations

import re

from service.domain.evidence import Field
from service.evidence.mark_words import is_name, is_title, mark_field, speaks_to_reader
from service.evidence.normalise import compact
from service.evidence.page_memory import once_a_page
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet
from service.evidence.values import tidy
from service.evidence.vocabulary import status_text

_TO_ME = r"(?:\bto|收件人|发给|发送至|抄送|\bcc)\s?[:：]?\s?(?:me|我|自己)\b"
_SENDER = re.compile(
    r"^(?:发件人|寄件人|from|sender)?[\s:：]*[\"“]?(?P<name>[^<＜@:：\"”]{2,30}?)[\"”]?\s*(?:<|＜|\()\s*(?=[^<>()]*[A-Za-z])[\w.+-]+(?:@|e(?=\w+\.)|\.)[\w,.@-]+\s*[>＞)]?"
    rf"(?:\s*{_TO_ME}.{{0,3}})?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[<＜]\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[>＞]")
_READER = re.compile(rf"{_TO_ME}.{{0,3}}", re.IGNORECASE)
_WHEN = re.compile(
    r"\s*(?:(?:今天|昨天|前天|today|yesterday|上午|下午|凌晨|晚上)\s*)?(?:\d{1,2}:\d{2}(?:\s?[ap]m)?|"
    r"(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?|\d+ ?(?:分钟|小时|天)前|\d+ (?:minutes|hours|days) ago|"
    r"今天|昨天|yesterday)$",
    re.IGNORECASE,
)
_HEAD_OF_A_MAIL = 0.45
_CLOSE = 2.0  # line heights from the sender's line to the reader's
_BANK = re.compile(r"[一-鿿]{2,10}银行|[A-Z][\w ]{2,24} Bank")
_WALLET = re.compile(r"(?:钱包|支付|[Pp]ay|[Ww]allet)$")
_FOLDER = re.compile(
    r"(?:写(?:信|邮件)|收件箱|(?:星标|红旗|订阅|群|全部|未读|重要)邮件|(?:已发送|已删除)(?:邮件)?|草稿箱?|发件箱|垃圾(?:邮件|箱)|通讯录|"
    r"compose|newmail|inbox|starred|flagged|important|snoozed|sent(?:items|mail)?|drafts?|outbox|promotions|trash|spam|"
    r"junk(?:mail|email)?|archived?|deleted(?:items)?|allmail)[(（]?\d*[)）]?"
)
_FEWEST = 4
# The folder a mail lies in stands behind its subject.
_LABEL = re.compile(r"\s*(?:收件箱|\bInbox)\s*[×x]?$")


def sender(sheet: Sheet) -> Field | None:
    """A mail's sender, the name before the address: Quillbox <noreply@store.example>; all that say one agree."""
    top = sheet.bounds.y0 + _HEAD_OF_A_MAIL * sheet.bounds.height
    found = [(one, match) for one in sheet.segments if one.center_y <= top and (match := _SENDER.match(one.text))]
    named = [(one, match["name"]) for one, match in found if may_be(match["name"])] or _over_its_address(sheet, top)
    if len({compact(name) for _, name in named}) != 1:
        return None
    one, name = named[0]
    return mark_field(tidy(name), [one], "sender", 0.95)


def _over_its_address(sheet: Sheet, top: float) -> list[tuple[Segment, str]]:
    """The name right over its address in brackets, for which a phone's line had no room."""
    found = []
    for address in sheet.segments:
        if address.center_y > top or not _ADDRESS.fullmatch(address.text):
            continue
        reach = _CLOSE * max(address.box.height, sheet.unit)
        over = [
            one
            for one in sheet.segments
            if 0 < address.center_y - one.center_y <= reach and abs(one.box.x0 - address.box.x0) <= 0.5 * sheet.unit
        ]
        if len(over) == 1 and may_be(name := _WHEN.sub("", over[0].raw).strip()) and not speaks_to_reader(name):
            found.append((over[0], name))
    return found


def over_the_reader(sheet: Sheet) -> Field | None:
    """The name right over ``to me`` in the head of a mail on a phone, with or without the time of day behind it."""
    top = sheet.bounds.y0 + _HEAD_OF_A_MAIL * sheet.bounds.height
    reader = next((one for one in sheet.segments if one.center_y <= top and _READER.fullmatch(one.text)), None)
    if reader is None:
        return None
    reach = _CLOSE * max(reader.box.height, sheet.unit)
    over = [
        one
        for one in sheet.segments
        if 0 < reader.center_y - one.center_y <= reach and abs(one.box.x0 - reader.box.x0) <= sheet.unit
    ]
    if len(over) != 1:
        return None
    name = _WHEN.sub("", over[0].raw).strip()
    if not may_be(name) or is_title(name) or speaks_to_reader(name):
        return None
    return mark_field(tidy(name), over, "sender over the reader", 0.95)


def may_be(name: str) -> bool:
    """A bank's or a wallet's name, too, which elsewhere is a way to pay."""
    if status_text(name) or len(compact(name)) < _SHORTEST:
        return False
    return is_name(name) or _BANK.fullmatch(name.strip()) is not None or _WALLET.search(name) is not None


_SHORTEST = 2


@once_a_page
def is_folder(text: str) -> bool:
    return _FOLDER.fullmatch(compact(text)) is not None


def folders(sheet: Sheet) -> list[Segment]:
    """A mail program's folders at the page's left: Inbox, Starred, Sent, Drafts; none where there are but a few."""
    found = [one for one in sheet.segments if is_folder(one.text)]
    return found if len(found) >= _FEWEST else []


def without_folder(subject: str) -> str:
    return _LABEL.sub("", subject)
