"""A reader's slips in error prompts: one wrong character in a phrase or a word that leaves one choice."""

from __future__ import annotations

import re
from functools import cache

from service.evidence.normalise import is_cjk
from service.evidence.prompt_lexicon import PHRASES
from service.evidence.prompt_sayings import sayings


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
    return _COMMON.union(*PHRASES.values(), *(saying.pattern.pattern for saying in sayings()))


def mend(form: str) -> str:
    """``form``, of the same length, with characters that no lexicon uses put right where a phrase leaves one choice."""
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


# Long words of English prompts. A word of a page's own that is one letter away from one of these is its misreading.
_WORDS_SAID = """
    account activated activation already another available balance blocked cancelled claimed completed connection
    country declined delivered delivery disabled duplicate entered exceeded expired failed frozen incorrect insufficient
    invalid locked maximum network number payment processed product purchase received recharge recognized recognised
    record records redeemed redemption region registered rejected restricted reached service suspended temporarily
    timeout transaction unavailable unsuccessful successful verification voucher system server overdue"""
_WORDS = frozenset(_WORDS_SAID.split())
_SHORTEST_WORD = 6


def mend_words(text: str) -> str:
    """``text``, of the same length, with English words of one wrong letter put right: unsuccesstul."""
    return re.sub(r"[A-Za-z]{6,}", lambda found: _right_word(found[0]), text)


@cache
def _right_word(word: str) -> str:
    small = word.lower()
    if small in _WORDS:
        return word
    near = [one for one in _WORDS if len(one) == len(small) >= _SHORTEST_WORD and _differ_once(one, small)]
    return near[0] if len(near) == 1 else word


def _differ_once(first: str, second: str) -> bool:
    return sum(one != other for one, other in zip(first, second, strict=True)) == 1
