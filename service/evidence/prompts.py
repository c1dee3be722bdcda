"""Error prompts on a page: their meaning, and the many sentences that only sound like one.

Tips, rules, questions and confirmations name errors without reporting one, so a phrase counts only where its sentence
asserts it. On a full page it must also stand out, because help texts and buttons are full of such words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.evidence import ErrorCode
from service.evidence import prompt_latin
from service.evidence.normalise import clean, is_cjk, match_form
from service.evidence.paragraphs import Paragraph, paragraphs
from service.evidence.prompt_lexicon import (
    FIRM,
    IN_OTHER_WORDS,
    ONLY_IN_DIALOGS,
    PATTERNS,
    PHRASES,
    RELATIONS,
    RESULTS,
    TOPICS,
    TOPICS_RANK,
    VAGUE,
)
from service.evidence.segments import Segment, union
from service.evidence.vocabulary import is_dismissal

# A page with at most this many lines is a dialog, a toast or a result page: everything on it is said to the user.
FEW_LINES = 14
# On a fuller page the phrase must be most of what its line says.
MOST_OF_A_LINE = 0.55
# The prominence of what a dialog, a toast or an all but empty page says.
_OF_A_DIALOG = 3
# What the user should do now is no part of what happened.
_ADVICE = re.compile(
    r"[,，。;；!！]\s*(?:请|您可|如有|建议)[^,，。]*[。!！]?$|^(?:很?抱歉|对不起|提示|温馨提示)[,，:]?"
)
_GIVES_THE_REASON = re.compile(
    r"(?:失败|错误|异常|驳回)?(?:原因|信息|描述|提示)\s*[:：]|(?:error|reason|failure reason)\s*:", re.IGNORECASE
)
# A line the reader is this sure of has no slips to mend.
SURE_SCORE = 0.98
# A slip mended on the way costs this much of the score.
MENDED = 0.9
# What is told from the subject of a complaint alone is a guess.
TOLD_BY_TOPIC = 0.8

_HEDGE_BEFORE = re.compile(
    r"如(?!下)|若(?!要)|倘|假如|一旦|可能|避免|以免|防止|谨防|为防|是否|万一|怎么|如何|为什么|为何|为啥|什么是|什么情况|哪些|"
    r"可以|才能|才可|不会|并非|除|凡|对于|针对|关于|包括|例如|比如|常见|说明|规则|须知|遇到?|出现|导致|造成|属于|视为|"
    r"确认(?:要|是否)?|确定(?:要|是否)?|您好,?我|我的|客服|"
    r"(?:退款|申请|售后|申诉|投诉|退货|问题|反馈|举报|维权)(?:原因|类型|理由|描述|说明|诉求)|即将|会(?:使|让|令|被|自动)|将(?:使|被|自动|会)"
)
# These hold for their own clause: 请勿重复提交,您的订单已支付.
_HEDGE_IN_CLAUSE = re.compile(
    r"请勿|不要|切勿|[将会]$|(?:未|没有?|并未|暂未)(?:检测|检查|发现|出现|发生|产生|存在)(?:到|过|任何|您的?|有)*$|无(?:任何)?$"
)
_HEDGE_BEFORE_LATIN = re.compile(
    r"(?:^|[^a-z])(?:if|in case|may|might|when|whenever|unless|avoid|do not|don'?t|are you sure|would you|do you|"
    r"whether|should|why|what|how|can be|could be|for example|once|until|before|prevent|ensure|not be|"
    r"almost|nearly|about to|refund|bluetooth|upload|refund reason|reason for)(?:[^a-z]|$)|^if",
    re.IGNORECASE,
)
_HEDGE_AFTER = re.compile(
    r"^(?:的(?!$|[,，。!！;；.~])|后|时(?!间)|将|会(?!员)|则|可(?!能)|的话|原因|怎么|怎样|如何|怎办|咋|吗|么|赔付|包[赔退换]|必赔|常见|险|补偿|说明|规则|保障|不退|不予|概不|"
    r"\?|？|期间|超过|满|或者?将|是什么|反馈|申诉|处理|查询|问题|自动退|退款|可退|即退|全额退|包退|极速退|解决|指南|帮助|攻略|提醒|通知|订单$|记录|者|导致|造成)"
)
_HEDGE_AFTER_LATIN = re.compile(
    r"^s?\s+(?:will|can|(?-i:may)|must|should)\b|^\W{0,2}(?:\?|orders? (?:will|can|are)|(?:will|can) be refunded|"
    r"guarantee|faq|issues?\?)",
    re.IGNORECASE,
)
_APOSTROPHES = str.maketrans("’‘`´", "''''")
# A phrase with room in it may have swallowed what makes it a warning.
_NOT_YET = re.compile(
    r"[将若]|会(?!员)|可能|是否|如[果有]|以免|避免|无(?=异常|失败|错误|故障|问题)|\b(?:may|might|if|should|(?:can|could) be)\b",
    re.IGNORECASE,
)
# A message of success may say that the code is used up now; only paying well and getting nothing is an error.
_DONE_WELL = re.compile(
    r"(?:激活|兑换|使用|领取|绑定|充值|开通|核销|验证)(?:已)?成功(?!后|率|时)|success(?:ful|fully)?\b",
    re.IGNORECASE,
)
_FAILED_AFTER_ALL = re.compile(
    r"[未不没]\s?(?:能|有|曾)?(?:激活|兑换|使用|领取|绑定|充值|开通|核销|验证)?成功|失败|"
    r"但|却|未到账|not success|unsuccessful|n'?t success|but|fail",
    re.IGNORECASE,
)
# A tab with its count: 已过期(2).
_COUNTED = re.compile(r".{2,4}[(（]\d{1,3}[)）]")
_ORDINAL = re.compile(r"^(?:\d{1,2}[.、)）]|[(（]?[一二三四五六七八九十①②③④⑤]+[)）、.]|[qQ问答aA][:：])\s*\D")
_SENTENCE_END = re.compile(r"[。!！;；\n]|\.(?=\s|$)|[?？]")
_CLAUSE_END = re.compile(r"[,，。!！;；\n]|\.(?=\s|$)")
_OTHER_SUBJECT = re.compile(
    r"(?:支付密码|登录密码|交易密码|优惠券|评价|登陆|红包|代金券|抵用券|积分|发票|登录|验证码|链接|二维码|活动|会话|页面|图片|视频|直播|昵称|快递|包裹|蓝牙|打印机?|提现|退款申请|物流|头像|评论|token|session)[^,，。]{0,4}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Prompt:
    code: ErrorCode
    text: str
    pieces: tuple[Segment, ...]
    score: float
    prominence: int
    rank: int
    place: tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class _Saying:
    """How a cause is said; ``phrases``: its ways without any room in them. ``relation``: of one thing to another.

    ``rank``: what of a message is meant, least first. ``frank``: words of its own that would hedge elsewhere do not.
    """

    code: ErrorCode
    pattern: re.Pattern[str]
    phrases: frozenset[str] = frozenset()
    rank: int = 0
    relation: bool = False
    only_in_dialogs: bool = False
    frank: bool = False
    vague: bool = False
    topic: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """A cause said in ``form[start:end]`` of a paragraph."""

    saying: _Saying
    start: int
    end: int
    firm: bool
    at_word: bool


@cache
def _compiled() -> tuple[_Saying, ...]:
    found = []
    for code in ErrorCode:
        phrases = sorted(PHRASES.get(code, "").split(), key=len, reverse=True)
        alternatives = [*(re.escape(phrase) for phrase in phrases), *PATTERNS.get(code, ())]
        alternatives += prompt_latin.PATTERNS.get(code, ())
        rank = RESULTS.get(code, 0)
        found.append(
            _Saying(code, re.compile("|".join(f"(?:{one})" for one in alternatives)), frozenset(phrases), rank)
        )
    for code, pattern in (*RELATIONS.items(), *prompt_latin.RELATIONS.items()):
        found.append(_Saying(code, re.compile(pattern), rank=RESULTS.get(code, 0), relation=True))
    for code, pattern in (*ONLY_IN_DIALOGS.items(), *prompt_latin.ONLY_IN_DIALOGS.items()):
        found.append(_Saying(code, re.compile(pattern), only_in_dialogs=True, frank=True))
    said_so = (*IN_OTHER_WORDS.items(), *prompt_latin.IN_OTHER_WORDS.items())
    found += [_Saying(code, re.compile(pattern), frank=True) for code, pattern in said_so]
    found += [_Saying(code, re.compile(pattern), rank=rank, vague=True) for code, (rank, pattern) in VAGUE.items()]
    found += [
        _Saying(code, re.compile(pattern), rank=TOPICS_RANK, only_in_dialogs=True, vague=True, topic=True)
        for code, pattern in (*TOPICS.items(), *prompt_latin.TOPICS.items())
    ]
    return tuple(found)


@cache
def _windows() -> dict[str, str]:
    """Stretches of the phrases with one character masked → that character; ambiguous ones left out."""
    masked: dict[str, set[str]] = {}
    for phrases in PHRASES.values():
        for phrase in phrases.split():
            for length in (3, 4):
                for start in range(len(phrase) - length + 1):
                    window = phrase[start : start + length]
                    for position in range(length):
                        mask = window[:position] + "?" + window[position + 1 :]
                        masked.setdefault(mask, set()).add(window[position])
    return {mask: next(iter(characters)) for mask, characters in masked.items() if len(characters) == 1}


# Characters common on pages: one of these is what was printed, not a slip for another.
_COMMON = frozenset(
    "成功的了吗请不是在有我你您他她它这那个们会可以要和或与将则若如确认定好看再来去点击返回首页更多全部提示一二三四五六七八九十"
    "上下左右前后中大小人天时分秒年月日期新老开关出进入到从向给让把被为对于就都也还又很太最只才能得地着过自己什么怎样哪里谁几多少长短"
    "高低快慢早晚先同其它别注意温馨说明帮助客服联系电话微信支付宝银行卡元角折券红包积分优惠活动规则详情搜索购物车收藏设置退出登录注册"
    "密码昵称头像地址货选择查询取消关闭完成继续下一步立即马上免费领取使用复制粘贴保存编辑删除添加申请售后评价晒单物流配送"
)


@cache
def _known_characters() -> frozenset[str]:
    return _COMMON.union(*PHRASES.values(), *(saying.pattern.pattern for saying in _compiled()))


def mend(form: str) -> str:
    """``form`` with characters that no lexicon uses put right where a phrase leaves one choice."""
    characters = list(form)
    for position, character in enumerate(form):
        if not is_cjk(character) or character in _known_characters():
            continue
        for length in (4, 3):
            for start in range(max(0, position - length + 1), min(position, len(form) - length) + 1):
                window = form[start:position] + "?" + form[position + 1 : start + length]
                if window in _windows():
                    characters[position] = _windows()[window]
    return "".join(characters)


def find_prompt(segments: Sequence[Segment], unit: float) -> Prompt | None:
    """The page's error prompt, or None where no known cause is asserted."""
    found = [prompt for block in paragraphs(segments) for prompt in _prompts_in(block, segments, unit)]
    if not found:
        return None
    # The most prominent message is the one meant; within it a cause says more than a result.
    top = max(prompt.prominence for prompt in found)
    best = [prompt for prompt in found if prompt.prominence >= top - 1]
    return min(best, key=lambda one: (one.rank, -one.prominence, one.place))


