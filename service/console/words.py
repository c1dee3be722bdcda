"""What codes are called, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.domain.assessment import PlatformMode, Text
from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.errors import PrereviewError, SignInWaits, Unavailable
from service.domain.evidence import PageKind
from service.domain.lifecycle import Action, Change
from service.domain.queues import Lane
from service.domain.users import PASSWORD_LENGTH, Role

Names = Mapping[str, Text]
"""What codes are called."""

ROLES = {
    Role.REVIEWER: Text(zh="审核员", en="Reviewer"),
    Role.SENIOR: Text(zh="高级审核员", en="Senior reviewer"),
    Role.AUDITOR: Text(zh="审计员（只读）", en="Auditor (read only)"),
    Role.RISK_OWNER: Text(zh="风险负责人", en="Risk owner"),
    Role.DATA_SCIENTIST: Text(zh="数据科学家", en="Data scientist"),
    Role.ADMINISTRATOR: Text(zh="管理员", en="Administrator"),
}
REASONS: Names = {
    ReasonCode.NOT_DELIVERED: Text(zh="未到账 / 未发货", en="not delivered"),
    ReasonCode.CODE_INVALID: Text(zh="卡密无效", en="code does not work"),
    ReasonCode.CODE_ALREADY_USED: Text(zh="卡密已被使用", en="code already used"),
    ReasonCode.USED_WITHOUT_EFFECT: Text(zh="已使用未生效", en="used without effect"),
    ReasonCode.NOT_AS_DESCRIBED: Text(zh="与描述不符", en="not as described"),
    ReasonCode.SERVICE_ABNORMAL: Text(zh="服务异常 / 未开通", en="service not opened or interrupted"),
    ReasonCode.DUPLICATE_PAYMENT: Text(zh="重复扣款", en="paid twice"),
    ReasonCode.PLATFORM_FAULT: Text(zh="平台系统故障", en="fault of the platform"),
    ReasonCode.WRONG_TARGET: Text(zh="充错号码 / 区服", en="wrong number or region"),
    ReasonCode.UNUSED_CHANGE_OF_MIND: Text(zh="未使用，不想要了", en="unused, changed their mind"),
    ReasonCode.UNAUTHORISED: Text(zh="非本人操作", en="not the buyer's own doing"),
    ReasonCode.PARTIAL_USE: Text(zh="部分使用", en="partly used"),
    ReasonCode.OTHER: Text(zh="其他原因", en="another reason"),
}
STATES: Names = {
    CaseState.ACCEPTED: Text(zh="已受理", en="accepted"),
    CaseState.ASSESSING: Text(zh="预审中", en="being assessed"),
    CaseState.AUTO_APPROVED: Text(zh="自动通过", en="approved automatically"),
    CaseState.IN_REVIEW: Text(zh="人工审核", en="in review"),
    CaseState.AWAITING_MATERIALS: Text(zh="待补材料", en="waiting for material"),
    CaseState.AWAITING_SUPPLIER: Text(zh="待供应商答复", en="waiting for the supplier"),
    CaseState.OFFERED: Text(zh="已提方案", en="offer made"),
    CaseState.COUNTERED: Text(zh="买家还价", en="countered by the buyer"),
    CaseState.APPROVED: Text(zh="已通过", en="approved"),
    CaseState.PARTIALLY_APPROVED: Text(zh="部分通过", en="approved in part"),
    CaseState.REJECTED: Text(zh="已拒绝", en="rejected"),
    CaseState.WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
    CaseState.LAPSED: Text(zh="已超时关闭", en="lapsed"),
    CaseState.PAID: Text(zh="已付款", en="paid"),
    CaseState.PAYMENT_FAILED: Text(zh="付款失败", en="payment failed"),
    CaseState.REVERSED: Text(zh="已撤销", en="reversed"),
    CaseState.APPEALED: Text(zh="已申诉", en="appealed"),
    CaseState.IN_SECOND_REVIEW: Text(zh="复核中", en="in second review"),
    CaseState.ARBITRATION: Text(zh="仲裁中", en="in arbitration"),
    CaseState.CLOSED: Text(zh="已结案", en="closed"),
    CaseState.REOPENED: Text(zh="重新打开", en="reopened"),
}
STEPS: Names = {
    Action.BEGIN_ASSESSMENT: Text(zh="开始预审", en="assessment began"),
    Action.APPROVE_AUTOMATICALLY: Text(zh="自动通过", en="approved automatically"),
    Action.SEND_TO_REVIEW: Text(zh="转人工", en="sent to review"),
    Action.ASK_FOR_MATERIALS: Text(zh="索要材料", en="material asked for"),
    Action.ASK_SUPPLIER: Text(zh="询问供应商", en="supplier asked"),
    Action.REASSESS: Text(zh="重新预审", en="assessed again"),
    Action.OFFER: Text(zh="提出方案", en="offer made"),
    Action.COUNTER: Text(zh="买家还价", en="countered"),
    Action.ACCEPT_OFFER: Text(zh="买家接受方案", en="offer accepted"),
    Action.DECLINE_OFFER: Text(zh="买家不接受方案", en="offer declined"),
    Action.APPROVE: Text(zh="通过", en="approved"),
    Action.APPROVE_PARTIALLY: Text(zh="部分通过", en="approved in part"),
    Action.REJECT: Text(zh="拒绝", en="rejected"),
    Action.WITHDRAW: Text(zh="买家撤回", en="withdrawn"),
    Action.LAPSE: Text(zh="超时关闭", en="lapsed"),
    Action.REOPEN: Text(zh="重新打开", en="reopened"),
    Action.CONFIRM_PAYMENT: Text(zh="已付款", en="paid"),
    Action.FAIL_PAYMENT: Text(zh="付款失败", en="payment failed"),
    Action.RETURN_TO_REVIEW: Text(zh="退回人工", en="returned to a person"),
    Action.REVERSE: Text(zh="撤销", en="reversed"),
    Action.APPEAL: Text(zh="申诉", en="appealed"),
    Action.BEGIN_SECOND_REVIEW: Text(zh="开始复核", en="second review began"),
    Action.UPHOLD: Text(zh="维持拒绝", en="rejection upheld"),
    Action.ESCALATE: Text(zh="转仲裁", en="sent to arbitration"),
    Action.REQUEST_ARBITRATION: Text(zh="申请仲裁", en="arbitration asked for"),
    Action.RULE_APPROVED: Text(zh="裁定通过", en="ruled: approved"),
    Action.RULE_PARTIALLY: Text(zh="裁定部分通过", en="ruled: in part"),
    Action.RULE_REJECTED: Text(zh="裁定拒绝", en="ruled: rejected"),
    Action.CLOSE: Text(zh="结案", en="closed"),
    Change.REASSESSING: Text(zh="正在重新预审", en="being assessed again"),
    Change.REASSESSED: Text(zh="已重新预审", en="assessed again"),
    Change.APPROVAL_PROPOSED: Text(zh="提议通过，待第二人确认", en="approval proposed, a second person confirms"),
    Change.OPINIONS_DIFFER: Text(zh="两人意见不同，由高级审核员裁定", en="two people differ, a senior decides"),
    Change.HANDED_UP: Text(zh="升级给高级审核员", en="handed up to a senior"),
    Change.CHASED: Text(zh="买家催办", en="chased by the buyer"),
}
LANES: Names = {
    Lane.NEAR_BREACH: Text(zh="即将超时", en="near its limit"),
    Lane.LARGE_AMOUNT: Text(zh="大额", en="large amount"),
    Lane.ELDERLY: Text(zh="老年用户", en="elderly holder"),
    Lane.STANDARD: Text(zh="普通", en="standard"),
    Lane.INCIDENT: Text(zh="事故", en="incident"),
}
PAGES: Names = {
    PageKind.ORDER: Text(zh="订单页", en="order page"),
    PageKind.PAYMENT: Text(zh="付款记录", en="payment record"),
    PageKind.PROMPT: Text(zh="错误提示", en="error prompt"),
    PageKind.CHAT: Text(zh="聊天记录", en="chat"),
    PageKind.LIST: Text(zh="记录列表", en="list"),
    PageKind.DELIVERY: Text(zh="发货记录", en="delivery record"),
    PageKind.IDENTITY: Text(zh="身份证件", en="identity card"),
    PageKind.UNKNOWN: Text(zh="未能识别的页面", en="page of unknown kind"),
}
MODES = {
    PlatformMode.OBSERVING: Text(zh="观察", en="observing"),
    PlatformMode.LIVE: Text(zh="运行", en="live"),
    PlatformMode.STOPPED: Text(zh="已停止", en="stopped"),
    PlatformMode.DEMO: Text(zh="演示", en="demo"),
}
_SHORTEST, _LONGEST = PASSWORD_LENGTH.start, PASSWORD_LENGTH.stop - 1
_FAULTS = {
    "login": Text(
        zh="用户名由 2 到 40 个小写字母、数字、点、下划线或连字符组成，例如 ana.lopez。",
        en="A login has 2 to 40 letters, digits, dots, underscores or hyphens, e.g. ana.lopez.",
    ),
    "login_taken": Text(zh="这个用户名已被使用。", en="This login is taken."),
    "roles": Text(zh="请至少选择一个角色。", en="Choose at least one role."),
    "no_user": Text(zh="没有这个用户。", en="There is no such user."),
    "own_account": Text(
        zh="不能更改自己的账号，请由另一位管理员操作。", en="Not your own account: another administrator does this."
    ),
    "last_administrator": Text(
        zh="这是本平台唯一的管理员，请先任命另一位。",
        en="This is the platform's only administrator. Make somebody else one first.",
    ),
    "password_length": Text(
        zh=f"密码须为 {_SHORTEST} 到 {_LONGEST} 个字符，可以用几个词连成。",
        en=f"A password has {_SHORTEST} to {_LONGEST} characters; a few words are fine.",
    ),
    "password_easy": Text(
        zh="密码太容易猜：至少要有 5 个不同字符，且不能包含用户名。",
        en="Too easily guessed: at least 5 different characters, and not the login.",
    ),
    "password_same": Text(zh="新密码与现在的密码相同。", en="The new password is the present one."),
    "password_differs": Text(zh="两次输入的新密码不一致。", en="The new password was not the same twice."),
    "old_password": Text(zh="现在的密码不正确。", en="The present password is wrong."),
}
_REFUSED = Text(
    zh="平台、用户名或密码不正确。忘记密码时，请管理员重新设置。",
    en="Platform, login or password is wrong. If you forgot it, an administrator sets a new one.",
)
_BUSY = Text(zh="现在登录的人太多，请稍后再试。", en="Too many people are signing in. Try again in a moment.")


def fault(error: PrereviewError) -> Text:
    """What went wrong with a form, for who filled it in."""
    if isinstance(error, SignInWaits):
        seconds = error.retry_after or 1
        return Text(
            zh=f"失败次数过多，请在 {seconds} 秒后再试。", en=f"Too many attempts failed. Try again in {seconds} s."
        )
    if isinstance(error, Unavailable):
        return _BUSY
    return _FAULTS.get(str(error.extra.get("code", "")), _REFUSED)


def said(code: str) -> Text:
    """A fault a page itself found."""
    return _FAULTS[code]


def named(names: Names, code: str, language: str) -> str:
    """The name of a code; the code itself where it has none."""
    found = names.get(code)
    return str(code) if found is None else found.get(language)


def together(names: Names, codes: Iterable[str], language: str) -> str:
    """Names in a row."""
    return (", " if language == "en" else "、").join(named(names, code, language) for code in codes)
