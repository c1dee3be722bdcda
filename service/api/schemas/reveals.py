"""Personal data of a case, as asked for and as shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from service.api.schemas.fields import Strict
from service.review.personal_data import Revealable


class RevealIn(Strict):
    by: Annotated[str, StringConstraints(min_length=1, max_length=80)] = Field(
        description="Who is shown it, by the name your house knows them.", examples=["ana.lopez"]
    )
    purpose: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description="What for; kept in the audit record, free of personal data."
    )
    what: list[Annotated[Revealable, Field(strict=False)]] = Field(
        min_length=1, max_length=len(Revealable), description="No more than the purpose needs."
    )


class ConsentWithdrawalIn(Strict):
    by: Annotated[str, StringConstraints(min_length=1, max_length=80)] = Field(
        description="Who passes it on, by the name your house knows them.", examples=["ana.lopez"]
    )
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description="How it was asked for; kept in the audit record, free of personal data."
    )


class ConsentWithdrawalOut(BaseModel):
    """``consents`` that ended by it, ``files`` that were taken away; both 0 where it had been withdrawn before."""

    consents: int
    files: int


class RevealedAccountOut(BaseModel):
    id: str
    device_id: str | None
    payer_id: str | None
    ip: str | None


class RevealOut(BaseModel):
    """Only what was asked for. ``evidence``: SHA-256 of the files."""

    account: RevealedAccountOut | None = None
    recharged_account: str | None = None
    statement: str | None = None
    evidence: list[str] | None = None
