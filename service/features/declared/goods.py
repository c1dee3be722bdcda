"""Goods and seller: what was sold, what the logs say became of it, what is claimed, and how others fared."""

from __future__ import annotations

from collections.abc import Callable

from service.domain.claims import FulfilmentState, GoodsKind, ReasonCode, UseState
from service.features.declared.priors import GOODS_PRIOR_ORDERS, GOODS_PRIOR_RATE, smoothed
from service.features.facts import NAN, Facts, bounded
from service.features.feature import NO_YES, Direction, Feature, Group, Unit, text

# From "surely not received" to "surely received".
FULFILMENT_ORDER = (
    FulfilmentState.FAILED,
    FulfilmentState.NOT_DELIVERED,
    FulfilmentState.IN_PROGRESS,
    FulfilmentState.UNKNOWN,
    FulfilmentState.DELIVERED,
)
# From "cannot have been used" to "used up".
USE_ORDER = (
    UseState.VOIDED,
    UseState.NEVER_VIEWED,
    UseState.VIEWED,
    UseState.UNKNOWN,
    UseState.PARTLY_USED,
    UseState.ACTIVATED,
)
_FULFILMENT_RANK = {state: float(rank) for rank, state in enumerate(FULFILMENT_ORDER)}
_USE_RANK = {state: float(rank) for rank, state in enumerate(USE_ORDER)}

FAULT_REASONS = frozenset(
    {
        ReasonCode.NOT_DELIVERED,
        ReasonCode.CODE_INVALID,
        ReasonCode.CODE_ALREADY_USED,
        ReasonCode.NOT_AS_DESCRIBED,
        ReasonCode.SERVICE_ABNORMAL,
        ReasonCode.DUPLICATE_PAYMENT,
        ReasonCode.PLATFORM_FAULT,
    }
)
CHOICE_REASONS = frozenset({ReasonCode.WRONG_TARGET, ReasonCode.UNUSED_CHANGE_OF_MIND, ReasonCode.PARTIAL_USE})
USED_REASONS = frozenset({ReasonCode.USED_WITHOUT_EFFECT, ReasonCode.CODE_ALREADY_USED, ReasonCode.PARTIAL_USE})
_CODES = frozenset({GoodsKind.CARD_CODE, GoodsKind.ACTIVATION})
_USED = frozenset({UseState.ACTIVATED, UseState.PARTLY_USED})
_DENIES_USE = frozenset({ReasonCode.CODE_INVALID, ReasonCode.UNUSED_CHANGE_OF_MIND})


def _reason_against_log(facts: Facts) -> float:
    reason, fulfilment = facts.claim.reason, facts.claim.fulfilment
    denies_delivery = reason is ReasonCode.NOT_DELIVERED and fulfilment.state is FulfilmentState.DELIVERED
    return float(denies_delivery or (reason in _DENIES_USE and fulfilment.use in _USED))


def _used_by_claimant(facts: Facts) -> float:
    known = facts.claim.fulfilment.used_by_claimant
    return 1.0 if known is None else 2.0 * known


def _units_used_share(facts: Facts) -> float:
    fulfilment = facts.claim.fulfilment
    if not fulfilment.units_total or fulfilment.units_used is None:
        return NAN
    return bounded(fulfilment.units_used) / bounded(fulfilment.units_total)


def _refund_rate(facts: Facts, who: str) -> float:
    requested, orders = facts.past(f"{who}_refunds_requested_30d"), facts.past(f"{who}_orders_30d")
    return smoothed(requested, orders, GOODS_PRIOR_ORDERS, GOODS_PRIOR_RATE)


def _refund_surge(facts: Facts) -> float:
    usual = facts.past("product_refunds_requested_30d") / 30
    return (facts.past("product_refunds_requested_1d") + 1) / (usual + 1)


def _flag(name: str, direction: Direction, zh: str, en: str, compute: Callable[[Facts], float]) -> Feature:
    """A feature of 0 (no) or 1 (yes)."""
    return Feature(
        name=name,
        unit=Unit.LEVEL,
        direction=direction,
        group=Group.GOODS,
        description=text(zh, en),
        sentence=text(f"{zh}：{{value}}", f"{en}: {{value}}"),
        compute=compute,
        levels=NO_YES,
    )