def _prompts_in(block: Paragraph, segments: Sequence[Segment], unit: float) -> Iterator[Prompt]:
    form, index = match_form(clean(block.text))
    if len(form) < 2 or _ORDINAL.match(block.text):
        return
    doubtful = min(piece.score for piece in block.pieces) < SURE_SCORE
    mended = (mend(form) if doubtful else form).translate(_APOSTROPHES)
    for match in _nearest_subjects(list(_matches(mended, block.text, index))):
        start, end = index[match.start], index[match.end - 1] + 1
        pieces = block.between(start, end)
        prominence = _prominence(block, pieces, (start, end), segments, unit)
        if prominence < (_OF_A_DIALOG if match.saying.only_in_dialogs else 1):
            continue
        slip = doubtful and mended[match.start : match.end] != form.translate(_APOSTROPHES)[match.start : match.end]
        score = min(piece.score for piece in pieces) * (MENDED if slip else 1.0)
        score = min(score, TOLD_BY_TOPIC) if match.saying.topic else score
        place, rank = (pieces[0].center_y, start, start - end), match.saying.rank
        yield Prompt(match.saying.code, _message(block, pieces), pieces, round(score, 4), prominence, rank, place)


def _matches(form: str, text: str, index: Sequence[int]) -> Iterator[_Match]:
    """Every cause the paragraph asserts, the first time it does."""
    for saying in _compiled():
        for match in saying.pattern.finditer(form):
            if match.end() == match.start():
                continue
            start, end = index[match.start()], index[match.end() - 1] + 1
            if asserted(text, start, end, saying):
                firm = saying.relation or saying.code in FIRM or match[0] in saying.phrases
                at_word = not (start and text[start].isascii() and text[start - 1].isalpha())
                yield _Match(saying, match.start(), match.end(), firm, at_word)
                break


