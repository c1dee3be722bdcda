"""What the codes of a policy are called, in both languages."""

from __future__ import annotations

from service.console.words import Names
from service.domain.assessment import Party, Text
from service.domain.claims import Anchor, GoodsKind, Route
from service.domain.deadlines import DeadlineKind
from service.domain.evidence import ErrorCode
from service.domain.policy_versions import PolicyState
from service.policy import ApprovalClass
from service.policy.clause_parts import AskWhen, MaterialsWhen, Stage
from service.policy.parts import Amount, BudgetEntity, CoreFact, Fault, Handling, NegativeRule

GOODS: Names = {
    GoodsKind.CARD_CODE: Text(zh="卡密", en="card codes"),
    GoodsKind.TOP_UP: Text(zh="直充", en="top-ups"),
    GoodsKind.MEMBERSHIP: Text(zh="会员", en="memberships"),
    GoodsKind.ACTIVATION: Text(zh="激活码", en="activation codes"),
    GoodsKind.IN_GAME: Text(zh="游戏内物品", en="in-game goods"),
    GoodsKind.OTHER: Text(zh="其他商品", en="other goods"),
}
ANCHORS: Names = {
    Anchor.PAID: Text(zh="付款", en="payment"),
    Anchor.DELIVERED: Text(zh="发货", en="delivery"),
    Anchor.CONFIRMED: Text(zh="确认收货", en="confirming receipt"),
}
ROUTES: Names = {
    Route.ORIGINAL: Text(zh="原路退回", en="the way it was paid"),
    Route.BALANCE: Text(zh="平台余额", en="platform balance"),
}
PARTIES: Names = {
    Party.SELLER: Text(zh="卖家", en="the seller"),
    Party.SUPPLIER: Text(zh="供应商", en="the supplier"),
    Party.PLATFORM: Text(zh="平台", en="the platform"),
    Party.BUYER: Text(zh="买家", en="the buyer"),
    Party.UNCLEAR: Text(zh="待定", en="unclear"),
}
FAULTS: Names = {
    Fault.BUYER: PARTIES[Party.BUYER],
    Fault.SELLER: PARTIES[Party.SELLER],
    Fault.PLATFORM: PARTIES[Party.PLATFORM],
    Fault.UNCLEAR: PARTIES[Party.UNCLEAR],
}
RULES: Names = {
    NegativeRule.ACTIVATED_OR_CONSUMED: Text(zh="已激活或已消耗", en="the goods were activated or consumed"),
    NegativeRule.PARTLY_USED: Text(zh="已部分使用", en="part was used"),
    NegativeRule.USED_ABOVE: Text(zh="用量超过设定比例", en="more than a set share was used"),
    NegativeRule.RECEIPT_CONFIRMED: Text(zh="已确认收货", en="receipt was confirmed"),
    NegativeRule.CODE_VIEWED: Text(zh="卡密已被查看", en="the code was viewed"),
    NegativeRule.TRIAL: Text(zh="试用商品", en="trial goods"),
    NegativeRule.PAST_VALIDITY: Text(zh="已过有效期", en="the goods are past their validity"),
    NegativeRule.OUTSIDE_TIME_LIMIT: Text(zh="超过申请时限", en="the claim is outside its time limit"),
    NegativeRule.NO_REFUND_NOTICE: Text(zh="已明示不退款", en="sold with a no-refund notice"),
    NegativeRule.NOT_RECALLABLE: Text(zh="充值无法撤回", en="the top-up cannot be recalled"),
    NegativeRule.PROMPT_SHOWN: Text(zh="截图出现指定提示", en="a certain prompt is on a screenshot"),
    NegativeRule.ALWAYS: Text(zh="一律适用", en="always"),
    NegativeRule.JUDGED_BY_PERSON: Text(zh="由人工判断是否适用", en="a person judges whether it holds"),
}
EFFECTS: Names = {
    "excludes": Text(zh="不予自动通过，建议拒绝", en="not approved; rejection is recommended"),
    "needs_person": Text(zh="转人工审核", en="goes to a person"),
}
HANDLINGS: Names = {
    Handling.AUTOMATIC: Text(zh="可自动通过", en="may be approved automatically"),
    Handling.PERSON: Text(zh="一律人工审核", en="always goes to a person"),
    Handling.PERSON_AFTER_MATERIALS: Text(zh="补齐材料后人工审核", en="goes to a person once the material is there"),
}
AMOUNTS: Names = {
    Amount.WHOLE: Text(zh="全额", en="the whole sum"),
    Amount.PRO_RATA: Text(zh="按未使用部分", en="the unused part"),
    Amount.SHARE: Text(zh="按比例", en="a share"),
}
CLASSES: Names = {
    ApprovalClass.RECOVERABLE: Text(zh="可收回商品", en="recoverable goods"),
    ApprovalClass.ONE_CLICK: Text(zh="小额一键退款", en="one-click"),
    ApprovalClass.RISK: Text(zh="低风险", en="low risk"),
}
ENTITIES: Names = {
    BudgetEntity.PLATFORM: Text(zh="全平台", en="the platform"),
    BudgetEntity.ACCOUNT: Text(zh="每个账号", en="each account"),
    BudgetEntity.DEVICE: Text(zh="每台设备", en="each device"),
    BudgetEntity.PAYER: Text(zh="每个付款账户", en="each payer"),
    BudgetEntity.SELLER: Text(zh="每个卖家", en="each seller"),
    BudgetEntity.PRODUCT: Text(zh="每个商品", en="each product"),
}
FACTS: Names = {
    CoreFact.NUMBER: Text(zh="订单号或交易单号", en="order or trade number"),
    CoreFact.ORDER_NUMBER: Text(zh="订单号", en="order number"),
    CoreFact.TRADE_NUMBER: Text(zh="交易单号", en="trade number"),
    CoreFact.AMOUNT: Text(zh="金额", en="amount"),
    CoreFact.TIME: Text(zh="时间", en="time"),
    CoreFact.PAYEE: Text(zh="收款方", en="payee"),
    CoreFact.PROMPT: Text(zh="错误提示", en="error prompt"),
}
PROMPTS: Names = {
    ErrorCode.CODE_INVALID: Text(zh="卡密无效", en="code invalid"),
    ErrorCode.CODE_USED: Text(zh="卡密已使用", en="code used"),
    ErrorCode.CODE_WRONG: Text(zh="卡密错误", en="code wrong"),
    ErrorCode.EXPIRED: Text(zh="已过期", en="expired"),
    ErrorCode.TOPUP_FAILED: Text(zh="充值失败", en="top-up failed"),
    ErrorCode.NUMBER_NOT_FOUND: Text(zh="号码不存在", en="number not found"),
    ErrorCode.REGION_MISMATCH: Text(zh="区服不符", en="wrong region"),
    ErrorCode.BALANCE_INSUFFICIENT: Text(zh="余额不足", en="balance insufficient"),
    ErrorCode.NO_SUCH_RECORD: Text(zh="无此记录", en="no such record"),
    ErrorCode.SYSTEM_BUSY: Text(zh="系统繁忙", en="system busy"),
    ErrorCode.PAYMENT_FAILED: Text(zh="支付失败", en="payment failed"),
    ErrorCode.DUPLICATE_PAYMENT: Text(zh="重复支付", en="paid twice"),
    ErrorCode.ORDER_NOT_FOUND: Text(zh="订单不存在", en="order not found"),
    ErrorCode.OUT_OF_STOCK: Text(zh="缺货", en="out of stock"),
    ErrorCode.ACCOUNT_RESTRICTED: Text(zh="账号受限", en="account restricted"),
    ErrorCode.NOT_DELIVERED: Text(zh="未到账", en="not delivered"),
    ErrorCode.LIMIT_EXCEEDED: Text(zh="超过限额", en="limit exceeded"),
    ErrorCode.CODE_LOCKED: Text(zh="卡密已锁定", en="code locked"),
    ErrorCode.VERIFICATION_FAILED: Text(zh="验证失败", en="verification failed"),
    ErrorCode.NOT_YET_VALID: Text(zh="尚未生效", en="not valid yet"),
}
STAGES: Names = {
    Stage.UNCONFIRMED: Text(zh="确认收货前", en="before receipt is confirmed"),
    Stage.CONFIRMED: Text(zh="确认收货后", en="after receipt is confirmed"),
}
ASKED_WHEN: Names = {
    AskWhen.ALWAYS: Text(zh="每次", en="every time"),
    AskWhen.LOG_UNKNOWN: Text(zh="仅当平台记录无法判断时", en="only where the platform's log cannot tell"),
}
MATERIALS_WHEN: Names = {
    MaterialsWhen.ALWAYS: Text(zh="每次", en="every time"),
    MaterialsWhen.CROSS_BORDER: Text(zh="跨境订单", en="for orders across a border"),
    MaterialsWhen.AMOUNT_FROM: Text(zh="达到金额时", en="from an amount on"),
}
DEADLINES: Names = {
    DeadlineKind.REVIEW: Text(zh="人工审核", en="review by a person"),
    DeadlineKind.MATERIALS: Text(zh="买家补材料", en="the buyer's material"),
    DeadlineKind.SUPPLIER: Text(zh="供应商答复", en="the supplier's answer"),
    DeadlineKind.SELLER_REPLY: Text(zh="卖家答复", en="the seller's answer"),
    DeadlineKind.OFFER: Text(zh="方案答复", en="the answer to an offer"),
    DeadlineKind.APPEAL: Text(zh="申诉", en="an appeal"),
    DeadlineKind.ARBITRATION: Text(zh="仲裁", en="arbitration"),
    DeadlineKind.PAYMENT: Text(zh="平台付款", en="payment"),
    DeadlineKind.OBLIGATION: Text(zh="收回确认", en="confirming a recall"),
}
STATES: Names = {
    PolicyState.DRAFTED: Text(zh="草稿", en="draft"),
    PolicyState.PROPOSED: Text(zh="待第二人签署", en="waits for a second person"),
    PolicyState.SCHEDULED: Text(zh="已签署，待生效", en="signed, not in force yet"),
    PolicyState.IN_FORCE: Text(zh="生效中", en="in force"),
    PolicyState.SUPERSEDED: Text(zh="已被取代", en="superseded"),
    PolicyState.REJECTED: Text(zh="被拒签", en="refused"),
    PolicyState.WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
}
TONES = {
    PolicyState.PROPOSED: "warn", PolicyState.SCHEDULED: "warn", PolicyState.IN_FORCE: "good",
    PolicyState.REJECTED: "bad",
}  # fmt: skip
