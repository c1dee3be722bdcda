"""What the rule decides on the claims of a window, held against what was truly due. Here model and truth meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from service.domain.assessment import Verdict
from service.domain.certificate import Serving
from service.policy import ApprovalClass, Policy
from training.datasets import ClaimCase, Dataset, Floats, Indices, claim_cases
from training.observed import Observed
from training.rule import open_verdicts
from training.simulator.world import TRUTH

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Decided:
    """One entry per claim of a window, in the order of ``indices`` into the data set; amounts in minor units.

    ``approval``: the class the rule approves it in under a threshold of 1, empty for a person. ``loss``: what a grant
    in that class truly loses. ``wrong``: less than half of the claim was truly due. ``small``: within the cap of
    approval by risk.
    """

    indices: Indices
    approval: NDArray[np.str_]
    amount: Indices
    granted: Indices
    loss: Floats
    wrong: Flags
    small: Flags

    def by(self, *classes: ApprovalClass) -> Flags:
        return np.isin(self.approval, [name.value for name in classes])


def between(dataset: Dataset, first_day: float, last_day: float) -> Indices:
    """Claims accepted from one day to another, counted from the start of the data, labelled or not."""
    moments = (dataset.moment(day).astimezone(UTC).replace(tzinfo=None) for day in (first_day, last_day))
    first, last = (np.datetime64(moment, "us") for moment in moments)
    return np.flatnonzero((dataset.as_of >= first) & (dataset.as_of < last))


def decide_window(observed: Observed, dataset: Dataset, indices: Indices, policy: Policy, serving: Serving) -> Decided:
    """Every claim at ``indices`` as the open rule decides it. The probability plays no part under a threshold of 1."""
    due = (
        pq.read_table(observed.folder / TRUTH / "claims.parquet", columns=["due"])["due"]
        .to_numpy()[indices]
        .astype(np.float64)
    )
    cases = list(claim_cases(observed, only=indices.tolist()))
    verdicts = list(open_verdicts(policy, cases, np.zeros(len(cases)), serving))
    granted = np.array([_granted(verdict) for verdict in verdicts], dtype=np.int64)
    amount = dataset.amount[indices]
    return Decided(
        indices=indices,
        approval=np.array([verdict.approval_class or "" for verdict in verdicts], dtype=np.str_),
        amount=amount,
        granted=granted,
        loss=_loss(granted, due * amount, verdicts),
        wrong=due < 0.5,
        small=np.array([_is_small(case, policy) for case in cases], dtype=np.bool_),
    )


def _granted(verdict: Verdict) -> int:
    return verdict.grant.amount.minor if verdict.approval_class and verdict.grant else 0


def _loss(granted: Indices, due: Floats, verdicts: list[Verdict]) -> Floats:
    """Granted less truly due less recovered, within [0, granted]. A grant with an obligation is released only when the
    goods were taken back, so all of it is recovered; nothing else is."""
    recovered = np.array(
        [float(amount) if _obliged(verdict) else 0.0 for amount, verdict in zip(granted, verdicts, strict=True)]
    )
    return np.asarray(np.clip(granted - due - recovered, 0.0, granted), dtype=np.float64)


def _obliged(verdict: Verdict) -> bool:
    return verdict.grant is not None and bool(verdict.grant.obligations)


def _is_small(case: ClaimCase, policy: Policy) -> bool:
    exposed = case.claim.amount_claimed.minor + case.claim.order.amount_refunded.minor
    return exposed <= policy.classes.risk.amount_up_to_minor
