"""When automatic approval must stop: too much of the audited money wrong, certificate expired, daily ceiling reached.

Pure: the store counts each audited label once (by its id), keeps the state, and acts on what is said here.

What is tested: the ¥-share wrong of what risk approves is at most alpha, in every stretch since the certificate began
to count. If that is true, the breaker trips for loss with probability at most delta over its whole life, however often
it is asked. Labels should be counted as they arrive; where wrong ones arrive sooner than right ones it trips earlier.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.assessment import Text
from service.policy.confidence import Value, log_capital, lower_bound

FORMAT = 1
PERIOD = timedelta(days=30)
"""New bets begin every month; shorter periods cost capital, longer ones are slower to see a change."""

_TINIEST_MEAN = 1e-9  # share_at_least finds nothing below it; alphas are given in permille


@dataclass(frozen=True, slots=True)
class BreakerState:
    """The audited labels counted so far, equal ones together. The order in which they came leaves no trace."""

    values: tuple[Value, ...] = ()

    @property
    def labels(self) -> int:
        return sum(value.times for value in self.values)

    @property
    def mean_loss_share(self) -> float:
        """Of the audited money, the share wrong; 0.0 without labels."""
        weight = sum(value.weight * value.times for value in self.values)
        return sum(value.value * value.weight * value.times for value in self.values) / weight if weight else 0.0


def loss_share(granted: int, due: int, recovered: int = 0) -> float:
    """(granted - truly due - recovered) / granted, kept within [0, 1]; minor units. ValueError for a grant of nothing
    or a negative sum."""
    if granted <= 0 or due < 0 or recovered < 0:
        raise ValueError(f"granted {granted} must be above 0, due {due} and recovered {recovered} not below")
    return min(1.0, max(0.0, (granted - due - recovered) / granted))


def update(state: BreakerState, loss_share: float, *, weight: float = 1.0, period: int = 0) -> BreakerState:
    """The state with one more label. Counting a label twice is for the caller to prevent.

    ``loss_share``: (granted - truly due - recovered) / granted, in [0, 1]; 1 for a label unresolved after the maturing
    window. ``weight``: from ``audit_weight``; 1 wherever the audit draw's probability was below 1. ``period``: from
    ``period_of`` the claim. ValueError for what lies outside.
    """
    if not 0.0 <= loss_share <= 1.0:
        raise ValueError(f"a loss is a share of what was granted, from 0 to 1, not {loss_share}")
    if not 0.0 < weight <= 1.0:
        raise ValueError(f"a label's weight is above 0 and at most 1, not {weight}")
    if period < 0:
        raise ValueError(f"periods count from 0, not from {period}")
    counts = {value[:3]: value.times for value in state.values}
    key = (period, float(loss_share), float(weight))
    counts[key] = counts.get(key, 0) + 1
    return replace(state, values=tuple(Value(*found, counts[found]) for found in sorted(counts)))


def tripped(state: BreakerState, alpha: float, delta: float) -> bool:
    """Whether the labels refute, at confidence 1 - ``delta``, that at most ``alpha`` of the money is wrong.

    An alpha of 0 is refuted by any loss; one of 1 by none.
    """
    if not 0.0 < alpha < 1.0:
        return alpha <= 0.0 and state.mean_loss_share > 0.0
    return log_capital(state.values, alpha) >= math.log(1.0 / delta)


def share_at_least(state: BreakerState, delta: float) -> float:
    """Lower end of the confidence sequence: at least this share of the money was wrong, in some stretch since the
    certificate began; 0.0 where the labels show none. The breaker trips exactly where this reaches alpha."""
    bound = lower_bound(state.values, delta)
    return bound if bound > _TINIEST_MEAN else 0.0


def share_at_most(state: BreakerState, delta: float) -> float:
    """Upper end of the same sequence: in some stretch at most this share was wrong; 1.0 where the labels show none.

    The bets are sized to find wrong money, not to prove that there is none, so that this end comes down slowly.
    """
    kept = tuple(Value(value.period, 1.0 - value.value, value.weight, value.times) for value in state.values)
    return 1.0 - share_at_least(BreakerState(kept), delta)


def period_of(decided_at: datetime, since: datetime) -> int:
    """Number of the period a claim was decided in, counted from when the certificate began to count; never below 0."""
    return max(0, (decided_at - since) // PERIOD)


def audit_weight(amount: int, certain_from: int, cap: int) -> float:
    """How much money a drawn claim stands for, relative to the most any can. Minor units.

    Below ``certain_from`` the chance of being drawn grew with the amount, so every label stands for as much; from there
    on a claim is drawn for certain and stands for itself. ``cap``: the largest amount that may be approved.
    """
    return max(min(amount, cap), certain_from) / max(certain_from, cap)


class TripCause(StrEnum):
    LOSS = "loss"
    EXPIRED = "certificate_expired"
    CEILING = "daily_ceiling"


@dataclass(frozen=True, slots=True)
class Trip:
    """Why nothing more may be approved automatically, for the people who run the platform."""

    cause: TripCause
    text: Text


def loss_trip(state: BreakerState, alpha: float, delta: float) -> Trip | None:
    """The audited share is above alpha."""
    if not tripped(state, alpha, delta):
        return None
    least = share_at_least(state, delta)
    return Trip(
        TripCause.LOSS,
        Text(
            zh=f"抽查的 {state.labels} 笔表明错误金额占比至少 {least:.1%}，高于允许的 {alpha:.1%}",
            en=f"{state.labels} audited claims show that at least {least:.1%} of the money was wrong, above the "
            f"{alpha:.1%} allowed",
        ),
    )


def expiry_trip(expires_at: datetime, now: datetime) -> Trip | None:
    """The certificate has run out: from ``expires_at`` on it is void."""
    if now < expires_at:
        return None
    day = f"{expires_at:%Y-%m-%d}"
    return Trip(TripCause.EXPIRED, Text(zh=f"证书已于 {day} 到期", en=f"the certificate expired on {day}"))


def ceiling_trip(approved_today: int, ceiling: int, next_amount: int = 0) -> Trip | None:
    """What was approved today, with ``next_amount`` about to be added, is above the ceiling, or has used it up.

    Minor units of the platform's currency; the day is the platform's own. ValueError for a negative sum.
    """
    if min(approved_today, ceiling, next_amount) < 0:
        raise ValueError("approved money, the next amount and the ceiling cannot be negative")
    if approved_today < ceiling and approved_today + next_amount <= ceiling:
        return None
    return Trip(
        TripCause.CEILING,
        Text(zh="当日自动通过金额已达上限", en="the day's ceiling of automatically approved money is reached"),
    )


def trips(
    state: BreakerState,
    *,
    alpha: float,
    delta: float,
    expires_at: datetime | None,
    now: datetime,
    approved_today: int,
    ceiling: int | None,
) -> tuple[Trip, ...]:
    """Every reason to stop, the gravest first; empty: go on. None for what a platform does not have."""
    found: Sequence[Trip | None] = (
        loss_trip(state, alpha, delta),
        expiry_trip(expires_at, now) if expires_at is not None else None,
        ceiling_trip(approved_today, ceiling) if ceiling is not None else None,
    )
    return tuple(trip for trip in found if trip is not None)


def serialise(state: BreakerState) -> str:
    """One line of JSON; floats come back as they were."""
    return json.dumps({"format": FORMAT, "values": [list(value) for value in state.values]}, separators=(",", ":"))


def deserialise(text: str) -> BreakerState:
    """The state that ``serialise`` wrote; ValueError where it is not one: a state that cannot be read must not pass
    for an empty one."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']} is not {FORMAT}")
        values = [
            Value(int(period), float(value), float(weight), int(times))
            for period, value, weight, times in data["values"]
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"this is not a breaker's state: {error}") from None
    good = all(
        v.period >= 0 and 0.0 <= v.value <= 1.0 and 0.0 < v.weight <= 1.0 and v.times >= 1 for v in values
    ) and len({value[:3] for value in values}) == len(values)
    if not good:
        raise ValueError("this is not a breaker's state: a value lies outside its range or stands twice")
    return BreakerState(tuple(sorted(values)))
