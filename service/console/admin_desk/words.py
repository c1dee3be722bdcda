"""What the administrators' pages say of codes and refusals, in both languages."""

from __future__ import annotations

from service.console.words import Names
from service.domain.assessment import Text
from service.domain.errors import PrereviewError
from service.review.requests import PartState, Scope

SCOPES: Names = {
    Scope.CLAIMS: Text(zh="提交申请、按编号查询", en="send claims, read cases by id"),
    Scope.CASES: Text(zh="列出案件、代平台或买家操作", en="list cases, act for the platform or its buyer"),
    Scope.REVIEW: Text(zh="以指定人员身份审核", en="let a named person review"),
    Scope.REVIEW_SENIOR: Text(zh="以高级审核员身份审核", en="let a named senior review"),
    Scope.OUTCOMES: Text(zh="回报付款、追偿等结果", en="report what became of refunds"),
    Scope.POLICY: Text(zh="提议和签署规则", en="propose and sign policies"),
    Scope.WEBHOOKS: Text(zh="管理回调地址", en="manage webhooks"),
    Scope.FEED: Text(zh="读取事件流", en="read the feed of events"),
    Scope.EVENTS: Text(zh="写入历史事件", en="send events of the past"),
    Scope.SCORES: Text(zh="查询风险评分", en="ask for risk scores"),
    Scope.OPERATE: Text(zh="停止开关和额度", en="the kill switch and budgets"),
    Scope.INTERNAL: Text(zh="答复中含内部原因", en="answers with internal reasons"),
}
PART_STATES: Names = {
    PartState.OK: Text(zh="正常", en="fine"),
    PartState.DEGRADED: Text(zh="降级", en="degraded"),
    PartState.DOWN: Text(zh="不可用", en="down"),
}
PARTS: Names = {
    "database": Text(zh="数据库", en="database"),
    "model": Text(zh="风险模型", en="risk model"),
    "reader": Text(zh="截图识别", en="reader"),
    "audit trail": Text(zh="审计链", en="audit trail"),
}
JOB_STATES: Names = {
    "due": Text(zh="到期待处理", en="due"),
    "doing": Text(zh="处理中", en="in hand"),
    "scheduled": Text(zh="守护中（请求正在答复）", en="guarding requests in progress"),
    "failed": Text(zh="失败", en="failed"),
}
VERSIONS: Names = {
    "service": Text(zh="服务", en="service"),
    "reader": Text(zh="识别器", en="reader"),
    "features": Text(zh="特征", en="features"),
}
ORIGINS: Names = {
    "live": Text(zh="真实数据", en="live data"),
    "observed": Text(zh="观察期数据", en="data from observing"),
    "simulated": Text(zh="模拟数据（仅演示有效）", en="simulated data: counts in a demo alone"),
}
KINDS: Names = {
    "identity": Text(zh="身份证件", en="identity cards"),
    "chat": Text(zh="聊天记录", en="chats"),
    "order": Text(zh="订单页", en="order pages"),
    "payment": Text(zh="付款记录", en="payment records"),
    "prompt": Text(zh="错误提示", en="error prompts"),
    "list": Text(zh="记录列表", en="lists"),
    "delivery": Text(zh="发货记录", en="delivery records"),
    "unknown": Text(zh="未识别的页面", en="pages of unknown kind"),
    "default": Text(zh="其余所有种类", en="all other kinds"),
}
DELIVERY_STATES: Names = {
    "pending": Text(zh="待发送", en="pending"),
    "delivered": Text(zh="已送达", en="delivered"),
    "dead": Text(zh="已放弃", en="dead letter"),
}
DISABLED_BECAUSE: Names = {
    "asked": Text(zh="由人停用", en="disabled by a person"),
    "gone": Text(zh="对方答复 410，已停用", en="the receiver answered 410"),
    "failing": Text(zh="连续失败 5 天，已停用", en="every attempt failed for five days"),
}
PROBLEMS: Names = {
    "address refused": Text(zh="地址不可用（内网或解析失败）", en="address refused"),
    "timeout": Text(zh="超时", en="timeout"),
    "certificate": Text(zh="证书无效", en="certificate"),
    "no connection": Text(zh="无法连接", en="no connection"),
    "broken answer": Text(zh="答复不完整", en="broken answer"),
    "no address": Text(zh="域名无法解析", en="no address"),
    "secret": Text(zh="签名密钥无法读取（我方问题）", en="our fault: the secret could not be read"),
    "refused": Text(zh="被拒收", en="refused"),
}
REQUEST_STATES: Names = {
    "asked": Text(zh="待批准", en="waits for approval"),
    "erased": Text(zh="已删除", en="erased"),
    "refused": Text(zh="已拒绝", en="refused"),
}
_FAULTS = {
    "name": Text(zh="名称须为 1 到 100 个可见字符。", en="A name has 1 to 100 visible characters."),
    "scopes": Text(zh="请至少选择一项权限。", en="Choose at least one scope."),
    "guarded_scope": Text(
        zh="能审核、签署规则或开关自动通过的密钥只能由运维在命令行创建和更换：prereview keys create。",
        en="A key that may decide, sign policies or switch approval is made and replaced by the operator, at the "
        "command line: prereview keys create.",
    ),
    "days": Text(zh="有效天数须为 1 到 3660，或留空。", en="Give 1 to 3660 days, or none."),
    "rate_class": Text(zh="没有这个限速级别。", en="There is no such rate class."),
    "networks": Text(
        zh="网段写法有误，请写例如 203.0.113.0/24，每行一个。", en="Write networks as 203.0.113.0/24, one a line."
    ),
    "overlap": Text(zh="重叠时间最长 30 天。", en="An overlap has 30 days at most."),
    "account": Text(zh="请填写平台使用的账号 ID。", en="Give the account's id as your platform sends it."),
    "reason": Text(zh="请写明原因（不超过 500 字）。", en="Say why, in 500 characters at most."),
    "erased": Text(zh="这是化名：该账号已被删除。", en="This is a pseudonym: the account was erased already."),
    "waits": Text(zh="这个账号已有待批准的删除申请。", en="A request for this account waits already."),
    "ended": Text(zh="有人先您一步，这个申请已结束。", en="Somebody was before you: this request has ended."),
    "same_person": Text(
        zh="提出申请的人不能批准，请另一位管理员操作。", en="Whoever asked cannot approve: another administrator does."
    ),
    "nothing": Text(zh="没有保存该账号的任何数据。", en="Nothing is stored of this account."),
}
_BY_SENTENCE = (
    ("url must begin with https", Text(zh="地址须以 https:// 开头。", en="The URL begins with https://.")),
    ("not public", Text(zh="地址指向内网，只能使用公网地址。", en="The URL leads to an address that is not public.")),
    ("must name a public host", Text(zh="请写公网主机名，例如 shop.example。",
                                      en="Name a public host, e.g. shop.example.")),
    ("port 443 or 8443", Text(zh="端口只能是 443 或 8443。", en="The port is 443 or 8443.")),
    ("url ", Text(zh="地址写法有误，请写例如 https://shop.example/events（不含用户名、密码和 #）。",
                  en="Write the URL as https://shop.example/events, without user name, password or #.")),
    ("types must", Text(zh="没有这种事件。", en="There is no such type of event.")),
    ("The description", Text(zh="说明最多 200 个可见字符。", en="A description has 200 visible characters.")),
    ("Choose an overlap", Text(zh="请选择重叠时间。", en="Choose an overlap.")),
    ("Say what is to be sent", Text(zh="请选择要重发的内容。", en="Say what is to be sent again.")),
    ("already has the successor", Text(zh="这个密钥已有后继，请先撤销或更换后继。",
                                       en="This key has a successor already. Revoke or rotate that one.")),
    ("has ended", Text(zh="这个密钥已失效，请新建一个。", en="This key has ended. Make a new one.")),
    ("has this URL already", Text(zh="已有使用这个地址的回调。", en="Another endpoint has this URL already.")),
    ("endpoints at most", Text(zh="回调最多 10 个，请先删除不需要的。", en="There are 10 endpoints at most.")),
    ("secrets of this endpoint sign still", Text(
        zh="仍有 4 个密钥在共同签名，请等重叠期结束，或不留重叠。",
        en="Four secrets of it sign still. Wait for an overlap to end, or make one without overlap.")),
    ("is disabled, so nothing is sent", Text(zh="回调已停用，请先恢复。", en="It is disabled. Enable it first.")),
    ("no event with this id", Text(zh="没有这个事件。", en="There is no such event.")),
    ("are not over", Text(
        zh="该账号还有案件未结束，结束后才能删除。", en="A case of this account is not over: erase it when it is.")),
)  # fmt: skip


def fault(error: PrereviewError) -> Text:
    """What was refused; the use case's own words where nothing better is known."""
    found = _FAULTS.get(str(error.extra.get("code", "")))
    if found is not None:
        return found
    for part, said in _BY_SENTENCE:
        if part in error.detail:
            return said
    return Text(zh=error.detail, en=error.detail)
