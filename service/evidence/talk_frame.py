"""Where on a page a conversation stands: its pane, without status bar, title bar, input bar and what apps set about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.domain.evidence import ImageFacts
from service.evidence.normalise import compact
from service.evidence.segments import Segment, rows_of
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of
from service.evidence.talk_moments import is_stamp

_INPUT = re.compile(
    r"(?:按住说话|按住|发消息.*|(?:请|点击|在此)?输入.*|(?:想|来)?说点什么?.*|想跟.*说点.*|有什么想.*|说说你的问题.*|请(?:简要|简短)?描述.*|发送给.*|回复(?:给|@)?.{0,8}|"
    r"请?在(?:这里|此处?)输入.*|(?:请|继续)?(?:补充|追加)(?:说明|描述|内容|信息|留言|回复).{0,8}|继续(?:留言|回复|提问|咨询).{0,8}|咨询.{0,6}问题.*|快捷回复|"
    r"(?:typea?|yourtype|enter(?:your)?|writea?|senda?|newtext|text|yourreplyto)?(?:message|reply|question)[.…]*|"
    r"(?:添加|加入|回复)到?(?:此|本|该)?(?:对话|会话|工单|请求|讨论).{0,4}|add(?:to(?:the|this)?|an?|your)?(?:conversation|ticket|comment|reply|message)[.…]*|"
    r"(?:type|write|ask)(?:your|a|an|here|us).*|message.*|imessage|aa|textmessage)[.。…]*"
)
_SEND = re.compile(
    r"(?:发送|发送\([a-z+]*\)|send|sendmessage|提交回复|回复|表情|语音|图片|相册|拍照|文件|截图|[+＋]|reply|forward|replyall)"
)
_TITLE = re.compile(
    r"(?:我的|在线|人工|智能|联系|官方|专属)?(?:客服|客户服务)(?:中心|会话)?|消息|会话|工单|(?:客服)?(?:会话|聊天|工单|沟通|咨询|对话)(?:记录|详情|历史)|"
    r"(?:live)?chat(?:withus)?|(?:customer)?support|messages|(?:ticket|conversation)(?:details?)?"
)
# What apps set around the words: who is there, what was read, what can be done.
CHROME = re.compile(
    r"(?:已读|未读|送达|已送达|已发送|全部已读|\d+人?(?:已读|未读)|read|delivered|seen|sent|结束|结束会话|转人工|评价|更多|返回|关注|已关注|进店|进入店铺|"
    r"对方正在输入.*|正在输入.*|(?:手机|电脑)?在线|离线|忙碌|online|offline|active(?:now)?|typing.*|lastseen.*|"
    r"[^\w]?(?:we(?:'?re|are))?(?:online|offline|active(?:now)?|在线|客服在线)[^\w]?(?:.{0,12}(?:repl(?:y|ies)in|回复).{0,8})?|"
    r"(?:usually|typically)repl(?:y|ies).{0,16}|(?:平均|通常|一般|预计)?\d{0,3}(?:分钟|小时|秒)?内?(?:回复|响应).{0,3}(?:店铺)?评分\d.*|"
    r"(?:平均|通常|一般|预计)\d{0,3}(?:分钟|小时|秒)?内?(?:回复|响应)|店铺评分\d.*|"
    r"发送(?:订单|链接|商品)?|send(?:order)?|查看(?:详情|更多消息|历史消息)|(?:你|您)正在咨询的?(?:订单|商品).*|(?:[<>‹›←•·.…|+×]+)|end|back|"
    r"to(?:me|support|us|you)|(?:发|收件)给我)"
)
# A photo shows more than the screen; text keeps this far from a screen's edges.
_MARGIN_OF_PHOTO = 0.04
_TITLE_REACH = 0.3
_LOW = 0.65
# A title is printed this much larger than what is said; an age or a moment in a list of talks that much smaller.
_LARGER = 1.12
_DRAWN_OVER = 3.0


def pane_of(sheet: Sheet, image: ImageFacts) -> tuple[float, float]:
    """Left and right edge of the conversation: the page's, or on a wide one the pane's that moments or the input bar
    stand in."""
    slack = _MARGIN_OF_PHOTO * sheet.bounds.width
    if image.width <= image.height:
        return max(0.0, sheet.bounds.x0 - slack), min(float(image.width), sheet.bounds.x1 + slack)
    right = sheet.bounds.x1
    # A moment at the right edge of all that stands there heads a turn; only one with room behind it is centred.
    middles = [
        one.center_x
        for one in sheet.segments
        if is_stamp(one.text) and 0.35 < one.center_x / image.width < 0.85 and one.box.x1 < right - sheet.unit
    ]
    field = next((one for one in sheet.segments if _is_field(one, sheet)), None)
    if field and field.box.x0 > 0.25 * image.width:  # a widget or pane at the right begins with its field
        begin = max(field.box.x0 - 2 * sheet.unit, sheet.bounds.x0 - sheet.unit)
        # Moments stand amid it; its text need not reach its right edge.
        amid = sorted(one for one in middles if one > begin)
        return begin, max(right, 2 * amid[len(amid) // 2] - begin) if amid else right
    if len(middles) < 1:
        return sheet.bounds.x0, right
    left = 2 * sorted(middles)[len(middles) // 2] - right
    return max(left, sheet.bounds.x0 - sheet.unit), right


def talk_of(sheet: Sheet, left: float, right: float) -> list[Segment]:
    """The page without status bar, title bar and input bar."""
    bar = {id(one) for one in bar_of(sheet)}
    # What is set this much larger than the rest was drawn over the talk, slanted.
    over = {id(one) for one in sheet.segments if one.box.height > _DRAWN_OVER * sheet.unit} | _strewn(sheet)
    print_rows = rows_of([one for one in sheet.segments if id(one) not in over]) if over else sheet.rows
    rows = [[one for one in row if one.box.x1 > left] for row in print_rows if not any(id(one) in bar for one in row)]
    rows = [row for row in rows if row]
    if rows and _is_title_row(rows, bool(bar), left, right, sheet.unit):
        rows = rows[1:]
    while rows and _is_bar_at_foot(rows[-1], sheet, left, right):
        rows.pop()
    edge = min(_input_edge(rows, sheet), _offers_edge(rows, sheet))
    head = sheet.bounds.y0 + _HEAD * sheet.bounds.height
    return [
        one
        for row in rows
        for one in row
        if one.box.y0 < edge and not is_chrome(one) and not (one.center_y < head and _is_of_the_head(one))
    ]


def is_chrome(one: Segment) -> bool:
    """What an app sets around the words, with the menu's dots read on to it: 进店···."""
    form = compact(one.text).strip(":")
    return CHROME.fullmatch(form) is not None or CHROME.fullmatch(form.rstrip("….·•")) is not None


