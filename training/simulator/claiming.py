"""Which orders are claimed, for what true cause, with what stated reason, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.domain.claims import GoodsKind, ReasonCode
from training.simulator.calendar import DAY, HOUR, Span
from training.simulator.market import FAULTS, Market
from training.simulator.orders import LATE, NO_FAULT, NOT_DELIVERED, Orders
from training.simulator.parameters import Parameters
from training.simulator.population import KINDS, NOVEL, Population, Sessions, draw_sessions
from training.simulator.streams import Flags, Floats, Integers, Random, log_normal, pick

UNDUE = ("impatience", "slip", "own_device", "regret", "after_use", "denies_delivery", "leaked_code")
CAUSES = (*FAULTS, *UNDUE)
"""Why a claim was really made: a fault of goods or platform, or a cause of the buyer's own."""
IMPATIENCE, SLIP, OWN_DEVICE, REGRET, AFTER_USE, DENIES_DELIVERY, LEAKED_CODE = range(len(FAULTS), len(CAUSES))
DISHONEST = (AFTER_USE, DENIES_DELIVERY)

_CODES = (GoodsKind.CARD_CODE, GoodsKind.ACTIVATION)
# What a buyer with this cause states; a liar after use picks what the goods make plausible (see _excuse).
_STATED = {
    "not_delivered": ReasonCode.NOT_DELIVERED,
    "code_invalid": ReasonCode.CODE_INVALID,
    "code_used": ReasonCode.CODE_ALREADY_USED,
    "ineffective": ReasonCode.USED_WITHOUT_EFFECT,
    "not_as_described": ReasonCode.NOT_AS_DESCRIBED,
    "service_abnormal": ReasonCode.SERVICE_ABNORMAL,
    "late": ReasonCode.NOT_DELIVERED,
    "duplicate_payment": ReasonCode.DUPLICATE_PAYMENT,
    "platform_fault": ReasonCode.PLATFORM_FAULT,
    "partial_use": ReasonCode.PARTIAL_USE,
    "impatience": ReasonCode.NOT_DELIVERED,
    "slip": ReasonCode.WRONG_TARGET,
    "own_device": ReasonCode.SERVICE_ABNORMAL,
    "regret": ReasonCode.UNUSED_CHANGE_OF_MIND,
    "denies_delivery": ReasonCode.NOT_DELIVERED,
    "leaked_code": ReasonCode.CODE_ALREADY_USED,
}


@dataclass(frozen=True, slots=True)
class Claims:
    """One entry per claim, in order of time. ``order``: index into Orders. ``due``: share of the amount truly due.

    ``withdrawn_before``: seconds between an earlier, withdrawn request and this one; NaN for none.
    ``staged``: the trouble was put on by the buyer and left no trace, so it is not due.
    ``used``/``viewed``: what the buyer had truly done with the goods when claiming.
    """

    order: Integers
    account: Integers
    cause: Integers
    reason: tuple[ReasonCode, ...]
    due: Floats
    staged: Flags
    claimed: Floats
    withdrawn_before: Floats
    viewed: Flags
    used: Flags
    units_used: Integers
    sessions: Sessions

    def __len__(self) -> int:
        return len(self.order)


def make_claims(
    parameters: Parameters, span: Span, population: Population, market: Market, orders: Orders, random: Random
) -> Claims:
    order, cause = _who_claims(parameters, population, market, orders, random)
    claimed = _when(parameters, orders, order, cause, random)
    # Who got the late goods before asking keeps them.
    inside = (claimed < span.seconds) & ~((cause == LATE) & (claimed >= orders.delivered[order]))
    sequence = np.argsort(claimed[inside], kind="stable")
    order, cause, claimed = order[inside][sequence], cause[inside][sequence], claimed[inside][sequence]
    account, count = orders.account[order], len(order)
    category = orders.category[order]
    used = np.isin(cause, [CAUSES.index(name) for name in ("after_use", "partial_use", "own_device", "ineffective")])
    used |= (cause == DENIES_DELIVERY) & (random.random(count) < 0.8)
    viewed = used | ~np.isin(cause, [NOT_DELIVERED, LATE, IMPATIENCE, CAUSES.index("duplicate_payment")])
    viewed &= ~((cause == REGRET) & (random.random(count) < 0.5))
    units_used = np.where(
        used & market.categories.is_kind(category, GoodsKind.MEMBERSHIP), random.integers(1, 25, count), 0
    )
    faulty = cause < len(FAULTS)
    staged = faulty & (
        random.random(count) < (1.0 - parameters.number("signal.strength")) * parameters.number("signal.staged")
    )
    again = random.random(count) < population.by_kind("claiming.withdrawn_first")[account]
    return Claims(
        order=order,
        account=account,
        cause=cause,
        reason=_reasons(parameters, market, category, cause, random),
        due=np.where(staged, 0.0, _due(orders, order, cause, viewed, units_used)),
        staged=staged,
        claimed=claimed,
        withdrawn_before=np.where(again, random.uniform(0.3, 40.0, count) * HOUR, np.nan),
        viewed=viewed,
        used=used,
        units_used=units_used,
        sessions=draw_sessions(population, random, account),
    )


