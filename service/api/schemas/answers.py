"""What is answered about a case. Field names and meanings are a contract: add, never change."""

from __future__ import annotations

import uuid
from typing import Any

from pydantic import BaseModel, Field

from service.domain.assessment import Decision, ObligationKind, Recommendation
from service.domain.cases import CaseState
from service.domain.checks import CheckCode, Result
from service.domain.claims import Route
from service.domain.evidence import FailedReason, PageKind


def _is_none(value: Any) -> bool:
    return value is None


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
    """One fact read from a page; ``score`` in [0, 1]."""

    value: str | int
    text: str
    score: float
    box: Box


class EvidenceOut(BaseModel):
    """One file. ``status``: read, empty (no text on it) or failed, with the reason."""

    sha256: str
    status: str
    reason: FailedReason | None
    page: PageKind | None
    fields: dict[str, FieldOut]


class InternalOut(BaseModel):
    """For the platform's staff only, and only for keys with the scope `internal`."""

    recommendation: Recommendation
    reasons: list[ReasonOut]
    risk: RiskOut | None
    checks: list[CheckOut]
    evidence: list[EvidenceOut]


class CaseOut(BaseModel):
    """``decision`` is null until there is one; ``amount`` to ``route`` are null where nothing is granted."""

    case_id: uuid.UUID = Field(description="UUIDv7.")
    number: str = Field(description="For people: may be read out over the phone.")
    state: CaseState
    decision: Decision | None
    amount: int | None = Field(description="What to pay, after the fee, in minor units.")
    currency: str | None
    fee: int | None
    route: Route | None
    obligations: list[ObligationKind] = Field(description="What the platform must confirm for the grant to stand.")
    buyer: BuyerOut
    internal: InternalOut | None = Field(default=None, exclude_if=_is_none)
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
