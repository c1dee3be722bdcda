"""Claims as they are filed on a day, with the reason that is stated, and requests that are withdrawn again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from service.domain.claims import GoodsKind, ReasonCode
from training.simulator.calendar import DAY, HOUR
from training.simulator.columns import joined, taken
from training.simulator.intentions import (
    AFTER_USE,
    CAUSES,
    COLLUSION,
    DENIES_DELIVERY,
    DISHONEST,
    IMPATIENCE,
    REGRET,
    SLIP,
    THEFT,
    Intentions,
)
from training.simulator.market import Market
from training.simulator.orders import CODES, LATE, NOT_DELIVERED, Orders, Shop
from training.simulator.population import Sessions, draw_sessions
from training.simulator.streams import Flags, Floats, Integers, Random

TERM = 30  # days of a membership
# What a buyer with this cause states. Who has used the goods or works with the seller says what is plausible for them.
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
    "theft": ReasonCode.UNAUTHORISED,
    "impatience": ReasonCode.NOT_DELIVERED,
    "slip": ReasonCode.WRONG_TARGET,
    "own_device": ReasonCode.SERVICE_ABNORMAL,
    "regret": ReasonCode.UNUSED_CHANGE_OF_MIND,
    "denies_delivery": ReasonCode.NOT_DELIVERED,
    "leaked_code": ReasonCode.CODE_ALREADY_USED,
}


@dataclass(frozen=True, slots=True)
class Claims:
    """One entry per claim, in order of time. ``order``: number in the book. ``due``: share of the amount truly due.

    ``staged``: the trouble was put on and left no trace, so nothing is due. ``probes``: earlier requests withdrawn.
    ``disputed``: when the buyer had already gone to the payment provider, NaN for not. ``viewed``, ``used``: what the
    buyer (or a thief) had truly done with the goods when claiming.
    """

    order: Integers
    account: Integers
    cause: Integers
    reason: tuple[ReasonCode, ...]
    due: Floats
    staged: Flags
    claimed: Floats
    probes: Integers
    disputed: Floats
    viewed: Flags
    used: Flags
    units_used: Integers
    sessions: Sessions

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True, slots=True)
class Probes:
    """Requests made and withdrawn before a decision, one entry each."""

    order: Integers
    account: Integers
    requested: Floats
    withdrawn: Floats
    sessions: Sessions

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True, slots=True)
class Filed:
    """A day's work: ``later``: probes that come back on another day."""

    claims: Claims
    probes: Probes
    later: Intentions


def file_claims(shop: Shop, orders: Orders, meant: Intentions, day: int, random: Random) -> Filed:
    """Those of the day's intentions that are acted on, in order of time."""
    meant = _acted_on(shop, orders, meant)
    probing = _probing(shop, orders, meant, random)
    back = taken(meant, probing)
    gap = random.uniform(0.3, 40.0, len(back)) * HOUR
    probes = _probes(shop, orders, back, gap, random)
    back = replace(back, at=back.at + gap, need=np.zeros(len(back)), probes=back.probes + 1)
    today = back.at < (day + 1) * DAY
    now = joined([taken(meant, ~probing), taken(back, today)])
    now = taken(now, np.argsort(now.at, kind="stable"))
    later = taken(back, ~today & (back.at < shop.span.seconds))
    return Filed(_claims(shop, orders, _still_missing(orders, now), random), probes, later)


def _acted_on(shop: Shop, orders: Orders, meant: Intentions) -> Intentions:
    account = orders.account[meant.order]
    bold = shop.minds.boldness(shop.population.mind[account], orders.category[meant.order])
    bold *= np.where(shop.minds.adapts(shop.population.mind[account]), shop.minds.surge(meant.at), 1.0)
    # A thief who has lost the account again cannot claim.
    lost = orders.theft[meant.order] & (meant.cause == AFTER_USE) & (meant.at >= shop.population.taken_to[account])
    return _still_missing(orders, taken(meant, (bold >= meant.need) & ~lost))


def _still_missing(orders: Orders, meant: Intentions) -> Intentions:
    """Who got the late goods before asking keeps them."""
    return taken(meant, ~((meant.cause == LATE) & (meant.at >= orders.delivered[meant.order])))


def _probing(shop: Shop, orders: Orders, meant: Intentions, random: Random) -> Flags:
    """Who withdraws this request to try again: some to add a page, some for a luckier draw, more so once refused."""
    account = orders.account[meant.order]
    chance = shop.population.by_kind("claiming.withdrawn_first")[account]
    refused = shop.minds.rejected[shop.population.mind[account]]
    cheats = np.isin(meant.cause, DISHONEST)
    chance = chance * np.where(cheats, 1.0 + shop.parameters.number("adapting.probes_more") * refused, 1.0)
    again = meant.probes < shop.parameters.whole("claiming.most_probes")
    return np.asarray(again & (random.random(len(meant)) < np.minimum(chance, 0.8)))


