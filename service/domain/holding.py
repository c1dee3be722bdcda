"""A decision made at a desk and not carried out yet: for some seconds whoever made it may take it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.actors import Actor
from service.domain.cases import CaseState
from service.domain.lifecycle import Party
from service.domain.money import Money


class Act(StrEnum):
    """What a reviewer can do to a case, under the name the case's possible actions have."""

    APPROVE = "approve"
    APPROVE_PARTIALLY = "approve-partially"
    REJECT = "reject"
    ASK_FOR_MATERIALS = "ask-for-materials"
    ASK_SUPPLIER = "ask-supplier"
    SUPPLIER_ANSWER = "supplier-answer"
    OFFER = "offer"
    SEND_TO_REVIEW = "send-to-review"
    BEGIN_SECOND_REVIEW = "begin-second-review"
    UPHOLD = "uphold"
    ESCALATE = "escalate"
    HAND_UP = "hand-up"
    REQUEST_ARBITRATION = "request-arbitration"
    RULE_APPROVED = "rule-approved"
    RULE_PARTIALLY = "rule-partially"
    RULE_REJECTED = "rule-rejected"
    REOPEN = "reopen"
    REVERSE = "reverse"
    CLOSE = "close"


AT_ONCE = frozenset({Act.BEGIN_SECOND_REVIEW, Act.SUPPLIER_ANSWER})
"""Tell nobody a decision: waiting would only cost time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """One act with what it takes. ``message`` is the buyer's, ``reason`` internal.

    ``amount`` (minor units): only where it is not what the policy works out. ``materials``: codes of the policy.
    ``question``: to the supplier, or the seller where ``asks_seller``; of an answer of theirs, the answer.
    ``loss_permille``: of a reversal, the part that was not due and is lost.
    """

    act: Act
    message: str = ""
    reason: str = ""
    amount: int | None = None
    clause: str | None = None
    ruling: str = ""
    materials: tuple[str, ...] = ()
    question: str = ""
    asks_seller: bool = False
    loss_permille: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsTo:
    """What an act makes of its case. ``amount``: granted or offered; ``proposed``: a second person has to agree;
    ``differs``: from what another proposed, so that a senior decides."""

    state: CaseState
    amount: Money | None = None
    proposed: bool = False
    differs: bool = False


class Ended(StrEnum):
    """DONE: it took effect. UNDONE: taken back in time. NOT_DONE: the case moved on, or it was refused then."""

    DONE = "done"
    UNDONE = "undone"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A decision of ``actor`` on ``version`` of a case, to take effect from ``due_at`` on (the machine's clock).

    ``made_at``: by the service's clock, which a demo shifts. ``ended`` None while it waits. ``why``: what stood against
    it. ``once``: the form it was made with; held together, several decisions share it.
    """

    id: uuid.UUID
    platform_id: str
    case_id: uuid.UUID
    case_number: str
    version: int
    intended: Intended
    leads_to: LeadsTo
    party: Party
    actor: Actor
    score_seen: bool
    once: str
    made_at: datetime
    due_at: datetime
    tries: int = 0
    ended: Ended | None = None
    ended_at: datetime | None = None
    why: str = ""
