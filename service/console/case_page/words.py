"""Short names, in both languages, of what a reviewer reads on the case page."""

from __future__ import annotations

from collections.abc import Mapping

from service.console.foreign_text import visible
from service.console.words import Names
from service.domain.actors import Actor
from service.domain.assessment import Decision, Recommendation, Text
from service.domain.checks import Result
from service.domain.claims import FulfilmentState, UseState
from service.domain.deadlines import DeadlineKind
from service.domain.evidence import FailedReason, GapKind, HintKind
from service.domain.history import EventKind
from service.domain.lifecycle import Party
from service.domain.reuse import ReuseKind, Standing
from service.features import Group

DECISIONS: Names = {
    Decision.AUTO_APPROVED: Text(zh="自动通过", en="automatic approval"),
    Decision.MANUAL_REVIEW: Text(zh="人工审核", en="a person decides"),
    Decision.MATERIALS_NEEDED: Text(zh="补充材料", en="material is asked for"),
}
RECOMMENDATIONS: Names = {
    Recommendation.APPROVE: Text(zh="建议通过", en="approve"),
    Recommendation.APPROVE_PARTIALLY: Text(zh="建议部分通过", en="approve in part"),
    Recommendation.REVIEW: Text(zh="请审核", en="review"),
    Recommendation.REJECT: Text(zh="建议拒绝", en="reject"),
    Recommendation.ASK_FOR_MATERIALS: Text(zh="建议索要材料", en="ask for material"),
}
VERDICTS: Names = {
    Result.PASS: Text(zh="一致", en="agrees"),
    Result.UNKNOWN: Text(zh="无法核对", en="not known"),
    Result.FAIL: Text(zh="不符", en="differs"),
}
GROUPS: Names = {
    Group.ACCOUNT: Text(zh="账号历史", en="account history"),
    Group.EVIDENCE: Text(zh="凭证", en="evidence"),
    Group.GOODS: Text(zh="商品与卖家", en="goods and seller"),
    Group.LINKS: Text(zh="关联", en="links"),
    Group.AMOUNT_TIME: Text(zh="金额与时间", en="amount and time"),
}
HINTS: Names = {
    HintKind.FONT: Text(zh="字体不一致", en="other font"),
    HintKind.STROKE: Text(zh="笔画粗细不一致", en="other stroke"),
    HintKind.BASELINE: Text(zh="基线偏移", en="shifted baseline"),
    HintKind.SPACING: Text(zh="字距异常", en="odd spacing"),
    HintKind.NOISE: Text(zh="噪点不一致", en="other noise"),
    HintKind.PATCH: Text(zh="疑似覆盖", en="patched place"),
    HintKind.EDITOR: Text(zh="经过编辑软件", en="saved by an editor"),
    HintKind.CLOCK: Text(zh="时间矛盾", en="clock contradicts"),
}
ALSO_HONEST = Text(zh="每{pages}张正常图片中约有1张也这样", en="so on 1 of {pages} honest pages too")
GAPS: Names = {
    GapKind.CUT_OFF: Text(zh="被截掉", en="cut off"),
    GapKind.COVERED: Text(zh="被遮挡", en="covered"),
    GapKind.BLURRED: Text(zh="模糊", en="blurred"),
    GapKind.TOO_SMALL: Text(zh="太小", en="too small"),
    GapKind.WRONG_KIND: Text(zh="不是所需页面", en="wrong kind of page"),
    GapKind.NO_DATE: Text(zh="没有日期", en="no date"),
    GapKind.NO_MARK: Text(zh="没有平台标识", en="no platform mark"),
    GapKind.SEVERAL_PAGES: Text(zh="多页拼在一起", en="several pages"),
    GapKind.NOT_SHOWN: Text(zh="未显示", en="not shown"),
}
FAILURES: Names = {
    FailedReason.NO_CONSENT: Text(zh="没有同意记录，未读取", en="not read: no consent is recorded"),
    FailedReason.MISSING_FILE: Text(zh="文件已不在", en="the file is gone"),
    FailedReason.UNSUPPORTED_TYPE: Text(zh="文件类型不支持", en="not a kind of file we read"),
    FailedReason.TRUNCATED: Text(zh="文件不完整", en="the file is cut short"),
    FailedReason.DAMAGED: Text(zh="文件已损坏", en="the file is damaged"),
    FailedReason.EMPTY_FILE: Text(zh="空文件", en="the file is empty"),
    FailedReason.TIMEOUT: Text(zh="识别超时", en="reading took too long"),
}
REUSED: Names = {
    ReuseKind.SAME_BYTES: Text(zh="同一文件", en="the same file"),
    ReuseKind.SAME_PICTURE: Text(zh="同一图片", en="the same picture"),
    ReuseKind.SAME_PICTURE_EDITED: Text(zh="同一图片，有改动", en="the same picture, changed"),
    ReuseKind.SAME_FACTS: Text(zh="内容相同", en="the same facts"),
}
STANDINGS: Names = {
    Standing.REUSED: Text(zh="属于另一订单", en="another order's page"),
    Standing.DOUBTFUL: Text(zh="可能属于另一订单", en="perhaps another order's"),
    Standing.OWN: Text(zh="也显示本订单", en="shows this order as well"),
    Standing.GENERIC: Text(zh="通用页面", en="nothing tells orders apart"),
}
EVENTS: Names = {
    EventKind.ACCOUNT_OPENED: Text(zh="开户", en="account opened"),
    EventKind.SESSION: Text(zh="登录", en="session"),
    EventKind.ORDER: Text(zh="下单", en="order"),
    EventKind.PAYMENT: Text(zh="付款", en="payment"),
    EventKind.FULFILMENT: Text(zh="发货", en="fulfilment"),
    EventKind.REFUND_REQUESTED: Text(zh="申请退款", en="refund asked for"),
    EventKind.REFUND_WITHDRAWN: Text(zh="撤回申请", en="claim withdrawn"),
    EventKind.REFUND_GRANTED: Text(zh="同意退款", en="refund granted"),
    EventKind.REFUND_REJECTED: Text(zh="拒绝退款", en="refund rejected"),
    EventKind.REFUND_WRONG: Text(zh="事后认定误退", en="refund found wrong"),
    EventKind.CHARGEBACK: Text(zh="支付渠道拒付", en="chargeback"),
    EventKind.INCIDENT_CLAIM: Text(zh="事故期间申请", en="claim in an incident"),
    EventKind.INCIDENT_GRANT: Text(zh="事故期间退款", en="grant in an incident"),
}
PARTIES: Names = {
    Party.PREREVIEW: Text(zh="预审", en="pre-review"),
    Party.BUYER: Text(zh="买家", en="buyer"),
    Party.PLATFORM: Text(zh="平台", en="platform"),
    Party.REVIEWER: Text(zh="审核员", en="reviewer"),
    Party.SENIOR: Text(zh="高级审核员", en="senior reviewer"),
}
DUE: Names = {
    DeadlineKind.REVIEW: Text(zh="审核", en="review"),
    DeadlineKind.MATERIALS: Text(zh="补材料", en="material"),
    DeadlineKind.SUPPLIER: Text(zh="供应商", en="supplier"),
    DeadlineKind.SELLER_REPLY: Text(zh="卖家", en="seller"),
    DeadlineKind.OFFER: Text(zh="方案答复", en="offer"),
    DeadlineKind.APPEAL: Text(zh="申诉期", en="appeal"),
    DeadlineKind.ARBITRATION: Text(zh="仲裁", en="arbitration"),
    DeadlineKind.PAYMENT: Text(zh="付款", en="payment"),
    DeadlineKind.OBLIGATION: Text(zh="收回确认", en="confirmation of the recall"),
}

RECORDED: Mapping[str, str] = {
    FulfilmentState.NOT_DELIVERED: "未发货",
    FulfilmentState.IN_PROGRESS: "发货中",
    FulfilmentState.DELIVERED: "已发货",
    FulfilmentState.FAILED: "发货失败",
    FulfilmentState.UNKNOWN: "未知",
    UseState.NEVER_VIEWED: "未查看",
    UseState.VIEWED: "已查看",
    UseState.ACTIVATED: "已激活",
    UseState.PARTLY_USED: "部分使用",
    UseState.VOIDED: "已作废",
    "paid": "已付款",
}
"""Words of the record as checks quote them, in Chinese."""


def person(actor: Actor) -> str:
    """Somebody as colleagues know them: by their login."""
    return visible(actor.name.removeprefix("user:"), 80)


def spoken(text: str, language: str) -> str:
    """Codes of the platform's record, e.g. ``delivered, activated``, by name; anything else as it is."""
    if language == "en":
        return text
    parts = text.split(", ")
    return "，".join(RECORDED[part] for part in parts) if all(part in RECORDED for part in parts) else text
