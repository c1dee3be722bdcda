"""What the platform's own records say of each claim: incomplete, and sometimes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from service.domain.claims import (
    Account,
    Anchor,
    Claim,
    Fulfilment,
    FulfilmentState,
    GoodsKind,
    Order,
    Product,
    ProductTerms,
    UseState,
)
from service.domain.money import Money
from training.simulator.calendar import DAY, HOUR, Span
from training.simulator.claiming import TERM, Claims
from training.simulator.intentions import CAUSES, LEAKED_CODE
from training.simulator.market import Market
from training.simulator.names import Names
from training.simulator.orders import Orders
from training.simulator.parameters import Parameters
from training.simulator.population import Population
from training.simulator.streams import Flags, Integers, Random

PLATFORM = "demo"
PAYEE = "演示卡盟科技有限公司"
_METHODS = ("支付宝", "微信支付", "余额")
_GOODS_NAMES = {
    "phone_top_up": "话费充值{yuan}元",
    "game_top_up": "游戏直充{yuan}元",
    "game_card": "游戏点卡{yuan}元",
    "gift_card": "礼品卡{yuan}元",
    "video_membership": "视频会员 面值{yuan}元",
    "software_activation": "软件激活码 面值{yuan}元",
    "in_game_currency": "游戏币 面值{yuan}元",
    "transit_card": "交通卡充值{yuan}元",
}
_STATEMENT = "商品有问题请核实后退款谢谢已经等了很久了麻烦尽快处理一下现在还是不能用"
_CODES = (GoodsKind.CARD_CODE, GoodsKind.ACTIVATION)
_STATES = (FulfilmentState.NOT_DELIVERED, FulfilmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Logs:
    """Per claim, what the logs say at the moment of claiming. ``claimant``: 1 yes, 0 no, -1 the log cannot tell."""

    state: tuple[FulfilmentState, ...]
    use: tuple[UseState, ...]
    claimant: Integers
    voidable: Flags
    recallable: Flags


def read_logs(parameters: Parameters, market: Market, orders: Orders, claims: Claims, random: Random) -> Logs:
    order, count = claims.order, len(claims)
    category = orders.category[order]
    log = orders.log[order].copy()
    wrong = random.random(count) < parameters.number("records.state_error")
    # A delivery after the claim has not happened yet for the log (NaN compares false).
    delivered = (orders.delivered[order] <= claims.claimed) ^ wrong
    # Had the supplier noticed, it would have delivered: what fails unnoticed is often logged as done.
    unnoticed = np.isnan(orders.delivered[order]) & np.isnan(orders.failed[order]) & log
    delivered |= unnoticed & (random.random(count) < parameters.number("records.false_delivery"))
    pending = ~delivered & (claims.claimed < orders.promised[order])
    viewed_logged = random.random(count) < parameters.number("records.viewed_logged")
    other_used = np.isin(claims.cause, [CAUSES.index("code_used"), LEAKED_CODE])
    # A colluding seller hands over nothing, and its log says so or is silent.
    sham = orders.sham[order]
    delivered &= ~sham
    log &= ~sham | (random.random(count) < parameters.number("accounts.colluding.log_says_undelivered"))
    activated = (claims.used | other_used) & log & delivered
    # Of a thief the log knows that it was not the usual device.
    other_used |= claims.cause == CAUSES.index("theft")
    knows_who = random.random(count) < parameters.number("records.claimant_known")
    claimant = np.where(activated & knows_who, np.where(other_used, 0, 1), -1)
    code = market.categories.is_kind(category, *_CODES)
    # Only a log that says "never activated" lets the code be voided safely.
    unused = log & ~activated & orders.undo[order]
    return Logs(
        state=tuple(map(_state, delivered, pending, log, orders.failed[order] <= claims.claimed)),
        use=tuple(map(_use, code, delivered, activated, log, claims.viewed, viewed_logged, claims.units_used)),
        claimant=claimant,
        voidable=unused & code,
        recallable=unused & ~code & ~claims.used & (claims.claimed - orders.paid[order] < DAY),
    )


def _state(delivered: bool, pending: bool, log: bool, failed: bool) -> FulfilmentState:
    if failed and not delivered:
        return FulfilmentState.FAILED
    if not log and not delivered:
        return FulfilmentState.UNKNOWN
    if pending:
        return FulfilmentState.IN_PROGRESS
    return _STATES[int(delivered)]


def _use(
    code: bool, delivered: bool, activated: bool, log: bool, viewed: bool, viewed_logged: bool, units: int
) -> UseState:
    if activated:
        return UseState.PARTLY_USED if units else UseState.ACTIVATED
    if not code:
        # Only a code can be viewed; a top-up has arrived or not, which is the state's to tell.
        return UseState.UNKNOWN
    if not delivered:
        return UseState.NEVER_VIEWED if log else UseState.UNKNOWN
    if not viewed_logged:
        return UseState.UNKNOWN
    if viewed:
        return UseState.VIEWED
    return UseState.NEVER_VIEWED if log else UseState.UNKNOWN


@dataclass(frozen=True, slots=True)
class World:
    """Everything a claim's record is written from."""

    parameters: Parameters
    span: Span
    names: Names
    population: Population
    market: Market
    orders: Orders
    claims: Claims


