"""What the faces hand to the use cases and what they get back."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from service.domain.actors import Actor
from service.domain.assessment import Assessment, Grant
from service.domain.cases import Case
from service.domain.claims import Claim
from service.domain.deadlines import Deadline
from service.domain.lifecycle import Change
from service.domain.steps import Proposal, Step
from service.policy import Policy

PolicyOf: TypeAlias = Callable[[str], Awaitable[Policy]]
"""Platform → its policy in force; NotFound where it has none."""


class Scope(StrEnum):
    """What a key may do. INTERNAL adds reasons, checks and risk to answers.

    CLAIMS: send claims and read cases by id. CASES: list them and act on them, for the platform or its buyer.
    REVIEW: let a named person review them; REVIEW_SENIOR: a senior one. OUTCOMES: report what became of them.
    POLICY: propose and sign policies. WEBHOOKS: addresses, secrets, deliveries. FEED: read the
    events that webhooks send. OPERATE: the kill switch and the budgets.
    """

    CLAIMS = "claims"
    CASES = "cases"
    REVIEW = "review"
    REVIEW_SENIOR = "review_senior"
    OUTCOMES = "outcomes"
    POLICY = "policy"
    WEBHOOKS = "webhooks"
    FEED = "feed"
    EVENTS = "events"
    SCORES = "scores"
    OPERATE = "operate"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An authenticated key: bound to one platform; every use case takes the platform from here."""

    key_id: str
    platform_id: str
    scopes: frozenset[Scope]
    actor: Actor
    rate_class: str = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file as received. ``name`` is the sender's word and trusted for nothing."""

    name: str
    data: bytes = field(repr=False)  # pictures of people's papers have no place in a log


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One pre-review request. ``claim_data`` is the claim's JSON as received, for the idempotency digest."""

    claim: Claim
    claim_data: Mapping[str, Any]
    files: tuple[UploadedFile, ...]
    idempotency_key: str
    respond_async: bool = False


class AnswerKind(StrEnum):
    """CREATED: decided now (201). REPLAYED: same key, same body (201, the same answer). LINKED: the order has a live
    case (200). PENDING: accepted, to be polled (202)."""

    CREATED = "created"
    REPLAYED = "replayed"
    LINKED = "linked"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case with the assessment that stands (None until the first), what was done to it, and what was granted.

    ``grant``: the standing one. ``steps`` oldest first. ``deadline``: the next of those that run. ``proposal``: a grant
    that waits for a second person. ``reassessing``: a new assessment is being made while a person has the case.
    ``seen_elsewhere``: another platform has one of its files; None where nobody asked, or the platform does not share.
    """

    case: Case
    assessment: Assessment | None
    linked_claims: tuple[uuid.UUID, ...] = ()
    grant: Grant | None = None
    steps: tuple[Step, ...] = ()
    deadline: Deadline | None = None
    proposal: Proposal | None = None
    reassessing: bool = False
    seen_elsewhere: bool | None = None

    @property
    def waits_for_another(self) -> bool:
        """What was asked for last has not been done: a second person has to agree, or a senior decides between two."""
        last = self.steps[-1].action if self.steps else ""
        return self.proposal is not None or last == Change.OPINIONS_DIFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    kind: AnswerKind
    view: CaseView
    linked_claim_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvents:
    accepted: int
    duplicates: int
    recorded_at: datetime


class PartState(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """One part of the service; ``detail`` says what is wrong and what to do."""

    name: str
    state: PartState
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """DOWN: cannot accept claims. DEGRADED: accepts, everything goes to a person."""

    state: PartState
    parts: tuple[PartHealth, ...]
