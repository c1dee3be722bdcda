"""Many claims in one request, each answered for itself."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from service.api.problems import ProblemOut
from service.api.schemas.answers import CaseOut
from service.api.schemas.fields import Strict

MAX_ITEMS = 100
_PartName = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class BatchItemIn(Strict):
    """One claim of a batch. ``evidence``: names of the request's file parts that belong to it."""

    idempotency_key: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")] = Field(
        description="Yours, one for each claim: as the header Idempotency-Key of a single one."
    )
    claim: dict[str, Any] = Field(description="The claim: an object as `ClaimIn` describes it.")
    evidence: list[_PartName] = Field(default_factory=list, max_length=20)


class BatchResultOut(BaseModel):
    """``status`` is what the claim alone would have been answered with; either ``case`` or ``problem`` is there."""

    index: int = Field(description="Of the claim in the request, from 0.")
    idempotency_key: str | None
    status: int
    replayed: bool = Field(description="The key had been answered before; nothing was done this time.")
    case: CaseOut | None
    problem: ProblemOut | None


class BatchOut(BaseModel):
    """In the order of the request. A claim accepted and not yet decided has status 202: poll its case."""

    accepted: int
    refused: int
    results: list[BatchResultOut]