def _is_of_the_head(one: Segment) -> bool:
    return _OF_THE_HEAD.fullmatch(compact(one.text).strip("….·•:")) is not None


_HEAD, _OF_THE_HEAD = 0.14, re.compile(r"help|帮助|店铺|(?:visit|view)?(?:shop|store)|info|详情|投诉|举报")


def _strewn(sheet: Sheet) -> set[int]:
    """The words of a watermark and shreds of them: so often, at so many places across the page, as no name stands."""
    places: dict[str, set[int]] = {}
    for one in sheet.segments:
        form = compact(one.text)
        if 2 <= len(form) <= _LONGEST_MARK and form.isalpha():
            places.setdefault(form, set()).add(round(one.box.x0 / max(_MARKS_APART * sheet.unit, 1.0)))
    counts = Counter(compact(one.text) for one in sheet.segments)
    marks = [
        form for form, columns in places.items() if len(columns) >= _FEWEST_COLUMNS and counts[form] >= _FEWEST_MARKS
    ]
    return {id(one) for one in sheet.segments if (form := compact(one.text)) and any(form in mark for mark in marks)}


_LONGEST_MARK, _MARKS_APART, _FEWEST_COLUMNS, _FEWEST_MARKS = 12, 2.0, 4, 5


def read_marks(sheet: Sheet) -> list[Segment]:
    """What apps set beside the owner's words: whether they were read."""
    return [one for one in sheet.segments if _READ.fullmatch(compact(one.text))]


_READ = re.compile(r"已读|未读|已?送达|read|unread|delivered|seen")
_AROUND_A_TITLE = re.compile(r"^[<>《〈‹←×xv|]+|[(（](?:在线|离线|online|\d+)[)）]$|[·.…|]+$")


def has_input(sheet: Sheet) -> bool:
    """A field to type into stands at the page's foot."""
    return any(_is_field(one, sheet) for one in sheet.segments)


