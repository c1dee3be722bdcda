"""What codes are called, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.assessment import PlatformMode, Text
from service.domain.claims import ReasonCode
from service.domain.errors import PrereviewError, SignInWaits, Unavailable
from service.domain.users import PASSWORD_LENGTH, Role

ROLES = {
    Role.REVIEWER: Text(zh="审核员", en="Reviewer"),
    Role.SENIOR: Text(zh="高级审核员", en="Senior reviewer"),
    Role.AUDITOR: Text(zh="审计员（只读）", en="Auditor (read only)"),
    Role.RISK_OWNER: Text(zh="风险负责人", en="Risk owner"),
    Role.DATA_SCIENTIST: Text(zh="数据科学家", en="Data scientist"),
    Role.ADMINISTRATOR: Text(zh="管理员", en="Administrator"),
}
REASONS: Mapping[str, Text] = {
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