def _probes(shop: Shop, orders: Orders, back: Intentions, gap: Floats, random: Random) -> Probes:
    account = orders.account[back.order]
    sessions = draw_sessions(shop.population, random, account, back.at)
    return Probes(back.order, account, back.at, back.at + 0.4 * gap, sessions)


def _claims(shop: Shop, orders: Orders, meant: Intentions, random: Random) -> Claims:
    order, cause, count = meant.order, meant.cause, len(meant)
    account, category = orders.account[order], orders.category[order]
    used = np.isin(cause, [CAUSES.index(name) for name in ("after_use", "partial_use", "own_device", "ineffective")])
    used |= (cause == DENIES_DELIVERY) & (random.random(count) < 0.8)
    used |= cause == THEFT
    unseen = [NOT_DELIVERED, LATE, IMPATIENCE, COLLUSION, CAUSES.index("duplicate_payment")]
    viewed = used | ~np.isin(cause, unseen)
    viewed &= ~((cause == REGRET) & (random.random(count) < 0.5))
    member = shop.market.categories.is_kind(category, GoodsKind.MEMBERSHIP)
    units_used = np.where(used & member, random.integers(1, 25, count), 0)
    disputed = _disputes(shop, orders, meant, random)
    due = _due(orders, order, cause, viewed, units_used)
    # Who asks the payment provider for the money is owed it there; paid here as well, it would be paid twice.
    due[meant.staged | np.isfinite(disputed)] = 0.0
    return Claims(
        order=order,
        account=account,
        cause=cause,
        reason=_reasons(shop, category, cause, random),
        due=due,
        staged=meant.staged,
        claimed=meant.at,
        probes=meant.probes,
        disputed=disputed,
        viewed=viewed,
        used=used,
        units_used=units_used,
        sessions=draw_sessions(shop.population, random, account, meant.at),
    )


def _reasons(shop: Shop, category: Integers, cause: Integers, random: Random) -> tuple[ReasonCode, ...]:
    vague = random.random(len(cause)) < shop.parameters.number("claiming.vague_reason")
    draw = random.random(len(cause))
    kinds = [shop.market.categories.kinds[number] for number in category]
    return tuple(
        ReasonCode.OTHER if hazy and number != THEFT else _reason(int(number), kind, share)
        for number, hazy, share, kind in zip(cause, vague, draw, kinds, strict=True)
    )


def _reason(cause: int, kind: GoodsKind, draw: float) -> ReasonCode:
    if cause == COLLUSION:
        return ReasonCode.SERVICE_ABNORMAL if kind is GoodsKind.MEMBERSHIP else ReasonCode.NOT_DELIVERED
    if cause != AFTER_USE:
        return _STATED[CAUSES[cause]]
    if kind in CODES:
        return ReasonCode.CODE_INVALID if draw < 0.55 else ReasonCode.CODE_ALREADY_USED
    if kind is GoodsKind.MEMBERSHIP:
        return ReasonCode.SERVICE_ABNORMAL
    return ReasonCode.NOT_DELIVERED if draw < 0.6 else ReasonCode.USED_WITHOUT_EFFECT


def _due(orders: Orders, order: Integers, cause: Integers, viewed: Flags, units_used: Integers) -> Floats:
    """Share of the amount a fully informed judge would grant."""
    due = (cause <= THEFT).astype(np.float64)
    partial = cause == CAUSES.index("partial_use")
    due[partial] = np.maximum(0.0, 1.0 - units_used[partial] / TERM)
    # A slip is granted while it can be recalled, a change of mind while the unseen code can be voided: no cost.
    due[(cause == SLIP) & orders.undo[order]] = 1.0
    due[(cause == REGRET) & ~viewed & orders.undo[order]] = 1.0
    return due


def _disputes(shop: Shop, orders: Orders, meant: Intentions, random: Random) -> Floats:
    """A dispute at the payment provider before the claim here."""
    chance = shop.population.by_kind("claiming.disputed_first")[orders.account[meant.order]]
    first = random.random(len(meant)) < chance * shop.parameters.number("signal.strength")
    paid = orders.paid[meant.order]
    opened = paid + random.random(len(meant)) * np.maximum(meant.at - paid, 0.0)
    return np.where(first, opened, np.nan)


def is_code(market: Market, category: Integers) -> Flags:
    return market.categories.is_kind(category, *CODES)