def _nearest_subjects(found: list[_Match]) -> list[_Match]:
    """Of sayings that end in one verdict the one whose subject is nearest to it: 点卡适用区服不匹配 is of the 区服.

    What is said without room between subject and verdict stands, and what lies inside it does not.
    """
    return [one for one in found if not any(_outdoes(other, one) for other in found)]


def _outdoes(other: _Match, one: _Match) -> bool:
    if other.saying.code is one.saying.code or other.saying.vague:
        return False
    inside = one.start <= other.start and other.end <= one.end
    around = other.start <= one.start and one.end <= other.end
    if other.firm and around and not inside:
        return True
    return not one.firm and other.at_word and one.start < other.start < one.end <= other.end


def asserted(text: str, start: int, end: int, saying: _Saying) -> bool:
    """Whether ``text[start:end]`` is said to have happened, rather than hedged, asked or attributed."""
    sentence_start = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    before = text[sentence_start:start]
    clause_end = next((match.start() for match in _CLAUSE_END.finditer(text, end)), len(text))
    after = text[end:clause_end]
    clause = re.split("[,，]", before)[-1]
    if _HEDGE_BEFORE.search(before) or _HEDGE_BEFORE_LATIN.search(before) or _HEDGE_IN_CLAUSE.search(clause):
        return False
    if saying.code is not ErrorCode.VERIFICATION_FAILED and _of_another(before, text[start]):
        return False
    if (not saying.frank and _NOT_YET.search(text[start:end])) or (
        _DONE_WELL.search(text) and not _FAILED_AFTER_ALL.search(text)
    ):
        return False
    if start == 0 and _COUNTED.fullmatch(text[start:]):
        return False
    if _HEDGE_AFTER.match(after.strip()) or _HEDGE_AFTER_LATIN.match(after):
        return False
    return not re.search(r"[?？]|吗$|怎么|如何|为什么", after)


