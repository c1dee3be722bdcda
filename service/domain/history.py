"""Events of the past, with two clocks: when a thing happened and when we learned it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.money import Money

OWN_EVENTS = "case:"
"""Ids of our own events begin so; whoever took one would keep a grant of ours out of the history."""


class EventKind(StrEnum):
    ACCOUNT_OPENED = "account_opened"
    SESSION = "session"
    ORDER = "order"
    PAYMENT = "payment"
    FULFILMENT = "fulfilment"
    REFUND_REQUESTED = "refund_requested"
    REFUND_WITHDRAWN = "refund_withdrawn"
    REFUND_GRANTED = "refund_granted"
    REFUND_REJECTED = "refund_rejected"
    REFUND_WRONG = "refund_wrong"
    CHARGEBACK = "chargeback"
    # Ours alone: claims and grants of an incident, which count in nobody's refunds.
    INCIDENT_CLAIM = "incident_claim"
    INCIDENT_GRANT = "incident_grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One recorded fact. ``event_id`` is the sender's, unique per platform: sending twice records once.

    ``case_id`` ties an event to a case, so that a refund told by the platform and by us counts once.
    ``outcome``: a short word of the kind's own, e.g. ``failed`` for a fulfilment.
    """

    event_id: str
    kind: EventKind
    occurred_at: datetime
    account_id: str | None = None
    device_id: str | None = None
    payer_id: str | None = None
    ip: str | None = None
    seller_id: str | None = None
    product_id: str | None = None
    order_number: str | None = None
    case_id: uuid.UUID | None = None
    amount: Money | None = None
    outcome: str | None = None
    data: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
