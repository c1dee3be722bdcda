"""What became of cases, what does not add up, and what sellers owe: as asked and as answered."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints

from service.api.schemas.fields import Amount, Currency, Identifier, Moment, Strict
from service.domain.ledger import FailureRate, LedgerEntry
from service.domain.money import Money
from service.domain.outcomes import Anomaly, AnomalyKind, Outcome, OutcomeKind


class OutcomeIn(Strict):
    """One thing that became of the case. Telling the same ``reference`` again changes nothing."""

    reference: Identifier = Field(description="Your own id of this message, unique on the platform.")
    kind: Annotated[OutcomeKind, Field(strict=False)]
    occurred_at: Moment = Field(description="When it happened; when we learned it is kept beside it.")
    amount: Amount | None = Field(default=None, description="Needed for `paid`: what was paid.")
    currency: Currency = "CNY"
    note: Annotated[str, StringConstraints(max_length=1_000)] = Field(
        default="", description="For the record; free of personal data."
    )

    def to_domain(self) -> Outcome:
        return Outcome(
            reference=self.reference,
            kind=self.kind,
            occurred_at=self.occurred_at,
            amount=None if self.amount is None else Money(self.amount, self.currency),
            note=self.note,
        )


class AnomalyOut(BaseModel):
    """``amount``: of the payment that should perhaps not have been made."""

    anomaly_id: uuid.UUID
    kind: AnomalyKind
    found_at: datetime
    order_number: str | None
    case_id: uuid.UUID | None
    amount: int | None
    currency: str | None
    data: dict[str, Any]

    @classmethod
    def of(cls, found: Anomaly) -> Self:
        return cls(
            anomaly_id=found.id,
            kind=found.kind,
            found_at=found.found_at,
            order_number=found.order_number,
            case_id=found.case_id,
            amount=found.amount.minor if found.amount else None,
            currency=found.amount.currency if found.amount else None,
            data=dict(found.data),
        )


class AnomaliesOut(BaseModel):
    """Newest first; ``next_cursor`` null on the last page."""

    anomalies: list[AnomalyOut]
    next_cursor: str | None


class LedgerEntryOut(BaseModel):
    """One grant. ``recover``: what ``recover_from`` owes for it, in minor units; ``ended_as``: lapsed, reversed or
    returned (to a person)."""

    case_id: uuid.UUID
    case_number: str
    order_number: str
    seller_id: str
    product_id: str
    supplier_id: str | None
    reason: str
    currency: str
    granted: int
    granted_at: datetime
    paid: int | None
    paid_at: datetime | None
    liable: str | None
    recover_from: str | None
    recover: int | None
    clause: str | None
    ended_as: str | None

    @classmethod
    def of(cls, entry: LedgerEntry) -> Self:
        return cls(
            case_id=entry.case_id,
            case_number=entry.case_number,
            order_number=entry.order_number,
            seller_id=entry.seller_id,
            product_id=entry.product_id,
            supplier_id=entry.supplier_id,
            reason=entry.reason,
            currency=entry.granted.currency,
            granted=entry.granted.minor,
            granted_at=entry.granted_at,
            paid=entry.paid.minor if entry.paid else None,
            paid_at=entry.paid_at,
            liable=entry.liable,
            recover_from=entry.recover_from,
            recover=entry.recover.minor if entry.recover else None,
            clause=entry.clause,
            ended_as=entry.ended_as,
        )


class FailureRateOut(BaseModel):
    """Grants at the seller's or supplier's door over orders told of in the same time; ``rate`` null without orders."""

    seller_id: str
    product_id: str | None
    orders: int
    granted: int
    amount: int
    currency: str
    rate: float | None

    @classmethod
    def of(cls, found: FailureRate) -> Self:
        return cls(
            seller_id=found.seller_id,
            product_id=found.product_id,
            orders=found.orders,
            granted=found.granted,
            amount=found.amount.minor,
            currency=found.amount.currency,
            rate=found.rate,
        )


class LedgerOut(BaseModel):
    entries: list[LedgerEntryOut]
    failure_rates: list[FailureRateOut]