_STATES = (
    Feature(
        name="fulfilment_state",
        unit=Unit.LEVEL,
        direction=0,
        group=Group.GOODS,
        description=text("交付状态", "Delivery state on record"),
        sentence=text("交付记录：{value}", "Delivery on record: {value}"),
        compute=lambda facts: _FULFILMENT_RANK[facts.claim.fulfilment.state],
        levels=(
            text("失败", "failed"),
            text("未交付", "not delivered"),
            text("进行中", "in progress"),
            text("未知", "unknown"),
            text("已交付", "delivered"),
        ),
    ),
    Feature(
        name="use_state",
        unit=Unit.LEVEL,
        direction=1,
        group=Group.GOODS,
        description=text("使用状态", "State of use on record"),
        sentence=text("使用记录：{value}", "Use on record: {value}"),
        compute=lambda facts: _USE_RANK[facts.claim.fulfilment.use],
        levels=(
            text("已作废", "voided"),
            text("未查看", "never viewed"),
            text("已查看", "viewed"),
            text("未知", "unknown"),
            text("部分使用", "partly used"),
            text("已激活", "activated"),
        ),
    ),
    Feature(
        name="used_by_claimant",
        unit=Unit.LEVEL,
        direction=1,
        group=Group.GOODS,
        description=text("是否申请人本人使用", "Whether the claimant used the goods"),
        sentence=text("是否申请人本人使用：{value}", "Used by the claimant: {value}"),
        compute=_used_by_claimant,
        levels=(text("否", "no"), text("无法判断", "cannot be told"), text("是", "yes")),
    ),
    Feature(
        name="units_used_share",
        unit=Unit.SHARE,
        direction=1,
        group=Group.GOODS,
        description=text("已使用份额", "Share of the units or term used"),
        sentence=text("已使用 {value}", "{value} of the goods is used"),
        compute=_units_used_share,
        missing=text("未提供使用数量", "no units given"),
    ),
)

_REASONS = (
    _flag(
        "reason_fault",
        0,
        "理由属商品或平台问题",
        "The reason puts the fault with goods or platform",
        lambda facts: float(facts.claim.reason in FAULT_REASONS),
    ),
    _flag(
        "reason_buyer_choice",
        0,
        "理由属买家自身原因",
        "The reason is the buyer's own choice or slip",
        lambda facts: float(facts.claim.reason in CHOICE_REASONS),
    ),
    _flag(
        "reason_after_use",
        0,
        "理由承认已使用",
        "The reason concedes that the goods were used",
        lambda facts: float(facts.claim.reason in USED_REASONS),
    ),
    _flag(
        "reason_against_log",
        1,
        "理由与交付或使用记录矛盾",
        "The reason contradicts the delivery or use log",
        _reason_against_log,
    ),
)

_GOODS = (
    _flag(
        "goods_recoverable",
        0,
        "卡密可作废或充值可撤回",
        "The code can be voided or the top-up recalled",
        lambda facts: float(facts.claim.fulfilment.voidable or facts.claim.fulfilment.recallable),
    ),
    _flag(
        "goods_code",
        0,
        "商品为可转卖的卡密",
        "The goods are a code that can be passed on",
        lambda facts: float(facts.claim.order.product.kind in _CODES),
    ),
    Feature(
        name="quantity",
        unit=Unit.COUNT,
        direction=0,
        group=Group.GOODS,
        description=text("购买数量", "Quantity ordered"),
        sentence=text("购买 {value} 件", "{value} unit{s} ordered"),
        compute=lambda facts: bounded(facts.claim.order.quantity),
    ),
)

_OTHERS = (
    Feature(
        name="seller_refund_rate_30d",
        unit=Unit.RATIO,
        direction=0,
        group=Group.GOODS,
        description=text(
            "卖家近30天每单申请退款率（平滑）", "Refund requests per order of the seller in 30 days, smoothed"
        ),
        sentence=text(
            "卖家近30天每单申请退款约 {value} 次", "About {value} refund requests per order of this seller in 30 days"
        ),
        compute=lambda facts: _refund_rate(facts, "seller"),
    ),
    Feature(
        name="product_refund_rate_30d",
        unit=Unit.RATIO,
        direction=0,
        group=Group.GOODS,
        description=text(
            "商品近30天每单申请退款率（平滑）", "Refund requests per order of the product in 30 days, smoothed"
        ),
        sentence=text(
            "商品近30天每单申请退款约 {value} 次", "About {value} refund requests per order of this product in 30 days"
        ),
        compute=lambda facts: _refund_rate(facts, "product"),
    ),
    # An outage floods us with honest claims: these three let the model tell a flood from abuse.
    Feature(
        name="product_refund_surge",
        unit=Unit.RATIO,
        direction=0,
        group=Group.GOODS,
        description=text("商品近1天申请量对日均", "Refund requests for the product in 1 day against its daily mean"),
        sentence=text(
            "该商品近1天退款申请为日均的 {value} 倍",
            "Refund requests for this product in 1 day: {value} times the daily mean",
        ),
        compute=_refund_surge,
    ),
    Feature(
        name="seller_fulfilments_failed_7d",
        unit=Unit.COUNT,
        direction=-1,
        group=Group.GOODS,
        description=text("卖家近7天交付失败次数", "Failed deliveries of the seller in 7 days"),
        sentence=text("卖家近7天交付失败 {value} 次", "Deliveries of this seller failed in 7 days: {value}"),
        compute=lambda facts: facts.past("seller_fulfilments_failed_7d"),
    ),
    Feature(
        name="product_fulfilments_failed_1d",
        unit=Unit.COUNT,
        direction=-1,
        group=Group.GOODS,
        description=text("商品近1天交付失败次数", "Failed deliveries of the product in 1 day"),
        sentence=text("该商品近1天交付失败 {value} 次", "Deliveries of this product failed in 1 day: {value}"),
        compute=lambda facts: facts.past("product_fulfilments_failed_1d"),
    ),
)

GOODS_FEATURES: tuple[Feature, ...] = (*_STATES, *_REASONS, *_GOODS, *_OTHERS)