def _who_claims(
    parameters: Parameters, population: Population, market: Market, orders: Orders, random: Random
) -> tuple[Integers, Integers]:
    """Order and true cause of each claim, unsorted."""
    strength = parameters.number("signal.strength")
    faulty = orders.fault != NO_FAULT
    willing = random.random(len(orders)) < population.by_kind("claiming.fault_claimed")[orders.account]
    undue = random.random(len(orders)) < strength * population.by_kind("claiming.undue_claimed")[orders.account]
    leaked = (population.kind[orders.account] == NOVEL) & market.categories.is_kind(orders.category, *_CODES)
    undue |= leaked & (random.random(len(orders)) < strength * parameters.number("novel.claimed"))
    slipped = orders.slip & (random.random(len(orders)) < strength)
    due_orders = np.flatnonzero(faulty & willing)
    undue_orders = np.flatnonzero(~faulty & (undue | slipped))
    cause = np.zeros(len(undue_orders), dtype=np.int64)
    kind = population.kind[orders.account[undue_orders]]
    for number, name in enumerate(KINDS):
        table = parameters.table(f"claiming.undue_causes.{'honest' if name == 'novel' else name}")
        shares = np.array([float(table.get(cause_name, 0.0)) for cause_name in UNDUE])
        mine = np.flatnonzero(kind == number)
        cause[mine] = len(FAULTS) + pick(random, shares, len(mine))
    cause[slipped[undue_orders]] = SLIP
    cause[leaked[undue_orders]] = LEAKED_CODE
    return np.concatenate([due_orders, undue_orders]), np.concatenate([orders.fault[due_orders], cause])


def _when(parameters: Parameters, orders: Orders, order: Integers, cause: Integers, random: Random) -> Floats:
    count = len(order)
    paid, promised, delivered = orders.paid[order], orders.promised[order], orders.delivered[order]
    visible = np.where(np.isfinite(delivered), delivered, promised)
    missing = np.isin(cause, [NOT_DELIVERED, LATE])
    # Nobody waits a whole day before asking where a top-up is; half ask before the promise is over.
    asked = np.where(random.random(count) < 0.5, promised, paid + random.random(count) * (promised - paid))
    visible = np.where(missing, np.where(cause == LATE, promised, asked), visible)
    due_median, due_sigma = parameters.pair("claiming.delay_due")
    undue_median, undue_sigma = parameters.pair("claiming.delay_undue")
    dishonest = np.isin(cause, DISHONEST)
    delay = np.where(
        dishonest,
        log_normal(random, undue_median * HOUR, undue_sigma, count),
        log_normal(random, due_median * HOUR, due_sigma, count),
    )
    late = random.random(count) < parameters.number("claiming.late_share")
    delay = np.where(late, random.uniform(2.0, 30.0, count) * DAY, delay)
    impatient = paid + random.uniform(0.05, 0.9, count) * np.maximum(delivered - paid, 60.0)
    return np.where(cause == IMPATIENCE, impatient, visible + delay)


def _reasons(
    parameters: Parameters, market: Market, category: Integers, cause: Integers, random: Random
) -> tuple[ReasonCode, ...]:
    vague = random.random(len(cause)) < parameters.number("claiming.vague_reason")
    draw = random.random(len(cause))
    kinds = [market.categories.kinds[number] for number in category]
    return tuple(
        ReasonCode.OTHER if hazy else (_excuse(kind, share) if number == AFTER_USE else _STATED[CAUSES[number]])
        for number, hazy, share, kind in zip(cause, vague, draw, kinds, strict=True)
    )


def _excuse(kind: GoodsKind, draw: float) -> ReasonCode:
    """What somebody says who has used the goods and wants the money back as well."""
    if kind in _CODES:
        return ReasonCode.CODE_INVALID if draw < 0.55 else ReasonCode.CODE_ALREADY_USED
    if kind is GoodsKind.MEMBERSHIP:
        return ReasonCode.SERVICE_ABNORMAL
    return ReasonCode.NOT_DELIVERED if draw < 0.6 else ReasonCode.USED_WITHOUT_EFFECT


def _due(orders: Orders, order: Integers, cause: Integers, viewed: Flags, units_used: Integers) -> Floats:
    """Share of the amount a fully informed judge would grant."""
    due = (cause < len(FAULTS)).astype(np.float64)
    partial = cause == CAUSES.index("partial_use")
    due[partial] = np.maximum(0.0, 1.0 - units_used[partial] / 30.0)
    # A slip is granted while it can be recalled, a change of mind while the unseen code can be voided: no cost.
    due[(cause == SLIP) & orders.undo[order]] = 1.0
    due[(cause == REGRET) & ~viewed & orders.undo[order]] = 1.0
    return due
