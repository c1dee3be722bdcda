"""What became of a case after its decision, as the platform tells it; and what does not add up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.domain.assessment import ObligationKind
from service.domain.money import Money


class OutcomeKind(StrEnum):
    """DISPUTE_OPENED, DISPUTE_CLOSED and REFUNDED_ELSEWHERE: at the payment provider, a consumer body or another desk.
    CODE_RECOVERED: what was lost came back, e.g. from the seller."""

    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    CODE_VOIDED = "code_voided"
    CODE_NOT_VOIDED = "code_not_voided"
    TOP_UP_RECALLED = "top_up_recalled"
    TOP_UP_NOT_RECALLED = "top_up_not_recalled"
    ACTIVATED_LATER = "activated_later"
    CODE_RECOVERED = "code_recovered"
    CHARGEBACK = "chargeback"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_CLOSED = "dispute_closed"
    REFUNDED_ELSEWHERE = "refunded_elsewhere"
    SUPPLIER_LOG = "supplier_log"


CONFIRMS: Mapping[OutcomeKind, ObligationKind] = {
    OutcomeKind.CODE_VOIDED: ObligationKind.VOID_CODE,
    OutcomeKind.TOP_UP_RECALLED: ObligationKind.RECALL_TOP_UP,
}
FAILS: Mapping[OutcomeKind, ObligationKind] = {
    OutcomeKind.CODE_NOT_VOIDED: ObligationKind.VOID_CODE,
    OutcomeKind.TOP_UP_NOT_RECALLED: ObligationKind.RECALL_TOP_UP,
}
LEARNED: Mapping[OutcomeKind, str] = {
    OutcomeKind.ACTIVATED_LATER: "the goods were activated after the refund was asked for",
    OutcomeKind.CODE_RECOVERED: "a code that was lost came back",
    OutcomeKind.SUPPLIER_LOG: "the supplier's log came",
}
"""What is only to be known, and is told under its own name."""
LOCKS = frozenset({OutcomeKind.CHARGEBACK, OutcomeKind.DISPUTE_OPENED, OutcomeKind.REFUNDED_ELSEWHERE})
"""While one of these stands, the payment is given back elsewhere, or may be: nothing is granted on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``reference``: the sender's own, unique per platform: telling twice records once. ``occurred_at``: aware; when
    we learned it is the store's."""

    reference: str
    kind: OutcomeKind
    occurred_at: datetime
    amount: Money | None = None
    note: str = ""


class AnomalyKind(StrEnum):
    """DUPLICATE_PAYMENT: one order paid twice. IDENTICAL_ORDERS: the same account bought the same within seconds.
    NOT_RECOVERED: refunded, and the goods could not be taken back."""

    DUPLICATE_PAYMENT = "duplicate_payment"
    IDENTICAL_ORDERS = "identical_orders"
    PAID_OTHER_SUM = "paid_other_sum"
    PAID_WITHOUT_GRANT = "paid_without_grant"
    PAID_BEFORE_CONFIRMATION = "paid_before_confirmation"
    REFUNDED_TWICE = "refunded_twice"
    NOT_RECOVERED = "not_recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """Something in the records that somebody should look at. ``key``: one anomaly of a kind per platform and key."""

    id: uuid.UUID
    kind: AnomalyKind
    key: str
    found_at: datetime
    order_number: str | None = None
    case_id: uuid.UUID | None = None
    amount: Money | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
