"""How much a phrase is what its page says to the user, rather than words in passing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.normalise import compact
from service.evidence.paragraphs import Paragraph
from service.evidence.prompt_help import is_of_a_help_text
from service.evidence.segments import Segment, same_row, union
from service.evidence.vocabulary import is_dismissal, status_text

# A page with at most this many lines is a dialog, a toast or a result page: everything on it is said to the user.
FEW_LINES = 14
# On a fuller page the phrase must be most of what its line says.
MOST_OF_A_LINE, MOST_OF_A_LATIN_LINE = 0.55, 0.45
# Nothing but mentioned; said in a large line; a line's whole meaning; said on an all but empty page; closed by a
# button or floating over the page.
MENTIONED, IN_PASSING, A_LINE, A_PAGE, A_MESSAGE = 0, 1, 2, 3, 5
_LARGE = 1.25
# What the user should do now is no part of what happened.
_ADVICE = re.compile(
    r"[,，。;；!！]\s*(?:请|您可|如有|建议|您?还可以?|还剩|已(?:被)?限制|已冻结|无法|不能|暂不)[^,，。]*[。!！]?$|^(?:很?抱歉|对不起|提示|温馨提示)[,，:]?"
)
_GIVES_THE_REASON = re.compile(
    r"(?:失败|错误|异常|驳回)?(?:原因|信息|描述|提示)\s*[:：]|(?:error|reason|failure reason)\s*:", re.IGNORECASE
)
# The subject of a sentence said to the user counts with its verdict:
# 您的话费充值订单|充值失败, Your top-up has|not arrived.
_SAID_TO_THE_USER = re.compile(
    r"(?:抱歉|很抱歉|对不起|sorry|oops)?\W{0,3}(?:您|你|该|此|本|当前|您的|your |this |the |that |we |you )",
    re.IGNORECASE,
)
_SUBJECT, _SUBJECT_LATIN = 12, 32
_SHORTEST_KEY, _A_COLUMN = 3, 3
# What a form asks: the reasons under or beside it are for choosing.
_ASKS_FOR_REASON = re.compile(
    r"(?:请?选择)?(?:您?的?)?(?:退款|退货|申请|售后|投诉|申诉|问题|反馈|举报|维权|取消订单|取消)(?:的)?(?:原因|类型|理由|描述|说明)(?:\(?必填\)?|\*|>|:|：)*"
    r"|(?:选择|请选择)原因|(?:refund|return|claim)?reason(?:for)?(?:refund|return|yourclaim|claim)?:?|whyareyou.*|常见问题|faq|热门问题|猜你想问|问题分类"
)

# Before what the applicant wrote or chose: no message of the page's.
_OWN_WORDS = re.compile(
    r"(?:退款|退货|申请|售后|投诉|申诉|问题|反馈|补充|买家|用户|客户)+(?:的)?(?:原因|类型|理由|描述|说明|留言|备注|诉求)(?:为|是|:|：)?(?!.*(?:失败原因|驳回))|(?:refund|return|claim|buyer'?s?)?(?:reason|note|comment|message)s?:"
)


# The bare word for a reason, and what an application's record says besides.
_REASON = re.compile(r"(?:原因|理由|说明|描述|reason|details?|comments?):?")
_APPLIED = re.compile(
    r"申请(?:退款|售后|退货|时间|金额|单号|类型|编号)|(?:撤销|取消|修改)申请|服务单|售后(?:单|类型|编号)|退款(?:编号|单号|类型|金额)|"
    r"补充凭证|requestedon|refund(?:amount|request|type|id)|returnrequest|withdrawrequest"
)


def prominence(block: Paragraph, span: tuple[int, int], segments: Sequence[Segment], unit: float) -> int:
    """MENTIONED on a full page; more the more ``block.text[span]`` is the page's message."""
    pieces = block.between(*span)
    if (
        _is_choice(block, segments)
        or _is_reason_of_an_application(pieces[0], segments)
        or _is_state_of_a_row(block, segments)
        or is_of_a_help_text(block, pieces[0], segments, unit)
    ):
        return MENTIONED
    large = max(piece.box.height for piece in pieces) >= _LARGE * unit
    buttons = [one for one in segments if is_dismissal(one.text)]
    box = union(piece.box for piece in block.pieces)
    near_button = any(0 <= one.box.y0 - box.y1 <= 9 * unit for one in buttons)
    share, of_clause = _share(block, span, pieces), _share_of_clause(block, span)
    few = len(segments) <= FEW_LINES
    if near_button and (few or of_clause >= 0.2 or len(block.pieces) > 1):
        return A_MESSAGE
    over = of_clause >= _SOME_OF_A_LINE
    if over and (_is_a_snackbar(block, segments, unit) or _floats(block, segments, unit)):
        return A_MESSAGE
    if few:
        return A_PAGE + large
    if share >= (MOST_OF_A_LATIN_LINE if block.text.isascii() else MOST_OF_A_LINE):
        return A_LINE + large
    if _GIVES_THE_REASON.match(block.text):
        return A_LINE
    if max(share, of_clause) >= _SOME_OF_A_LINE and (
        _heads_the_page(block, segments) or _is_set_apart(block, segments)
    ):
        return A_LINE
    return IN_PASSING if large and share >= 0.3 else MENTIONED