def claim_records(world: World, logs: Logs, random: Random, first: int) -> list[Claim]:
    """The claims as the platform sends them, in order of time; ``first``: number of the first one in the year."""
    words = world.population.by_kind("claiming.statement_words")[world.claims.account]
    lengths = np.minimum(random.poisson(words), len(_STATEMENT))
    confirmed = random.random(len(world.claims)) < world.parameters.number("records.confirmed")
    method = random.integers(0, len(_METHODS), len(world.claims))
    return [
        _record(world, logs, number, first, int(lengths[number]), bool(confirmed[number]), _METHODS[method[number]])
        for number in range(len(world.claims))
    ]


def _record(world: World, logs: Logs, number: int, first: int, length: int, confirmed: bool, method: str) -> Claim:
    claims, orders, names = world.claims, world.orders, world.names
    index, account = int(claims.order[number]), int(claims.account[number])
    fulfilment = _fulfilment(world, logs, number, index)
    late_enough = fulfilment.delivered_at is not None and claims.claimed[number] > orders.delivered[index] + HOUR
    paid = Money(int(orders.amount[index]))
    order = Order(
        order_number=names.order(index),
        trade_number=names.trade(index),
        product=_product(world, index),
        seller_id=names.seller(int(orders.seller[index])),
        amount_paid=paid,
        amount_refunded=Money(0),
        quantity=int(orders.quantity[index]),
        ordered_at=world.span.moment(float(orders.ordered[index])),
        paid_at=world.span.moment(float(orders.paid[index])),
        confirmed_at=world.span.moment(float(orders.delivered[index]) + HOUR / 2)
        if confirmed and late_enough
        else None,
        payee=PAYEE,
        payment_method=method,
        recharged_account=names.phone(account) if _is_top_up(world, index) else None,
        funding_source=method,
        cross_border=bool(orders.cross_border[index]),
        disputed=bool(np.isfinite(claims.disputed[number])),
        terms=_terms(world, int(orders.product[index])),
    )
    reason = claims.reason[number]
    return Claim(
        platform_id=PLATFORM,
        reference=f"sim-{first + number:07d}",
        account=Account(
            id=names.account(account),
            opened_at=world.span.moment(float(world.population.opened[account])),
            device_id=names.device(int(claims.sessions.device[number])),
            ip=names.address(int(claims.sessions.address[number])),
            payer_id=names.payer(int(orders.sessions.payer[index])),
            elderly=bool(world.population.elderly[account]),
        ),
        order=order,
        fulfilment=fulfilment,
        reason=reason,
        amount_claimed=paid,
        statement=_STATEMENT[:length],
        duplicate_of=names.trade(index) + "-2" if reason.value == "duplicate_payment" else None,
    )


def _is_top_up(world: World, index: int) -> bool:
    return world.market.categories.kinds[world.orders.category[index]] is GoodsKind.TOP_UP


def _fulfilment(world: World, logs: Logs, number: int, index: int) -> Fulfilment:
    claims, orders = world.claims, world.orders
    delivered_at: datetime | None = None
    activated_at: datetime | None = None
    if logs.state[number] is FulfilmentState.DELIVERED:
        second = orders.delivered[index] if orders.delivered[index] <= claims.claimed[number] else orders.paid[index]
        delivered_at = world.span.moment(float(second))
        if logs.use[number] in (UseState.ACTIVATED, UseState.PARTLY_USED):
            activated_at = world.span.moment(float(second + 0.3 * (claims.claimed[number] - second)))
    member = world.market.categories.kinds[orders.category[index]] is GoodsKind.MEMBERSHIP
    known = member and logs.use[number] is UseState.PARTLY_USED
    return Fulfilment(
        state=logs.state[number],
        use=logs.use[number],
        delivered_at=delivered_at,
        activated_at=activated_at,
        promised_by=world.span.moment(float(orders.promised[index])),
        voidable=bool(logs.voidable[number]),
        recallable=bool(logs.recallable[number]),
        used_by_claimant=(None, False, True)[int(logs.claimant[number]) + 1],
        units_total=TERM if known else None,
        units_used=int(claims.units_used[number]) if known else None,
    )


def _product(world: World, index: int) -> Product:
    product = int(world.orders.product[index])
    category = world.market.categories.names[world.market.category[product]]
    face = int(world.market.face[product])
    return Product(
        id=world.names.product(product),
        name=_GOODS_NAMES.get(category, "商品{yuan}元").format(yuan=face // 100),
        kind=world.market.categories.kinds[world.market.category[product]],
        category=category,
        face_value=Money(face),
    )


def _terms(world: World, product: int) -> ProductTerms:
    limit = int(world.market.time_limit[product])
    notice = bool(world.market.notice[product])
    return ProductTerms(
        time_limit_hours=limit or None,
        anchor=Anchor.PAID if limit else None,
        no_refund_notice=notice,
        conspicuous=notice and bool(world.market.conspicuous[product]),
    )
