"""What another threshold would have done with claims that were scored already: let through, lost, and left to people.

Every claim keeps the risk it was given at its time, so nothing is known here that was not known then, save what the
claim turned out to be. Mode, budgets, roll-out and audit draw are left out: it is the rule that is looked at.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from service.policy.intervals import Interval, betting, clopper_pearson


class Standing(StrEnum):
    """What the rule said of a claim, the threshold aside. BY_RISK: approved by risk. OTHERWISE: approved by a class
    that asks no threshold. ABOVE: kept back by the threshold alone. PERSON: something else needs a person."""

    BY_RISK = "by_risk"
    OTHERWISE = "otherwise"
    ABOVE = "above"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastClaim:
    """``risk`` in [0, 1] as it was scored then; None only where ``standing`` does not hang on it. ``loss_share`` in
    [0, 1]: what the audit sample found, None where the claim was not drawn or is not settled. ``weight`` in (0, 1]:
    how much money a drawn claim stands for, relative to the most any can. ``drawn``: for the audit sample."""

    case_id: uuid.UUID
    accepted_at: datetime
    standing: Standing
    risk: float | None
    amount_minor: int
    drawn: bool = False
    loss_share: float | None = None
    weight: float = 1.0

    def approved_at(self, threshold: float) -> bool:
        if self.standing in (Standing.OTHERWISE, Standing.PERSON):
            return self.standing is Standing.OTHERWISE
        return self.risk is not None and self.risk <= threshold

    def by_risk_at(self, threshold: float) -> bool:
        return self.standing is not Standing.OTHERWISE and self.approved_at(threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """¥-share wrong of what risk approved: the estimate, its interval, and the ``labels`` it rests on."""

    share: float
    interval: Interval
    labels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One threshold over the whole history. Shares in [0, 1] of all ``claims``; money in minor units. ``to_people``:
    claims a person would have looked at, drawn ones among them. ``loss`` None: nothing of it was audited."""

    threshold: float
    claims: int
    approved: int
    by_risk: int
    claimed_minor: int
    approved_minor: int
    by_risk_minor: int
    to_people: int
    loss: Loss | None

    @property
    def approved_share(self) -> float:
        return self.approved / self.claims if self.claims else 0.0

    @property
    def approved_money_share(self) -> float:
        return self.approved_minor / self.claimed_minor if self.claimed_minor else 0.0

    @property
    def lost_minor(self) -> int | None:
        """Of the money approved by risk, at the estimated share; None where nothing was audited."""
        return None if self.loss is None else round(self.loss.share * self.by_risk_minor)

    def hours(self, minutes_a_case: float) -> float:
        return self.to_people * minutes_a_case / 60.0


@dataclass(frozen=True, eq=False)
class Past:
    """Claims scored by one model under one certificate. ``audited_up_to``: the certified threshold, above which nothing
    was approved and so nothing audited."""

    claims: tuple[PastClaim, ...]
    audited_up_to: float = 1.0

    @cached_property
    def scored(self) -> tuple[PastClaim, ...]:
        """Those a threshold decides on, the lowest risk first."""
        found = [one for one in self.claims if one.risk is not None and one.standing in _OPEN]
        return tuple(sorted(found, key=lambda one: (one.risk, str(one.case_id))))

    @property
    def days(self) -> float:
        moments = [one.accepted_at for one in self.claims]
        return (max(moments) - min(moments)).total_seconds() / 86_400 if moments else 0.0


_OPEN = (Standing.BY_RISK, Standing.ABOVE)


def effect(past: Past, threshold: float, *, confidence: float) -> Effect:
    """What ``threshold`` would have done; ``confidence`` of the loss's two-sided interval, in (0, 1)."""
    approved = [one for one in past.claims if one.approved_at(threshold)]
    by_risk = [one for one in approved if one.by_risk_at(threshold)]
    return Effect(
        threshold=threshold,
        claims=len(past.claims),
        approved=len(approved),
        by_risk=len(by_risk),
        claimed_minor=sum(one.amount_minor for one in past.claims),
        approved_minor=sum(one.amount_minor for one in approved),
        by_risk_minor=sum(one.amount_minor for one in by_risk),
        to_people=len(past.claims) - len(approved) + sum(one.drawn for one in by_risk),
        loss=loss_of(by_risk, confidence=confidence) if threshold <= past.audited_up_to else None,
    )


def loss_of(claims: Sequence[PastClaim], *, confidence: float) -> Loss | None:
    """From those the audit has settled; None without any."""
    judged = [one for one in claims if one.loss_share is not None]
    if not judged:
        return None
    shares = [one.loss_share or 0.0 for one in judged]
    weights = [one.weight for one in judged]
    share = sum(map(float.__mul__, shares, weights)) / sum(weights)
    if min(weights) == max(weights):
        wrong = sum(_lot(one.case_id) < (one.loss_share or 0.0) for one in judged)
        interval = clopper_pearson(wrong, len(judged), confidence)
    else:
        interval = betting(shares, weights, confidence)
    return Loss(share=share, interval=interval, labels=len(judged))


def curve(past: Past, *, up_to: float, confidence: float, points: int = 30) -> tuple[Effect, ...]:
    """The effect of up to ``points`` thresholds between the lowest and ``up_to``, rising, evenly many claims apart; and
    of the last one that was audited."""
    risks = [one.risk for one in past.scored if one.risk is not None and one.risk <= up_to]
    if not risks:
        return ()
    last = len(risks) - 1
    chosen = {risks[round(step * last / (points - 1))] for step in range(points)}
    if risks[0] <= past.audited_up_to <= up_to:
        chosen.add(past.audited_up_to)
    return tuple(effect(past, threshold, confidence=confidence) for threshold in sorted(chosen))


def largest_within(past: Past, alpha: float, *, up_to: float, confidence: float) -> Effect | None:
    """The effect of the largest threshold up to ``up_to`` whose loss is within ``alpha`` by the upper end of its
    interval; None: no threshold is, which is a normal result."""
    found = [each for each in curve(past, up_to=up_to, confidence=confidence, points=60) if _within(each, alpha)]
    return found[-1] if found else None


def _within(found: Effect, alpha: float) -> bool:
    return found.loss is not None and found.loss.interval.high <= alpha


def _lot(case_id: uuid.UUID) -> float:
    """In [0, 1), the same each time, and nothing to do with what the claim turned out to be."""
    return int.from_bytes(hashlib.sha256(case_id.bytes).digest()[:8], "big") / 2**64
