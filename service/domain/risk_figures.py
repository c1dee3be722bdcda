"""Figures for whoever answers for the money, as the store counts them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.labels import SampledCase
from service.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Claims accepted on one day of the platform's zone. ``approved``: without a person. Money in minor units of the
    platform's currency; ``complete`` False: the day, or what was decided on its claims, may still change."""

    day: date
    claims: int
    approved: int
    claimed_minor: int
    approved_minor: int
    complete: bool = True

    @property
    def share(self) -> float | None:
        return self.approved / self.claims if self.claims else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredClaim:
    """A claim with the risk it was given at its time. ``codes``: of the rule's reasons; ``approval_class``: in which
    the rule approved it, whatever mode and draw made of that; ``sampled``: with its labels, where it was drawn."""

    case_id: uuid.UUID
    accepted_at: datetime
    model: str
    certificate: str | None
    risk: float | None
    approval_class: str | None
    codes: frozenset[str]
    amount_minor: int
    currency: str
    sampled: SampledCase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenObligation:
    """What the platform has still to confirm before a grant is safe to pay."""

    case_id: uuid.UUID
    case_number: str
    kind: str
    amount: Money
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerSum:
    """One seller over the newest grants: how many, how much, and what of it is to be recovered from whom is liable."""

    seller_id: str
    grants: int
    granted: Money
    recover: Money
    paid: Money
