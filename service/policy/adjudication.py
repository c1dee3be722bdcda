"""From labels to a finding: when a case of the audit sample is settled, and on what.

Two blind reviewers who agree, a senior reviewer between two who do not, or the system's own record. A case nobody
settled in time counts as wrong in full: silence must never look like safety.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.actors import person_identity
from service.domain.labels import Label, LabelSource, SampledCase

_DECISIVE = frozenset({LabelSource.ADJUDICATION, LabelSource.RECORD, LabelSource.CHARGEBACK})
# Two people who mean the same sum may round it differently.
_AGREEMENT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """``loss_share`` in [0, 1]; ``settled_at``: when it was known. ``in_time`` False: nobody settled it, so wrong."""

    case_id: uuid.UUID
    loss_share: float
    drawn_at: datetime
    settled_at: datetime
    amount_minor: int
    in_time: bool


def settle(case: SampledCase, *, within: timedelta, now: datetime) -> Settled | None:
    """The finding on one case as known ``now``; None while it is still open."""
    found = _finding([label for label in case.labels if label.recorded_at <= now])
    if found is not None:
        share, moment = found
        return Settled(
            case_id=case.case_id,
            loss_share=share,
            drawn_at=case.drawn_at,
            settled_at=moment,
            amount_minor=case.amount_minor,
            in_time=True,
        )
    late = case.drawn_at + within
    if now < late:
        return None
    return Settled(
        case_id=case.case_id,
        loss_share=1.0,
        drawn_at=case.drawn_at,
        settled_at=late,
        amount_minor=case.amount_minor,
        in_time=False,
    )


def settled(cases: Iterable[SampledCase], *, within: timedelta, now: datetime) -> tuple[Settled, ...]:
    """Every settled case in the order it was settled: the order a sequential test must see them in."""
    found = (settle(case, within=within, now=now) for case in cases)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.settled_at, one.case_id)))


def _finding(labels: Sequence[Label]) -> tuple[float, datetime] | None:
    decisive = [label for label in labels if label.source in _DECISIVE]
    if decisive:
        last = max(decisive, key=lambda label: label.recorded_at)
        return last.loss_share, last.recorded_at
    blind = sorted(
        (label for label in labels if label.source is LabelSource.AUDIT and not label.score_seen),
        key=lambda label: label.recorded_at,
    )
    # Each reviewer's own last word; who changes their mind is still one reviewer.
    last_words = {person_identity(label.reviewer): label for label in blind}
    judged = sorted(last_words.values(), key=lambda label: label.recorded_at)
    for number, later in enumerate(judged):
        for earlier in judged[:number]:
            if abs(later.loss_share - earlier.loss_share) <= _AGREEMENT:
                return max(later.loss_share, earlier.loss_share), later.recorded_at
    return None
