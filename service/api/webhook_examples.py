"""Examples of webhooks and the feed; those of events are made from the catalogue."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from service.api.examples import CASE_ID, LINKED_ID
from service.domain.event_catalogue import EVENT_TYPES, EventType, ToldEvent, envelope
from service.domain.lifecycle import MOVES

EVENT_ID = "019a6f3e-53aa-7d10-a3b2-6c1f0e9d8b47"
WEBHOOK_ID = "019a6f30-11aa-7b02-9c3d-4e5f60718293"
_SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="  # documentation's own, of no endpoint

_VALUES: dict[str, Any] = {
    "case_number": "R261121-7K3M9Q2XWA", "reference": "RF-20261121-0031", "order_number": "KM202611200917",
    "linked_claim_id": LINKED_ID, "due": "materials", "due_at": "2026-11-24T10:00:00+00:00", "amount": 2950, "fee": 0,
    "currency": "CNY", "route": "original", "obligations": ["void_code"],
    "incident_id": "019a6f50-0000-7000-8000-000000000001", "struck": "product", "struck_id": "sku-30",
    "anomaly_id": "019a6f51-0000-7000-8000-000000000001", "kind": "duplicate_payment",
    "order_numbers": ["KM202611200917", "KM202611200918"], "webhook_id": WEBHOOK_ID, "disabled_because": "gone",
}  # fmt: skip
# Only where something runs, was granted, or is meant.
_DEADLINE = frozenset(
    {
        "case.materials_requested",
        "case.supplier_asked",
        "case.offer_made",
        "case.reminder",
        "case.overdue",
        "case.deadline_moved",
    }
)
_GRANTED = frozenset({"case.auto_approved", "case.approved", "case.partially_approved", "case.offer_accepted"})
_SOMETIMES = {
    "due": _DEADLINE, "due_at": _DEADLINE, "amount": _GRANTED | {"anomaly.found"}, "fee": _GRANTED,
    "currency": _GRANTED | {"anomaly.found"}, "route": _GRANTED, "obligations": _GRANTED,
}  # fmt: skip


def _states() -> dict[str, str]:
    return {move.event: move.targets[0].value for move in reversed(list(MOVES.values()))}


def event_example(declared: EventType) -> dict[str, Any]:
    """One event of the type as it is sent."""
    values = _VALUES | {"state": _states().get(declared.name, "in_review")}
    if declared.name == "case.accepted":
        values["state"] = "accepted"
    fits = [name for name in declared.fields if name in values and declared.name in _SOMETIMES.get(name, EVENT_TYPES)]
    of_case = "case_id" in declared.fields
    return envelope(
        ToldEvent(
            id=uuid.UUID(EVENT_ID),
            sequence=1_042,
            type=declared.name,
            occurred_at=datetime(2026, 11, 21, 1, 31, 6, 120_000, tzinfo=UTC),
            data={name: values[name] for name in fits},
            case_id=uuid.UUID(CASE_ID) if of_case else None,
            case_version=2 if of_case else None,
        )
    )


WEBHOOK_IN: dict[str, Any] = {
    "url": "https://shop.example/prereview-events",
    "types": ["case.auto_approved", "case.approved", "case.rejected"],
    "description": "refund desk",
}
WEBHOOK: dict[str, Any] = {
    "id": WEBHOOK_ID, **WEBHOOK_IN, "state": "enabled", "created_at": "2026-11-21T01:15:00Z", "failing_since": None,
    "disabled_at": None, "disabled_because": None, "pending": 0, "dead": 0,
}  # fmt: skip
WEBHOOK_MADE: dict[str, Any] = {**WEBHOOK, "secret": _SECRET}
WEBHOOKS: dict[str, Any] = {"webhooks": [WEBHOOK]}
CHANGE: dict[str, Any] = {"types": [], "enabled": True}
CHANGED: dict[str, Any] = {**WEBHOOK, "types": []}
ROTATE: dict[str, Any] = {"overlap_hours": 24}
ROTATED: dict[str, Any] = {"secret": _SECRET, "old_until": "2026-11-22T01:31:06Z"}
TESTED: dict[str, Any] = {"event_id": EVENT_ID}
DELIVERIES: dict[str, Any] = {
    "deliveries": [
        {
            "event_id": EVENT_ID, "type": "case.approved", "sequence": 1042, "state": "dead", "attempts": 11,
            "next_attempt_at": None, "attempted_at": "2026-11-22T05:40:00Z", "status": 503, "problem": "refused",
        }
    ],
    "next": None,
}  # fmt: skip
REPLAY: dict[str, Any] = {"which": "dead", "after": 0}
REPLAYED: dict[str, Any] = {"queued": 1, "upto": 1042, "more": False}
FEED: dict[str, Any] = {"events": [event_example(EVENT_TYPES["case.auto_approved"])], "next": 1042, "more": False}