def _share(block: Paragraph, span: tuple[int, int], pieces: Sequence[Segment]) -> float:
    """How much of its lines the phrase is, advice aside."""
    start, end = span
    before = block.text[:start]
    if _SAID_TO_THE_USER.match(before) and len(before) <= (_SUBJECT_LATIN if before.isascii() else _SUBJECT):
        start = 0
    said = " ".join(piece.text for piece in pieces)
    return (end - start) / max(len(_ADVICE.sub("", said)), end - start, 1)


def _is_state_of_a_row(block: Paragraph, segments: Sequence[Segment]) -> bool:
    """充值失败 at the end of a history's row, under or over the states of others, or a column of states."""
    first = block.pieces[0]
    states = sum(status_text(piece.text) is not None for piece in block.pieces)
    if len(block.pieces) > 1:
        return states >= _A_COLUMN and states > 0.5 * len(block.pieces)
    if not states:
        return False
    others = [
        one
        for one in segments
        if abs(one.box.x1 - first.box.x1) <= first.box.height
        and not same_row(one.box, first.box)
        and status_text(one.text) is not None
    ]
    return bool(others) and any(
        one.box.x1 <= first.box.x0 and same_row(one.box, first.box) and len(one.text) >= _SHORTEST_KEY
        for one in segments
    )


def _share_of_clause(block: Paragraph, span: tuple[int, int]) -> float:
    """How much of its own clause the phrase is."""
    start, end = span
    clause = re.split(r"[,，。;；!！]", block.text[end:], maxsplit=1)[0]
    before = re.split(r"[,，。;；!！:：]", block.text[:start])[-1]
    return (end - start) / max(len(before) + end - start + len(clause), 1)


def _is_choice(block: Paragraph, segments: Sequence[Segment]) -> bool:
    """A reason given beside, or offered under, what asks for one."""
    first = block.pieces[0]
    asking = [one for one in segments if _ASKS_FOR_REASON.fullmatch(compact(one.text))]
    if any(same_row(one.box, first.box) and one.box.x1 <= first.box.x0 for one in asking):
        return True
    if _OWN_WORDS.match(compact(block.text)):
        return True
    return any(one.box.y1 <= first.box.y0 for one in asking) and len(segments) > 3


def _is_reason_of_an_application(said: Segment, segments: Sequence[Segment]) -> bool:
    """Beside 原因 alone, on a page that records what was applied for: the applicant's own words."""
    beside = any(
        _REASON.fullmatch(compact(one.text)) and same_row(one.box, said.box) and one.box.x1 <= said.box.x0
        for one in segments
    )
    return beside and any(_APPLIED.search(compact(one.text)) for one in segments)


def _is_a_snackbar(block: Paragraph, segments: Sequence[Segment], unit: float) -> bool:
    """A bar over the page: what it says, and at its right end, or under that, the word that closes it."""
    box = union(piece.box for piece in block.pieces)
    row = [one for one in segments if one.line not in {piece.line for piece in block.pieces} and same_row(one.box, box)]
    if len(row) > 1 or len(block.pieces) > _LINES_OF_A_BAR:
        return False
    closing = [one for one in segments if is_dismissal(one.text) and one.center_x > box.x1]
    return any(abs(one.center_y - (box.y0 + box.y1) / 2) <= 1.5 * unit for one in closing)


def _heads_the_page(block: Paragraph, segments: Sequence[Segment]) -> bool:
    """A banner that came down over the page's head, alone in its row, before anything but the phone's status bar."""
    first = block.pieces[0]
    over = [one for one in segments if one.center_y < first.box.y0 and len(one.text) > _LONGEST_SIGN]
    alone = not any(same_row(one.box, first.box) for one in segments if one.line != first.line and len(one.text) > 1)
    return alone and not over


_LINES_OF_A_BAR, _LONGEST_SIGN = 3, 10


def _is_set_apart(block: Paragraph, segments: Sequence[Segment]) -> bool:
    """A toast over a full page: centred and alone in its row, where hardly anything else is."""
    page = union(one.box for one in segments)

    def centred(one: Segment) -> bool:
        narrow = one.box.width <= _NARROW * page.width and len(one.text) > 1
        return (
            narrow
            and abs((one.box.x0 + one.box.x1) - (page.x0 + page.x1)) <= _CENTRED * page.width
            and not any(same_row(one.box, other.box) for other in segments if other is not one)
        )

    others = [one for one in segments if one.line not in {piece.line for piece in block.pieces}]
    return all(map(centred, block.pieces)) and sum(map(centred, others)) <= _FEW_CENTRED * len(others)


_SOME_OF_A_LINE, _CENTRED, _NARROW, _FEW_CENTRED = 0.3, 0.08, 0.8, 0.12


def _floats(block: Paragraph, segments: Sequence[Segment], unit: float) -> bool:
    """A toast: in the middle of the page's width, with nothing near it above, below or beside."""
    box = union(piece.box for piece in block.pieces)
    page = union(one.box for one in segments)
    if abs((box.x0 + box.x1) - (page.x0 + page.x1)) > 0.08 * page.width or box.width > 0.9 * page.width:
        return False
    own = {piece.line for piece in block.pieces}
    return not any(
        one.box.y0 - box.y1 < 3 * unit and box.y0 - one.box.y1 < 3 * unit for one in segments if one.line not in own
    )
