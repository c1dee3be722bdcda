"""What platforms may be told: the types of events, the fields each may carry, and nothing else.

The same shape leaves as a webhook's body and in the feed. A field that is not declared here stays inside: what is
written into an event by mistake, say a reviewer's reason, reaches nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.cases import CaseState
from service.domain.errors import InvalidRequest
from service.domain.lifecycle import MOVES
from service.domain.outcomes import LEARNED

SCHEMA_VERSION = 1
"""Goes up when a field changes its meaning or goes; a new field or type leaves it."""

TEST_TYPE = "webhook.test"
DISABLED_TYPE = "webhook.disabled"

# JSON Schema of every field an event's data may hold. Ids of the platform's own and ours, states, sums, times.
FIELDS: dict[str, dict[str, Any]] = {
    "case_id": {"type": "string", "format": "uuid", "description": "GET /v1/cases/{case_id} tells the rest."},
    "case_version": {
        "type": "integer",
        "description": "Goes up with every change of the case: what has a lower one than you know is old.",
    },
    "case_number": {"type": "string", "description": "For people, e.g. over the phone."},
    "reference": {"type": "string", "description": "Yours, as the claim gave it."},
    "order_number": {"type": "string"},
    "state": {"type": "string", "enum": [state.value for state in CaseState]},
    "due": {"type": "string", "description": "What is due at `due_at`, e.g. materials."},
    "due_at": {"type": "string", "format": "date-time"},
    "linked_claim_id": {"type": "string", "format": "uuid"},
    "amount": {"type": "integer", "description": "Integer minor units."},
    "fee": {"type": "integer", "description": "Integer minor units."},
    "currency": {"type": "string", "description": "ISO 4217."},
    "route": {"type": "string"},
    "obligations": {"type": "array", "items": {"type": "string"}},
    "incident_id": {"type": "string", "format": "uuid"},
    "struck": {"type": "string", "description": "What the incident is about: seller, product or supplier."},
    "struck_id": {"type": "string", "description": "Its id, yours."},
    "anomaly_id": {"type": "string"},
    "kind": {"type": "string"},
    "order_numbers": {"type": "array", "items": {"type": "string"}},
    "webhook_id": {"type": "string", "format": "uuid"},
    "disabled_because": {"type": "string", "enum": ["gone", "failing"]},
}

_CASE = ("case_id", "case_version", "case_number", "reference", "order_number", "state", "due", "due_at")
_GRANT = ("amount", "fee", "currency", "route", "obligations")
_INCIDENT = ("incident_id", "struck", "struck_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """``fields``: names in ``FIELDS``; which of them an event of the type has may depend on how it came about."""

    name: str
    summary: str
    fields: tuple[str, ...]


def _of_moves() -> dict[str, EventType]:
    """One type for each event the life of a case declares."""
    targets: dict[str, list[str]] = {}
    for move in MOVES.values():
        states = targets.setdefault(move.event, [])
        states += [state.value for state in move.targets if state.value not in states]
    return {
        name: EventType(name=name, summary=f"The case is now {' or '.join(states)}.", fields=(*_CASE, *_GRANT))
        for name, states in targets.items()
    }


def _others() -> dict[str, EventType]:
    declared = (
        ("case.accepted", "A claim was taken: it has a case number, and nothing can lose it.", _CASE),
        ("case.claim_linked", "A later claim on the order was linked to its live case.", (*_CASE, "linked_claim_id")),
        ("case.reminder", "Something will be due on the case; `due` names it.", _CASE),
        ("case.overdue", "What was due on the case did not come in time; `due` names it.", _CASE),
        ("case.deadline_moved", "Make-up days were published, and what is due is due at another moment.", _CASE),
        ("case.refund_locked", "Money for the payment went back elsewhere, or may: nothing more is granted.", _CASE),
        ("case.dispute_closed", "A dispute over the payment has ended.", _CASE),
        ("case.chased", "The buyer asked where the case stands.", _CASE),
        ("case.reassessing", "Something new is known of the case: it is being assessed anew.", _CASE),
        ("case.reassessed", "The case was assessed anew.", _CASE),
        ("case.approval_proposed", "A grant was proposed; another person has to confirm it.", _CASE),
        ("case.opinions_differ", "Two people differ on the case; a senior reviewer decides it.", _CASE),
        ("case.handed_up", "A reviewer left the case to a senior one.", _CASE),
        ("case.obligations_confirmed", "What the grant hangs on is fulfilled: it may be paid.", _CASE),
        ("case.recovery_failed", "What the refund rested on could not be taken back, and it was paid already.", _CASE),
        ("incident.noticed", "Claims on one seller, product or supplier jumped.", _INCIDENT),
        ("incident.declared", "A person declared an outage.", _INCIDENT),
        ("incident.confirmed", "A person confirmed an outage.", _INCIDENT),
        ("incident.dismissed", "A person found that it is no outage.", _INCIDENT),
        ("incident.ended", "The outage is over.", _INCIDENT),
        (
            "anomaly.found",
            "The records show something amiss, e.g. a payment made twice.",
            ("anomaly_id", "kind", "order_number", "order_numbers", "amount", "currency"),
        ),
        (TEST_TYPE, "Sent to one endpoint because somebody asked for it.", ("webhook_id",)),
        (DISABLED_TYPE, "An endpoint is sent nothing any more.", ("webhook_id", "disabled_because")),
    )
    learned = ((f"case.{kind.value}", f"Told of the case: {words}.", _CASE) for kind, words in LEARNED.items())
    return {
        name: EventType(name=name, summary=summary, fields=fields) for name, summary, fields in (*declared, *learned)
    }


EVENT_TYPES: dict[str, EventType] = {**_of_moves(), **_others()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event with its place in the platform's order: ``sequence`` counts from 1 without a gap."""

    id: uuid.UUID
    sequence: int
    type: str
    occurred_at: datetime
    data: Mapping[str, Any]
    case_id: uuid.UUID | None = None
    case_version: int | None = None


def envelope(event: ToldEvent) -> dict[str, Any]:
    """The event as it leaves the house, JSON-ready; undeclared fields are left out."""
    declared = EVENT_TYPES.get(event.type)
    # None: written by an older version under a name that is not used any more.
    allowed = declared.fields if declared else _CASE
    data = {name: event.data[name] for name in allowed if name in event.data}
    if event.case_id is not None:
        data["case_id"] = str(event.case_id)
    if event.case_version is not None:
        data["case_version"] = event.case_version
    return {
        "id": str(event.id),
        "sequence": event.sequence,
        "type": event.type,
        "timestamp": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "schema_version": SCHEMA_VERSION,
        "data": data,
    }


def known_types(wanted: tuple[str, ...], path: str) -> tuple[str, ...]:
    """``wanted`` without repetition; InvalidRequest, naming ``path``, where one is no type of ours."""
    unknown = [name for name in wanted if name not in EVENT_TYPES]
    if unknown:
        message = (
            f"must be types of events; {unknown[0][:60]!r} is none. The OpenAPI document lists them under webhooks"
        )
        raise InvalidRequest(
            f"{path} {message}.", extra={"errors": [{"path": path, "message": message}], "error_count": 1}
        )
    return tuple(dict.fromkeys(wanted))
