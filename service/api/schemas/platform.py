"""The kill switch and the budgets of a platform, as asked and as told."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from service.api.schemas.fields import Strict
from service.domain.assessment import PlatformMode
from service.review.budgeting import Fill

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class StopIn(Strict):
    by: Name = Field(description="Who stops, by the name your house knows them.", examples=["ana.lopez"])
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description="Why; kept in the audit record, free of personal data."
    )


class ResumeIn(StopIn):
    by: Name = Field(description="Who resumes.", examples=["ana.lopez"])
    approved_by: Name = Field(description="The second person: never the one who resumes.", examples=["wang.li"])


class PlatformModeOut(BaseModel):
    """``changed`` false: it was so already."""

    platform: str
    mode: PlatformMode
    changed: bool


class BudgetOut(BaseModel):
    """One entity under one budget; ``entity`` null: nobody has taken any. Sums in minor units; a limit that is null
    does not hold. ``full``: the larger of the two shares taken, 1 and more: nothing more fits."""

    budget: str
    window_hours: int
    entity: str | None
    amount: int
    amount_limit: int | None
    approvals: int
    approvals_limit: int | None
    full: float

    @classmethod
    def of(cls, fill: Fill) -> Self:
        return cls(
            budget=fill.budget,
            window_hours=fill.window_hours,
            entity=fill.entity,
            amount=fill.amount_minor,
            amount_limit=fill.limit_amount,
            approvals=fill.count,
            approvals_limit=fill.limit_count,
            full=fill.full,
        )


class BudgetsOut(BaseModel):
    """In the policy's order, for each budget those who have taken most of it."""

    budgets: list[BudgetOut]
