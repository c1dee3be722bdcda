"""Lists of cases as they are answered."""

from __future__ import annotations

import uuid
from datetime import datetime

from pydantic import BaseModel, Field

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode


class CaseSummaryOut(BaseModel):
    case_id: uuid.UUID
    number: str
    version: int
    state: CaseState
    lane: str | None = Field(description="Why it is looked at sooner; null: in turn.")
    order_number: str
    account_id: str
    reference: str = Field(description="The platform's own number of the claim.")
    reason: ReasonCode
    amount_claimed: int = Field(description="Minor units.")
    currency: str
    accepted_at: datetime
    state_since: datetime
    decided_at: datetime | None


class CasesOut(BaseModel):
    """Newest first. ``next_cursor``: hand it back as `cursor` for the next page; null on the last."""

    cases: list[CaseSummaryOut]
    next_cursor: str | None
