"""History decided again: the whole rule of a policy and a model, budgets included, over a platform's own claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from service.domain.assessment import Decision, Grant, Reservation, Verdict
from service.domain.certificate import Serving
from service.features import FEATURE_HASH
from service.policy import ApprovalClass, Outcome, Policy, draw_probability
from service.policy.windows import counted_from, part_start
from service.scoring import Bundle
from training.datasets import ClaimCase, Floats, Rows
from training.rule import outcomes_at

PERSON = "person"
ASKED = "asked for material"
_SECOND_REVIEW = "second_review"


@dataclass(frozen=True)
class Side:
    """A policy with a model. ``threshold``: of approval by risk, taken as certified for this very rule, whether or not
    a certificate says so; None: risk approves nothing."""

    name: str
    policy: Policy
    bundle: Bundle
    threshold: float | None

    @property
    def certified(self) -> bool:
        """Whether the bundle's own certificate covers this policy at this threshold."""
        held = self.bundle.certificate
        return (
            held is not None
            and self.threshold is not None
            and self.threshold <= held.threshold
            and (held.policy, held.features, held.model) == (self.policy.digest, FEATURE_HASH, self.bundle.version)
        )


def side_of(name: str, policy: Policy, bundle: Bundle, threshold: float | None = None) -> Side:
    """``threshold`` None: that of the bundle's certificate, if it has one."""
    certificate = bundle.certificate
    held = certificate.threshold if certificate is not None else None
    return Side(name, policy, bundle, held if threshold is None else threshold)


@dataclass(frozen=True)
class Decided:
    """What one side decided, one entry a claim, [n]. ``granted``: by the rule, minor units, 0 where it did not approve.
    ``route``: class of approval, "person" or "asked for material". ``reviews``: looks of a person it took, of an
    approval the audit's chance of one. ``costless``: goods taken back, so that a wrong grant loses nothing."""

    granted: NDArray[np.int64]
    route: NDArray[np.str_]
    reviews: Floats
    costless: NDArray[np.bool_]
    clauses: tuple[tuple[str, ...], ...]
    over_budget: int


def replay(side: Side, cases: Iterable[ClaimCase], rows: Rows) -> Decided:
    """Decide claims anew, in order of time. ``rows`` [n, F]: under this side's caps.

    Budgets start empty. What happened afterwards in history stays as it was: nobody claims more or less because of the
    other answers.
    """
    serving = Serving(
        model=side.bundle.version, features=FEATURE_HASH, policy=side.policy.digest, reader="as read in history"
    )
    budgets, kept = Budgets(), []
    cases = list(cases)
    outcomes = outcomes_at(side.policy, cases, side.bundle.probabilities(rows), serving, side.threshold)
    for case, outcome in zip(cases, outcomes, strict=True):
        kept.append(_standing(outcome, budgets, case.as_of))
    verdicts = [verdict for verdict, _ in kept]
    return Decided(
        granted=np.array(
            [_granted(verdict).amount.minor if _approves(verdict) else 0 for verdict in verdicts], np.int64
        ),
        route=np.array([_route(verdict) for verdict in verdicts], dtype=np.str_),
        reviews=np.array([_reviews(side.policy, verdict) for verdict in verdicts], dtype=np.float64),
        costless=np.array(
            [verdict.approval_class == ApprovalClass.RECOVERABLE for verdict in verdicts], dtype=np.bool_
        ),
        clauses=tuple(verdict.clauses for verdict in verdicts),
        over_budget=sum(turned for _, turned in kept),
    )


def _standing(outcome: Outcome, budgets: Budgets, at: datetime) -> tuple[Verdict, bool]:
    """The verdict that stands, and whether a budget turned it to a person."""
    if budgets.reserve(outcome.reservations, at):
        return outcome.verdict, False
    return outcome.fallback, True


def _approves(verdict: Verdict) -> bool:
    return verdict.decision is Decision.AUTO_APPROVED


def _granted(verdict: Verdict) -> Grant:
    assert verdict.grant is not None  # an approval has one
    return verdict.grant


def _route(verdict: Verdict) -> str:
    if _approves(verdict):
        return str(verdict.approval_class)
    return ASKED if verdict.decision is Decision.MATERIALS_NEEDED else PERSON


def _reviews(policy: Policy, verdict: Verdict) -> float:
    """A claim that is asked for material comes back to a person at worst."""
    if _approves(verdict):
        audited = verdict.approval_class in policy.audit.classes
        return draw_probability(policy, _granted(verdict).amount) if audited else 0.0
    return 2.0 if any(reason.code == _SECOND_REVIEW for reason in verdict.reasons) else 1.0


_Key = tuple[str, str, str, int]
"""Budget, entity, currency, hours of the window."""


@dataclass
class Budgets:
    """Room taken so far, as the store keeps it: by budget and entity, in parts of a sliding window."""

    _taken: dict[_Key, dict[datetime, tuple[int, int]]] = field(default_factory=dict)

    def reserve(self, asked: Sequence[Reservation], at: datetime) -> bool:
        """Take room from every budget, or from none and return False."""
        wanted: dict[_Key, tuple[int, int]] = {}
        for one in asked:
            key = (one.budget, one.entity, one.amount.currency, one.window_hours)
            money, count = wanted.get(key, (0, 0))
            wanted[key] = money, count = money + one.amount.minor, count + 1
            held_money, held_count = self._held(key, at)
            if one.limit_amount is not None and held_money + money > one.limit_amount:
                return False
            if one.limit_count is not None and held_count + count > one.limit_count:
                return False
        for key, (money, count) in wanted.items():
            parts, part = self._taken.setdefault(key, {}), part_start(at, key[-1])
            before = parts.get(part, (0, 0))
            parts[part] = (before[0] + money, before[1] + count)
        return True

    def _held(self, key: _Key, at: datetime) -> tuple[int, int]:
        since = counted_from(at, key[-1])
        counted = {start: taken for start, taken in self._taken.get(key, {}).items() if start >= since}
        self._taken[key] = counted  # claims come in order of time: what has left the window stays out
        return sum(money for money, _ in counted.values()), sum(count for _, count in counted.values())
