"""Why a decision was refused, in both languages: use cases speak to programs, and in English.

A refusal nobody has put into Chinese is told as it is, marked as English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.console.pages import Say
from service.domain.errors import DecisionHeld, IdempotencyKeyReused, NotFound, PrereviewError, RequestInFlight

# The beginning of a use case's sentence: zh, and a plainer English where its own speaks of an interface.
_SAID: Mapping[str, tuple[str, str]] = {
    r"Only a senior reviewer decides (.+)\. Have": (
        "此类退款单只能由高级审核员处理，请升级。",
        "Only a senior reviewer decides {0}. Escalate it to one.",
    ),
    r"You have handled this case before": (
        "您曾处理过此单，复核须由他人进行。",
        "You have handled this case before; its second review is for somebody who has not.",
    ),
    r"Whoever rejected the claim does not rule": (
        "拒绝过此申请的人不能裁决，请其他高级审核员处理。",
        "Whoever rejected the claim does not rule on it; another senior reviewer does.",
    ),
    r"A cross-border refund needs proof of identity": (
        "跨境退款需要身份证明，现有凭证中没有可读的；请索要材料。",
        "A cross-border refund needs proof of identity, and none could be read. Ask for it.",
    ),
    r"The policy cannot work out the amount": (
        "规则无法算出金额（已用数量未知），请用“部分通过”并写明金额。",
        "The policy cannot work out the amount: approve in part and name it.",
    ),
    r"Of (\S+) claimed only (\S+) is due": (
        "申请 {0}，按规则只应退 {1}，请用“部分通过”。",
        "Of {0} claimed only {1} is due: approve in part.",
    ),
    r"The policy works out no part": (
        "规则没有算出部分金额，请写明金额和内部理由。",
        "The policy works out no part: write the amount and the internal reason for it.",
    ),
    r"An amount of one's own needs a reason": (
        "金额与规则算出的不同，请写明内部理由。",
        "The amount is not the one the policy works out: write the internal reason for it.",
    ),
    r"The amount must be above nothing and at most (\S+):": (
        "金额须大于零且不超过 {0}。",
        "The amount must be above nothing and at most {0}.",
    ),
    r"A rejection names the clause": ("请选择依据的条款。", "Choose the clause it rests on."),
    r"You have proposed (\S+) already": (
        "您已提议 {0}，须由另一人确认。",
        "You have proposed {0} already; another person has to confirm it.",
    ),
    r"Nothing can be granted now: (.+)\.": (
        "现在不能退款：付款另有争议、退款或余额不足。",
        "Nothing can be granted now: {0}.",
    ),
    r"A case that is (\S+) cannot go through": (
        "此状态下不能这样处理。",
        "The case cannot do that as it stands now.",
    ),
    r"A request for arbitration needs a statement": (
        "提请仲裁须写明理由（至少 10 个字符）。",
        "Say why it should be arbitrated, in 10 characters or more.",
    ),
    r"The time to (.+) ended at (.+) UTC": ("期限已过。", "The time for this ended at {1} UTC."),
    r"The order has another live case, (\S+):": (
        "该订单另有进行中的退款单 {0}，请处理那一单。",
        "The order has another live case, {0}. Go on with that one.",
    ),
    r"Ask for materials of this platform's policy": (
        "请选择平台规则中的材料。",
        "Choose materials of the platform's policy.",
    ),
    r"The order has these files already": ("这些文件已经在此订单上。", "The order has these files already."),
    r"What this form decided was taken back": (
        "此表单的决定已撤回或未执行，现在没有任何决定。请核对后重新提交。",
        "What this form decided was taken back or came to nothing: nothing is decided. Check it and send it again.",
    ),
    r"Whoever decided this may not": (
        "您已没有处理此单的角色。",
        "You may not decide this any more.",
    ),
    r"The platform was stopped before": (
        "生效前平台已被停止，请重新处理。",
        "The platform was stopped before this took effect. Decide it again.",
    ),
    r"The policy changed before": (
        "生效前规则已变更，结果会不同，请重新处理。",
        "The policy changed before this took effect, and it would lead elsewhere now. Decide it again.",
    ),
    r"Something failed on our side": ("我们这边出错了，请重新处理。", "Something failed on our side. Decide it again."),
    r"(\S+) is at work on this case": (
        "{0} 正在处理此单，请换一单或请其移交。",
        "{0} is at work on this case. Take another, or ask them to hand it over.",
    ),
    r"You have (\d+) cases already": (
        "您手上已有 {0} 单，请先处理或释放一单。",
        "You have {0} cases already: decide or release one first.",
    ),
    r"This case is for a senior reviewer": (
        "此单须由高级审核员处理，请升级。",
        "This case is for a senior reviewer. Escalate it to one.",
    ),
    r"(\S+) handled this case before": (
        "您曾处理过此单，复核须由他人进行。",
        "You handled this case before it was appealed; its second review is for somebody else.",
    ),
    r"(\S+) rejected the claim": (
        "拒绝过此申请的人不能裁决，请其他高级审核员处理。",
        "Whoever rejected the claim does not rule on it; another senior reviewer does.",
    ),
    r"The case was handed up already": (
        "此单已升级，由高级审核员处理。",
        "The case was handed up already; a senior reviewer decides it.",
    ),
    r"You are a senior reviewer yourself": (
        "您就是高级审核员：请直接处理或转交他人。",
        "You are a senior reviewer yourself: decide it, or hand it over to another.",
    ),
    r"There is no such field": ("页面上没有这一项可以纠正。", "There is no such field on this page to correct."),
    r"This cannot be what stands there": (
        "这不像该项的内容，请照截图写（例如 ¥12.50、2026-11-20 09:30）。",
        "This cannot be what stands there; write it as printed, such as ¥12.50 or 2026-11-20 09:30.",
    ),
    r"This is what was read": ("识读的正是这个内容。", "This is what was read already."),
    r"A case that is (\S+) takes in nothing new": (
        "此状态下不能再纳入新的内容。",
        "The case takes in nothing new as it stands now.",
    ),
    r"The case is (\S+) at version": (
        "生效前退款单已有变化，请重新查看。",
        "The case changed before this took effect. Look at it again.",
    ),
}


def refusal(error: PrereviewError, say: Say) -> str:
    """What stands against it, for whoever tried."""
    if isinstance(error, DecisionHeld):
        who = str(error.extra.get("held_by", "")).removeprefix("user:")
        return say(
            f"{who} 刚刚决定了此单，几秒后生效。", f"{who} has just decided this case; it takes effect in some seconds."
        )
    if isinstance(error, IdempotencyKeyReused):
        return say(
            "此表单已提交过，内容不同。没有重复执行，请在下面重新确认。",
            "This form was sent before with something else in it; nothing was done twice. Check it and send it again.",
        )
    if isinstance(error, RequestInFlight):
        return say("正在处理上一次提交，请稍候。", "The first submit is still being carried out. Wait a moment.")
    if isinstance(error, NotFound):
        return say("没有这张退款单。", "There is no such case.")
    return said(error.detail, say)


def said(detail: str, say: Say) -> str:
    """A use case's sentence."""
    for pattern, (zh, en) in _SAID.items():
        found = re.match(pattern, detail)
        if found is not None:
            return say(zh.format(*found.groups()), en.format(*found.groups()))
    return say(f"没有执行：{detail}", detail)
