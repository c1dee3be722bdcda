"""What is answered about a case. Field names and meanings are a contract: add, never change."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from service.api.schemas.settlement import SettlementOut
from service.domain.assessment import Decision, ObligationKind, Recommendation
from service.domain.cases import CaseState
from service.domain.checks import CheckCode, Result
from service.domain.claims import Route
from service.domain.deadlines import DeadlineKind
from service.domain.evidence import Edge, FailedReason, FieldName, GapKind, HintKind, PageKind, Speaker
from service.domain.lifecycle import Action, Party


def _is_none(value: Any) -> bool:
    return value is None


def _is_empty(value: Any) -> bool:
    return not value


class MissingOut(BaseModel):
    """``code``: a kind of evidence; ``text``: what to send, in words for the buyer."""

    code: str
    text: str


class BuyerOut(BaseModel):
    """What the platform may show the buyer word for word."""

    message: str
    missing: list[MissingOut]
    next: str


class ReasonOut(BaseModel):
    """``contribution`` in log-odds, positive raises the risk; ``evidence``: SHA-256 of the file it was seen in."""

    code: str
    text: str
    clause: str | None = None
    contribution: float | None = None
    evidence: str | None = None


class RiskOut(BaseModel):
    """``threshold`` and ``certificate`` are null where no certified threshold was at work."""

    probability: float
    threshold: float | None
    certificate: str | None


Box = tuple[float, float, float, float]


class CheckOut(BaseModel):
    """One fact held against the record; ``box`` is [x0, y0, x1, y1] in pixels of the original image."""

    code: CheckCode
    result: Result
    claimed: str | None
    read: str | None
    record: str | None
    evidence_sha256: str | None
    box: Box | None


class FieldOut(BaseModel):
    """One fact read from a page; ``score`` in [0, 1]. ``note``: what speaks against it."""

    value: str | int
    text: str
    score: float
    box: Box
    note: str = Field(default="", exclude_if=_is_empty)


class RowOut(BaseModel):
    """One order of a page that lists several."""

    fields: dict[str, FieldOut]
    box: Box


class MessageOut(BaseModel):
    """What is said in a conversation; ``speaker`` self is who sent the picture, ``said_at`` as a time field."""

    speaker: Speaker
    name: str | None
    said_at: str | None
    text: str
    promises_refund: bool
    box: Box


class IdentityOut(BaseModel):
    """What of an identity card is kept: masks, and digests under the platform's key (HMAC-SHA-256, hex)."""

    side: str
    name: str | None = Field(examples=["张*明"])
    number: str | None = Field(examples=["3****************4"])
    name_digest: str | None
    number_digest: str | None
    number_valid: bool | None = Field(description="The check digit holds; null where no number was read.")
    valid_from: str | None
    valid_until: str | None = Field(description="ISO date, or long_term.")


class GapOut(BaseModel):
    """Something the page should show and does not; ``field`` null: the page as a whole."""

    kind: GapKind
    field: FieldName | None
    edge: Edge | None
    box: Box | None


class HintOut(BaseModel):
    """A place that looks worked over; ``strength`` in [0, 1]. It raises risk and never decides."""

    kind: HintKind
    strength: float
    box: Box | None
    note: str


class EvidenceOut(BaseModel):
    """One file. ``status``: read, empty (no text on it) or failed, with the reason."""

    sha256: str
    status: str
    reason: FailedReason | None
    page: PageKind | None
    fields: dict[str, FieldOut]
    rows: list[RowOut] = Field(default_factory=list, exclude_if=_is_empty)
    messages: list[MessageOut] = Field(default_factory=list, exclude_if=_is_empty)
    identity: IdentityOut | None = Field(default=None, exclude_if=_is_none)
    gaps: list[GapOut] = Field(default_factory=list, exclude_if=_is_empty)
    hints: list[HintOut] = Field(default_factory=list, exclude_if=_is_empty)


class InternalOut(BaseModel):
    """For the platform's staff only, and only for keys with the scope `internal`."""

    recommendation: Recommendation
    reasons: list[ReasonOut]
    risk: RiskOut | None
    checks: list[CheckOut]
    evidence: list[EvidenceOut]
    seen_elsewhere: bool | None = Field(
        default=None,
        exclude_if=_is_none,
        description="Another platform has received one of these files too. Only between platforms that share this, "
        "only when a case is read by itself; which platform is never told.",
    )


class DeadlineOut(BaseModel):
    """``certain`` false: the make-up days up to then are not published yet, so it may move by some days."""

    due: DeadlineKind
    due_at: datetime
    certain: bool


class OfferOut(BaseModel):
    """The last offer; ``countered``: the buyer's own figure, where there is one. Minor units."""

    amount: int
    currency: str
    countered: int | None


class StepOut(BaseModel):
    """One thing done to the case. ``by`` and ``reason`` only for keys with the scope `review` or `internal`."""

    version: int
    action: str
    party: Party
    at: datetime
    from_state: CaseState
    to_state: CaseState
    message: str | None = Field(default=None, description="What the buyer was told.")
    by: str | None = Field(default=None, exclude_if=_is_none)
    reason: str | None = Field(default=None, exclude_if=_is_none)
    said: dict[str, Any] = Field(
        default_factory=dict, exclude_if=_is_empty, description="What was stated, asked, answered, ruled, sent."
    )


class ProposalOut(BaseModel):
    """A grant one person proposed: another has to ask for the same before it stands."""

    action: Action
    amount: int
    currency: str
    proposed_at: datetime
    by: str | None = Field(default=None, exclude_if=_is_none)


class CaseOut(BaseModel):
    """``decision`` is null until there is one; ``amount`` to ``route`` are null where nothing is granted."""

    case_id: uuid.UUID = Field(description="UUIDv7.")
    number: str = Field(description="For people: may be read out over the phone.")
    version: int = Field(description="Goes up with every change of the case; also its ETag.")
    state: CaseState
    decision: Decision | None
    amount: int | None = Field(description="What to pay, after the fee, in minor units.")
    currency: str | None
    fee: int | None
    route: Route | None
    obligations: list[ObligationKind] = Field(description="What the platform must confirm for the grant to stand.")
    settlement: SettlementOut | None = Field(
        default=None, exclude_if=_is_none, description="Who is liable, where the money goes, by when."
    )
    buyer: BuyerOut
    internal: InternalOut | None = Field(default=None, exclude_if=_is_none)
    actions: dict[Party, list[str]] = Field(
        default_factory=dict,
        exclude_if=_is_empty,
        description="What may be done now, by party: `POST /v1/cases/{case_id}/{action}`.",
    )
    deadline: DeadlineOut | None = Field(
        default=None, exclude_if=_is_none, description="What is due next, and by when."
    )
    offer: OfferOut | None = Field(default=None, exclude_if=_is_none)
    pending_second: ProposalOut | None = Field(default=None, exclude_if=_is_none)
    reassessing: bool = Field(
        default=False,
        exclude_if=_is_empty,
        description="Something new came in while a person has the case; a new assessment is being made.",
    )
    history: list[StepOut] = Field(
        default_factory=list, exclude_if=_is_empty, description="What was done to the case, oldest first."
    )
    linked_claim_id: uuid.UUID | None = Field(
        default=None, exclude_if=_is_none, description="This claim, linked to the live case its order already had."
    )
    versions: dict[str, str]
    ms: dict[str, float]


class PartOut(BaseModel):
    name: str
    state: str
    detail: str = ""


class ReadinessOut(BaseModel):
    """``ok``: all parts work; ``degraded``: claims are taken and go to a person; ``down``: none can be taken."""

    state: str
    parts: list[PartOut]
