"""A claim asked about before it is made, and what is told of it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from service.api.schemas.claims import AccountIn, ClaimIn
from service.api.schemas.fields import Identifier
from service.domain.claims import Route
from service.policy import Prospect


class PreCheckIn(ClaimIn):
    """A claim as it would be sent, without files. Who asks makes no difference, so ``account`` may be left out."""

    reference: Identifier = Field(default="pre-check", description="May be left out: nothing is stored.")
    account: AccountIn = Field(default=AccountIn(id="anyone"), description="May be left out: it is not looked at.")


class ClauseOut(BaseModel):
    id: str = Field(description="Of the published negative list.")
    excludes: bool = Field(description="Usually rules the claim out; else a person judges it.")
    text: str


class MaterialOut(BaseModel):
    code: str
    text: str = Field(description="Exactly what to send, in the policy's words.")


class ExpectedOut(BaseModel):
    """What would be granted if the claim is right."""

    amount: int = Field(description="Minor units, after the fee.")
    fee: int
    currency: str
    route: Route
    arrival: str | None = Field(description="How and when the money comes.")
    withdrawable: bool | None = Field(description="Of the balance route: whether it can be withdrawn.")


class PreCheckOut(BaseModel):
    """Never a decision: whether a claim is approved shows when it is made."""

    prospect: Prospect
    message: str
    clauses: list[ClauseOut]
    materials: list[MaterialOut] = Field(description="Empty where `no_upload`.")
    no_upload: bool = Field(description="The published conditions of a refund without screenshots are met.")
    expected: ExpectedOut | None
    notes: list[str]
    apply_by: datetime | None = Field(description="The last moment to apply; null while it has not begun to count.")
    wait_until: datetime | None = Field(description="The promise of delivery ends then; apply if nothing has come.")
    answer_within: str
    materials_within: str
    official_channel: str
    policy_version: str
