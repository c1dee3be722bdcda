"""Short names of what a policy speaks of, in both languages. What a clause says is the platform's own wording."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.assessment import Party, Text
from service.domain.cases import CaseState
from service.domain.claims import Anchor, GoodsKind, ReasonCode, Route
from service.domain.deadlines import DeadlineKind

REASONS: Mapping[str, Text] = {
    ReasonCode.NOT_DELIVERED: Text(zh="未到账 / 未发货", en="Not delivered"),
    ReasonCode.CODE_INVALID: Text(zh="卡密无效", en="Code does not work"),
    ReasonCode.CODE_ALREADY_USED: Text(zh="卡密已被使用", en="Code already used"),
    ReasonCode.USED_WITHOUT_EFFECT: Text(zh="已使用未生效", en="Used without effect"),
    ReasonCode.NOT_AS_DESCRIBED: Text(zh="与描述不符", en="Not as described"),
    ReasonCode.SERVICE_ABNORMAL: Text(zh="服务异常 / 未开通", en="Service not opened or interrupted"),
    ReasonCode.DUPLICATE_PAYMENT: Text(zh="重复扣款", en="Paid twice"),
    ReasonCode.PLATFORM_FAULT: Text(zh="系统故障", en="Fault of the platform"),
    ReasonCode.WRONG_TARGET: Text(zh="充错号码 / 区服", en="Wrong number or region"),
    ReasonCode.UNUSED_CHANGE_OF_MIND: Text(zh="未使用，不想要了", en="Unused, changed my mind"),
    ReasonCode.UNAUTHORISED: Text(zh="非本人操作", en="It was not me"),
    ReasonCode.PARTIAL_USE: Text(zh="部分使用", en="Partly used"),
    ReasonCode.OTHER: Text(zh="其他原因", en="Another reason"),
}
GOODS: Mapping[str, Text] = {
    GoodsKind.CARD_CODE: Text(zh="卡密", en="card codes"),
    GoodsKind.TOP_UP: Text(zh="直充", en="top-ups"),
    GoodsKind.MEMBERSHIP: Text(zh="会员", en="memberships"),
    GoodsKind.ACTIVATION: Text(zh="激活码", en="activation codes"),
    GoodsKind.IN_GAME: Text(zh="游戏内物品", en="in-game goods"),
    GoodsKind.OTHER: Text(zh="其他商品", en="other goods"),
}
ANCHORS: Mapping[str, Text] = {
    Anchor.PAID: Text(zh="付款", en="payment"),
    Anchor.DELIVERED: Text(zh="发货", en="delivery"),
    Anchor.CONFIRMED: Text(zh="确认收货", en="confirming receipt"),
}
ROUTES: Mapping[str, Text] = {
    Route.ORIGINAL: Text(zh="原路退回", en="The way you paid"),
    Route.BALANCE: Text(zh="平台余额", en="Platform balance"),
}

PARTIES: Mapping[str, Text] = {
    Party.SELLER: Text(zh="卖家", en="the seller"),
    Party.SUPPLIER: Text(zh="供应商", en="the supplier"),
    Party.PLATFORM: Text(zh="平台", en="the platform"),
    Party.BUYER: Text(zh="买家", en="the buyer"),
}


STATES: Mapping[str, Text] = {
    CaseState.ACCEPTED: Text(zh="已收到", en="Received"),
    CaseState.ASSESSING: Text(zh="正在处理", en="Being looked at"),
    CaseState.AUTO_APPROVED: Text(zh="退款已通过", en="Refund approved"),
    CaseState.IN_REVIEW: Text(zh="人工审核中", en="A person is looking at it"),
    CaseState.AWAITING_MATERIALS: Text(zh="请补充材料", en="Something is missing"),
    CaseState.AWAITING_SUPPLIER: Text(zh="正在核实", en="Being checked with the supplier"),
    CaseState.OFFERED: Text(zh="有退款方案待您答复", en="An offer waits for your answer"),
    CaseState.COUNTERED: Text(zh="您的还价待答复", en="Your counter-offer is being looked at"),
    CaseState.APPROVED: Text(zh="退款已通过", en="Refund approved"),
    CaseState.PARTIALLY_APPROVED: Text(zh="部分退款已通过", en="Part of the refund approved"),
    CaseState.REJECTED: Text(zh="未通过", en="Not approved"),
    CaseState.WITHDRAWN: Text(zh="已撤回", en="Withdrawn"),
    CaseState.LAPSED: Text(zh="已超时关闭", en="Lapsed"),
    CaseState.PAID: Text(zh="退款已支付", en="Paid back"),
    CaseState.PAYMENT_FAILED: Text(zh="支付未成功", en="The payment did not go through"),
    CaseState.REVERSED: Text(zh="退款已撤销", en="Reversed"),
    CaseState.APPEALED: Text(zh="申诉已收到", en="Appeal received"),
    CaseState.IN_SECOND_REVIEW: Text(zh="复核中", en="In second review"),
    CaseState.ARBITRATION: Text(zh="仲裁中", en="In arbitration"),
    CaseState.CLOSED: Text(zh="已结束", en="Closed"),
    CaseState.REOPENED: Text(zh="已重新打开", en="Reopened"),
}
DUE: Mapping[str, Text] = {
    DeadlineKind.MATERIALS: Text(zh="请在此之前补充", en="Add it by"),
    DeadlineKind.OFFER: Text(zh="请在此之前答复", en="Answer by"),
    DeadlineKind.REVIEW: Text(zh="预计答复不晚于", en="You will have an answer by"),
    DeadlineKind.SUPPLIER: Text(zh="预计核实完成", en="The check ends by"),
    DeadlineKind.SELLER_REPLY: Text(zh="商家答复期限", en="The seller answers by"),
    DeadlineKind.APPEAL: Text(zh="可申诉至", en="You can appeal until"),
    DeadlineKind.ARBITRATION: Text(zh="预计裁决不晚于", en="There is a ruling by"),
    DeadlineKind.PAYMENT: Text(zh="平台付款期限", en="The platform pays by"),
}


def named(names: Mapping[str, Text], code: str, language: str) -> str:
    """The name of a code; the code itself where it has none."""
    found = names.get(code)
    return code if found is None else found.get(language)


def span(hours: int, language: str) -> str:
    """Hours as people say them: whole days where they are, from two days on."""
    if hours % 24 == 0 and hours >= 48:
        return f"{hours // 24} days" if language == "en" else f"{hours // 24} 天"
    return f"{hours} hours" if language == "en" else f"{hours} 小时"


def share(permille: int) -> str:
    """Thousandths as per cent: ``1%``, ``0.5%``."""
    return f"{permille / 10:g}%"
