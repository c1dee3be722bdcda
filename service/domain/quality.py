"""How well people judge: what one said of a case before and after seeing the score, and cases whose answer is known."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.actors import Actor
from service.domain.labels import LabelSource


class Verdict(StrEnum):
    """What somebody holds a claim to be. UNDECIDED: asked for more, or handed it on."""

    APPROVE = "approve"
    APPROVE_PARTIALLY = "approve_partially"
    REJECT = "reject"
    UNDECIDED = "undecided"


class Occasion(StrEnum):
    """FIRST: before score and reasons were shown. SECOND: on what another proposed, unseen. DECISION: what was then
    done. ADJUDICATION: a senior between two who differ."""

    FIRST = "first"
    SECOND = "second"
    DECISION = "decision"
    ADJUDICATION = "adjudication"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one person said of one case.

    ``loss_share`` in [0, 1]: of what would have been granted, the part they hold not to be due; None where undecided.
    ``amount_minor``: what they would grant. ``score_seen``: score or reasons had been shown to them.
    """

    id: uuid.UUID
    platform_id: str
    case_id: uuid.UUID
    reviewer: Actor
    occasion: Occasion
    verdict: Verdict
    loss_share: float | None
    amount_minor: int | None
    currency: str
    score_seen: bool
    judged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two people differ on a case; a senior who is neither of them decides it. ``first`` proposed a grant."""

    case_id: uuid.UUID
    first: Actor
    first_verdict: Verdict
    first_minor: int
    second: Actor
    second_verdict: Verdict
    second_minor: int | None
    currency: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySettings:
    """``blind_permille``: of ordinary cases, how many are judged before the score is shown. ``golden_permille``: after
    so many of a thousand decisions a case with a known answer follows."""

    blind_permille: int = 200
    golden_permille: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCase:
    """A closed case whose truth is proven, shown again to people who have not met it.

    ``loss_share``: the truth, in [0, 1] as for labels; ``proof``: what proves it. ``note``: what is to be learned.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    number: str
    verdict: Verdict
    loss_share: float
    proof: LabelSource
    note: str
    made_by: Actor
    made_at: datetime
    retired_at: datetime | None = None
    shown: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A golden case put before one reviewer under an id and a number of its own; no case of these exists.

    ``case_id``: of the source. ``accepted_at``: from when it waits, as it seems.
    """

    id: uuid.UUID
    golden_id: uuid.UUID
    case_id: uuid.UUID
    assessment_id: uuid.UUID
    number: str
    accepted_at: datetime
    verdict: Verdict | None = None
    loss_share: float | None = None
    judged_at: datetime | None = None
