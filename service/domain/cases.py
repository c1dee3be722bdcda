"""A case and the states it goes through."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.assessment import Party
from service.domain.claims import Claim


class CaseState(StrEnum):
    ACCEPTED = "accepted"
    ASSESSING = "assessing"
    AUTO_APPROVED = "auto_approved"
    IN_REVIEW = "in_review"
    AWAITING_MATERIALS = "awaiting_materials"
    AWAITING_SUPPLIER = "awaiting_supplier"
    OFFERED = "offered"
    COUNTERED = "countered"
    APPROVED = "approved"
    PARTIALLY_APPROVED = "partially_approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    REVERSED = "reversed"
    APPEALED = "appealed"
    IN_SECOND_REVIEW = "in_second_review"
    ARBITRATION = "arbitration"
    CLOSED = "closed"
    REOPENED = "reopened"


# A case in one of these is over: a new claim on the order opens a new case.
FINAL_STATES = frozenset(
    {CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.REVERSED, CaseState.CLOSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``as_of`` is fixed at accept: nothing recorded later is seen by the assessment it was fixed for.

    ``version`` goes up with every change of the case. ``under_review``: a person has it, or had, so that nothing is
    approved but by people. ``answered``: parties that were asked, and answered or let their time pass.
    ``corrected_at``: when the platform's record of the order was put right or confirmed since the claim.
    """

    id: uuid.UUID
    number: str
    platform_id: str
    claim: Claim
    state: CaseState
    accepted_at: datetime
    as_of: datetime
    due_at: datetime
    evidence: tuple[str, ...] = ()
    version: int = 1
    under_review: bool = False
    answered: tuple[Party, ...] = ()
    corrected_at: tuple[datetime, ...] = ()
