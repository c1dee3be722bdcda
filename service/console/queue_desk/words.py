"""What the queues' codes are called, and what is said when something cannot be done with a case."""

from __future__ import annotations

from collections.abc import Mapping

from service.console.pages import Say
from service.domain.assessment import Text
from service.domain.errors import PrereviewError
from service.domain.finding import IdKind, Likeness

KINDS: Mapping[str, Text] = {
    IdKind.CASE: Text(zh="退款单 ID", en="case id"),
    IdKind.NUMBER: Text(zh="退款单号", en="case number"),
    IdKind.ORDER: Text(zh="订单号", en="order number"),
    IdKind.PAYMENT: Text(zh="交易单号", en="trade number"),
    IdKind.REFERENCE: Text(zh="平台申请号", en="platform's reference"),
    IdKind.LINKED: Text(zh="关联申请的申请号", en="reference of a linked claim"),
    IdKind.ACCOUNT: Text(zh="账号", en="account"),
}
LIKENESSES: Mapping[str, Text] = {
    Likeness.EXACT: Text(zh="完全一致", en="exactly"),
    Likeness.LOOK_ALIKE: Text(zh="形近字符（0/O、1/l/I、5/S、8/B）", en="but for look-alikes (0/O, 1/l/I, 5/S, 8/B)"),
    Likeness.TRANSPOSED: Text(zh="相邻两位颠倒", en="with two neighbours changed about"),
    Likeness.BEGINS: Text(zh="以此开头", en="begins like this"),
}
_SAID: Mapping[str, tuple[str, str]] = {
    "case_taken": (
        "{holder} 正在处理此单。请处理下一单，或请对方转交。",
        "{holder} is at work on this case. Take another, or ask them to hand it over.",
    ),
    "too_many": (
        "您手上的退款单已太多，请先处理或放回。",
        "You have too many cases open. Decide or release one first.",
    ),
    "too_many_holds": (
        "您搁置的退款单已太多，请先处理其中一单。",
        "You keep too many cases on hold. Decide one of those first.",
    ),
    "has_enough": (
        "对方已有很多待接手的退款单，请另找他人。",
        "They have many cases waiting already; name somebody else.",
    ),
    "not_queued": ("此单已不在等待人工处理。", "The case does not wait for a reviewer any more."),
    "self": ("此单就在您手上，请填写其他人。", "You have it yourself; name somebody else."),
    "no_user": ("本平台没有这个用户。", "There is no such user on this platform."),
    "no_reviewer": ("对方不是审核员。", "They are no reviewer."),
    "disabled": ("对方的账号已停用。", "Their account is disabled."),
    "senior_only": ("此单须由高级审核员处理。", "This case is for a senior reviewer."),
    "handled_before": (
        "申诉前处理过此单的人不能复核。",
        "Whoever handled the case before it was appealed does not review it again.",
    ),
    "rejected_it": ("拒绝过此申请的人不能裁决。", "Whoever rejected the claim does not rule on it."),
    "differs": (
        "两人对此单意见不同，须由另一位高级审核员裁定。",
        "Two people differ on this case; a senior who is neither of them decides it.",
    ),
    "skill": ("对方不负责此类退款单。", "They are not set for cases of this kind."),
    "judge_first": (
        "请先判断此单，再转交或搁置；也可以放回，由下一位处理。",
        "Judge this case first; then it can be handed over or put on hold. Or release it for whoever comes next.",
    ),
    "hold_reason": ("请写明搁置原因。", "Say why it is put on hold."),
    "hold_until": ("请选择 5 分钟到 14 天之间的唤醒时间。", "It wakes up in 5 minutes to 14 days."),
    "view_name": ("视图名称须为 1 到 40 个字符。", "A view has a name of 1 to 40 characters."),
    "too_many_views": ("最多保存 20 个视图，请先删除一个。", "20 views at most: delete one first."),
}


def said(error: PrereviewError, say: Say) -> str:
    """Why something was refused, for whoever tried."""
    found = _SAID.get(str(error.extra.get("code", "")))
    if found is None:
        return say(f"没有执行：{error.detail}", error.detail)
    zh, en = found
    extra = {"holder": str(error.extra.get("holder") or say("其他人", "Somebody"))}
    return say(zh.format(**extra), en.format(**extra))
