"""What the risk desk calls things, in both languages, and how it says what went wrong with a form."""

from __future__ import annotations

from service.domain.assessment import ObligationKind, Text
from service.domain.certificate import Origin
from service.domain.errors import Conflict, PrereviewError
from service.domain.incidents import Struck
from service.domain.proposals import ProposalEnd, ProposalKind
from service.policy import ApprovalClass
from service.policy.intervals import Method

KINDS = {
    ProposalKind.RESUME: Text(zh="恢复自动通过", en="Let automatic approval go on"),
    ProposalKind.RESET_BREAKER: Text(zh="复位熔断", en="Reset the breaker"),
    ProposalKind.TIGHTEN: Text(zh="收紧阈值", en="Tighten the threshold"),
}
ENDS = {
    ProposalEnd.APPROVED: Text(zh="已生效", en="in effect"),
    ProposalEnd.REFUSED: Text(zh="已否决", en="refused"),
    ProposalEnd.WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
}
ORIGINS = {
    Origin.SIMULATED: Text(zh="模拟数据", en="simulated data"),
    Origin.OBSERVED: Text(zh="观察期数据", en="observed data"),
    Origin.LIVE: Text(zh="运行数据", en="live data"),
}
METHODS = {
    Method.CLOPPER_PEARSON: Text(zh="Clopper–Pearson 精确区间", en="exact interval of Clopper and Pearson"),
    Method.BETTING: Text(zh="下注法区间（Waudby-Smith 与 Ramdas）", en="betting interval of Waudby-Smith and Ramdas"),
}
STRUCK = {
    Struck.PLATFORM: Text(zh="整个平台", en="the whole platform"),
    Struck.SELLER: Text(zh="卖家", en="seller"),
    Struck.PRODUCT: Text(zh="商品", en="product"),
    Struck.SUPPLIER: Text(zh="供应商", en="supplier"),
}
OBLIGATIONS = {
    ObligationKind.VOID_CODE: Text(zh="作废卡密", en="void the code"),
    ObligationKind.RECALL_TOP_UP: Text(zh="撤回充值", en="recall the top-up"),
}
CLASSES = {
    ApprovalClass.RECOVERABLE: Text(zh="可收回商品", en="recoverable goods"),
    ApprovalClass.ONE_CLICK: Text(zh="一键退款", en="one-click"),
    ApprovalClass.RISK: Text(zh="低风险", en="low risk"),
}
SHADOW_KINDS = {
    "both": Text(zh="两者都通过", en="both would approve"),
    "only champion": Text(zh="仅现用模型通过", en="only the model in use"),
    "only shadow": Text(zh="仅影子模型通过", en="only the shadow"),
    "neither": Text(zh="都转人工", en="neither"),
}
DONE = {
    "stopped": Text(
        zh="已停止：从下一笔决定起，全部转人工。", en="Stopped: from the next decision on everything goes to people."
    ),
    "stopped_before": Text(zh="此前已停止。", en="It was stopped already."),
    "proposed": Text(
        zh="提议已记录，由另一人同意后生效。",
        en="The proposal is recorded. It takes effect once another person agrees.",
    ),
    "approved": Text(zh="已同意并生效。", en="Agreed, and in effect."),
    "declined": Text(zh="提议已结束，没有任何改变。", en="The proposal is closed; nothing has changed."),
    "declared": Text(
        zh="事故已登记，由另一人确认后才影响账号历史。",
        en="The incident is declared. Once another person confirms it, its claims count against nobody.",
    ),
    "confirmed": Text(zh="事故已确认。", en="The incident is confirmed."),
    "dismissed": Text(zh="已判定不是事故。", en="Dismissed: it is no incident."),
    "ended": Text(zh="事故已结束。", en="The incident has ended."),
}
POWERS = {
    "user.added": Text(zh="新账号", en="new account"),
    "user.roles_set": Text(zh="角色更改", en="roles changed"),
    "user.password_set": Text(zh="由他人设置密码", en="password set for them"),
    "user.enabled": Text(zh="账号恢复", en="account enabled again"),
}
_FAULTS = {
    "reason": Text(
        zh="请填写理由（1 到 500 个字），会写入审计记录。",
        en="Say why, in 1 to 500 characters; it is kept in the audit trail.",
    ),
    "confirm": Text(zh="请原样输入平台名称。", en="Type the platform's name exactly."),
    "proposal_waits": Text(
        zh="同类提议已在等待第二个人，请先处理那一条。",
        en="A proposal of this kind waits already. Decide that one first.",
    ),
    "moved_on": Text(
        zh="情况已经变化，本提议不再适用。请查看现在的状态。",
        en="The situation has changed and this no longer applies. Look at how things stand now.",
    ),
    "not_tighter": Text(
        zh="只能提议低于现用阈值的数值；放宽阈值需要新的证书。",
        en="A proposal must lie below the threshold at work. Loosening it takes a new certificate.",
    ),
    "threshold": Text(zh="阈值是 0 到 1 之间的数。", en="A threshold is a number from 0 to 1."),
    "two_people": Text(
        zh="提议人与同意人必须是两个人。", en="Who proposed it cannot agree to it: it takes another person."
    ),
    "kind": Text(zh="没有这种提议。", en="There is no such proposal."),
    "struck": Text(zh="请选择受影响的对象。", en="Choose what is struck."),
    "struck_id": Text(
        zh="请填写受影响对象的编号（1 到 200 个字符）。", en="Give the id of what is struck, 1 to 200 characters."
    ),
    "moment": Text(
        zh="请填写最近 30 天内、不晚于现在的时间。", en="Give a time within the last 30 days and not in the future."
    ),
    "struck_already": Text(
        zh="该对象已有进行中的事故，或状态已经变化。", en="There is an incident of this already, or it has moved on."
    ),
    "declared_by_you": Text(
        zh="登记人不能自己确认，需要另一个人。", en="Who declared it cannot confirm it: it takes another person."
    ),
    "message": Text(zh="请填写给买家的说明（1 到 1000 个字）。", en="Write to the buyer, 1 to 1,000 characters."),
}


def fault(error: PrereviewError) -> Text:
    """What went wrong, for who filled in the form."""
    code = str(error.extra.get("code", ""))
    if code in _FAULTS:
        return _FAULTS[code]
    return _FAULTS["two_people"] if isinstance(error, Conflict) else _FAULTS["reason"]


def said(code: str) -> Text:
    """A fault a page itself found."""
    return _FAULTS[code]