def _of_another(before: str, first: str) -> bool:
    """Whether the saying is of something that is no goods: a login, a coupon (but 优惠兑换券 is one of ours)."""
    return bool(_OTHER_SUBJECT.search(before)) or (before.endswith("优惠") and first in "已过超")


def _prominence(
    block: Paragraph, pieces: Sequence[Segment], span: tuple[int, int], segments: Sequence[Segment], unit: float
) -> int:
    """0: only mentioned on a full page; more the more it is the page's message."""
    if len(segments) <= FEW_LINES:
        return _OF_A_DIALOG
    length = span[1] - span[0]
    buttons = [one for one in segments if is_dismissal(one.text)]
    box = union(piece.box for piece in block.pieces)
    near_button = any(0 <= one.box.y0 - box.y1 <= 9 * unit for one in buttons)
    said = " ".join(piece.text for piece in pieces)
    share = length / max(len(_ADVICE.sub("", said)), length, 1)
    if near_button and (share >= 0.3 or len(block.pieces) > 1):
        return _OF_A_DIALOG
    if share >= 0.3 and _floats(block, segments, unit):
        return _OF_A_DIALOG
    large = max(piece.box.height for piece in pieces) >= 1.25 * unit
    if share >= MOST_OF_A_LINE:
        return 2 + large
    if _GIVES_THE_REASON.match(block.text):
        return 2
    return 1 if large and share >= 0.3 else 0


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


def _message(block: Paragraph, pieces: Sequence[Segment]) -> str:
    return block.text if len(block.text) <= 120 else " ".join(piece.text for piece in pieces)