def _input_edge(rows: Sequence[Sequence[Segment]], sheet: Sheet) -> float:
    """The upper edge of the field to type into, or of the buttons beside it."""
    fields = [one.box.y0 for row in rows for one in row if _is_field(one, sheet)]
    buttons = [one.box.y0 for row in rows for one in row if _is_low(one, sheet) and _SEND.fullmatch(compact(one.text))]
    edges = fields or buttons[-1:]
    return min(edges) - 0.2 * sheet.unit if edges else float("inf")


def _offers_edge(rows: Sequence[Sequence[Segment]], sheet: Sheet) -> float:
    """The upper edge of the answers offered in one row right over the field: 转人工 查订单 退款进度."""
    fields = [one for row in rows for one in row if _is_field(one, sheet)]
    if not fields:
        return float("inf")
    field = min(fields, key=lambda one: one.box.y0)
    over = [one for row in rows for one in row if one.box.y1 <= field.box.y0 + 0.2 * sheet.unit]
    lowest = max((one.center_y for one in over), default=0.0)
    # A photo slants the row.
    row = [one for one in over if one.center_y >= lowest - _ONE_ROW * sheet.unit and not is_chrome(one)]
    offered = (
        len(row) >= _FEWEST_OFFERS
        and field.box.y0 - max(one.box.y1 for one in row) <= _NEAR_FIELD * sheet.unit
        and all(len(one.text) <= _LONGEST_OFFER and not is_stamp(one.text) for one in row)
        and not any(_is_sentence(one.text) for one in row)
    )
    return min(one.box.y0 for one in row) if offered else float("inf")


_FEWEST_OFFERS, _LONGEST_OFFER, _NEAR_FIELD, _ONE_ROW = 2, 18, 3.0, 0.8


def _is_bar_at_foot(row: Sequence[Segment], sheet: Sheet, left: float, right: float) -> bool:
    """Icons beside a field nothing is typed into, read as a letter or two, or three and more answers offered abreast:
    no bubble stands so near to an edge, nor so many of them in a row."""
    if row[0].center_y < sheet.bounds.y0 + _FOOT * sheet.bounds.height:
        return False
    near = _EDGE * (right - left)
    if all(len(one.text) <= 2 and (one.box.x0 < left + near or one.box.x1 > right - near) for one in row):
        return True
    return len(row) > _FEWEST_OFFERS and all(
        len(one.text) <= _LONGEST_OFFER and not is_stamp(one.text) and not _is_sentence(one.text) for one in row
    )


_FOOT, _EDGE = 0.85, 0.07


def _is_field(one: Segment, sheet: Sheet) -> bool:
    form = compact(one.text).strip(".…。")
    return _is_low(one, sheet) and bool(_INPUT.fullmatch(form)) and not _ASKS_FOR_A_CODE.search(form)


# What a form asks for is nothing to say.
_ASKS_FOR_A_CODE = re.compile(r"代码|[码号]|账户|帐户|密|金额|数量|code|key|pin|password|account|amount|number")


def _is_low(one: Segment, sheet: Sheet) -> bool:
    return one.center_y > sheet.bounds.y0 + _LOW * sheet.bounds.height


def _is_title_row(rows: Sequence[Sequence[Segment]], below_bar: bool, left: float, right: float, unit: float) -> bool:
    """The row under the status bar; without a bar a centred name that is no moment, or larger print at the very top."""
    row, width = rows[0], right - left
    if any(is_talk_title(one.text) for one in row):
        return True
    if row[0].center_y > _TITLE_REACH * width or any(is_stamp(one.text) for one in row):
        return False
    if below_bar or row[0].text[0] in "<《〈‹←":
        return True
    bare = [one for one in row if not CHROME.fullmatch(compact(one.text))]
    if bare and all(one.box.height >= _LARGER * unit for one in bare) and not _is_sentence(bare[0].text):
        return True
    middle = (left + right) / 2
    return len(bare) == 1 and abs(bare[0].center_x - middle) <= 0.08 * width and len(bare[0].text) <= 14


def _is_sentence(text: str) -> bool:
    return re.search(r"[,，。!！?？]", text) is not None


def is_talk_title(text: str) -> bool:
    """A conversation's title, with the way back before it and who is there behind it."""
    return bool(_TITLE.fullmatch(_AROUND_A_TITLE.sub("", compact(text))))
