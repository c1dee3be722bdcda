"""Whether a phrase that names an error reports one: hedges, questions, denials, other subjects, and good news."""

from __future__ import annotations

import re

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
# A phrase with room in it may have swallowed what makes it a warning.
_NOT_YET = re.compile(
    r"[将若]|会(?!员)|可能|是否|如[果有]|以免|避免|"
    r"无(?=异常|失败|错误|故障|问题)|\b(?:may|might|if|should|(?:can|could) be)\b",
    re.IGNORECASE,
)
# A message of success may say that the code is used up now; only paying well and getting nothing is an error.
_DONE_WELL = re.compile(
    r"(?:激活|兑换|使用|领取|绑定|充值|开通|核销|验证)(?:已)?成功(?!后|率|时)|(?<!un)success(?:ful|fully)?\b",
    re.IGNORECASE,
)
_FAILED_AFTER_ALL = re.compile(
    r"[未不没]\s?(?:能|有|曾)?(?:激活|兑换|使用|领取|绑定|充值|开通|核销|验证)?成功|失败|"
    r"但|却|未到账|[还仍尚](?:没|未)|没有?(?:到|收到|发出)|not success|unsuccessful|n'?t success|but|fail",
    re.IGNORECASE,
)
# A tab with its count: 已过期(2).
_COUNTED = re.compile(r".{2,4}[(（]\d{1,3}[)）]")
_SENTENCE_END = re.compile(r"[。!！;；\n]|\.(?=\s|$)|[?？]")
_CLAUSE_END = re.compile(r"[,，。!！;；\n]|\.(?=\s|$)")
_OTHER_SUBJECT = re.compile(
    r"(?:支付密码|登录密码|交易密码|优惠券|评价|登陆|红包|代金券|抵用券|积分|发票|登录|验证码|链接|二维码|活动|会话|页面|图片|视频|直播|昵称|快递|包裹|蓝牙|打印机?|退款申请|物流|头像|评论|token|session)[^,，。]{0,4}$",
    re.IGNORECASE,
)


def asserted(text: str, start: int, end: int, *, frank: bool = False, of_a_person: bool = False) -> bool:
    """Whether ``text[start:end]`` is said to have happened, rather than hedged, asked or attributed.

    ``frank``: what stands within the saying itself does not hedge it. ``of_a_person``: it is said of who somebody is,
    so passwords and codes of verification are no other subject.
    """
    sentence_start = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    before = text[sentence_start:start]
    clause_end = next((match.start() for match in _CLAUSE_END.finditer(text, end)), len(text))
    after = text[end:clause_end]
    clause = re.split("[,，]", before)[-1]
    if _HEDGE_BEFORE.search(before) or _HEDGE_BEFORE_LATIN.search(before) or _HEDGE_IN_CLAUSE.search(clause):
        return False
    if not of_a_person and _of_another(before, text[start]):
        return False
    if (not frank and _NOT_YET.search(text[start:end])) or (
        _DONE_WELL.search(text) and not _FAILED_AFTER_ALL.search(text)
    ):
        return False
    if start == 0 and _COUNTED.fullmatch(text[start:]):
        return False
    if _HEDGE_AFTER.match(after.strip()) or _HEDGE_AFTER_LATIN.match(after):
        return False
    if _quoted_to_advise(before, text[end:]) or _EXPLAINED.match(text[end:]):
        return False
    return not re.search(r"[?？]|吗$|怎么|如何|为什么", after)


# 提示“已使用”:请核对 tells what to do should a message say so; 卡号不存在,多为输入有误 what it would mean.
_TO_BE_SHOWN = re.compile(
    r"(?:提示|显示|报错|弹出|出现|error|says?|shows?|message|see)\s*[:：]?\s*[“\"「『'‘【《][^“\"「『”」』]*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^[^”\"」』'’】》]{0,12}[”\"」』'’】》]\s*(?:[,，:：;；]|的|时|则|,?\s*(?:please|check|make|try|contact))\s*\S",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"^[”\"」』]?\s*[,，]\s*(?:(?:多|一般)(?:为|是|由|半)|大多|通常|往往|表示|代表|意味|意思是|this means)",
    re.IGNORECASE,
)


def _quoted_to_advise(before: str, behind: str) -> bool:
    return bool(_TO_BE_SHOWN.search(before) and _GOES_ON.match(behind))


def _of_another(before: str, first: str) -> bool:
    """Whether the saying is of something that is no goods: a login, a coupon (but 优惠兑换券 is one of ours)."""
    return bool(_OTHER_SUBJECT.search(before)) or (before.endswith("优惠") and first in "已过超")
