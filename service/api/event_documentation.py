"""The OpenAPI document's webhooks: every type of event with its fields and an example, made from the catalogue."""

from __future__ import annotations

from typing import Any

from service.api.webhook_examples import event_example
from service.domain.event_catalogue import EVENT_TYPES, FIELDS, SCHEMA_VERSION, EventType

_PARAMETERS = [
    {
        "name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"},
        "example": example,
    }
    for name, text, example in (
        ("webhook-id", "The event's id, the same at every attempt: handle each once.",
         "019a6f3e-53aa-7d10-a3b2-6c1f0e9d8b47"),
        ("webhook-timestamp", "When this attempt was signed, in seconds since 1970. Refuse what is 5 minutes off.",
         "1795138266"),
        ("webhook-signature", "`v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`, one for each secret in "
         "force, parted by blanks (Standard Webhooks).", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
    )
]  # fmt: skip
_RESPONSES = {
    "2XX": {"description": "Taken. Answer within 15 seconds, and do the work afterwards."},
    "410": {"description": "No more, ever: the endpoint is disabled."},
    "default": {
        "description": "Tried again 10 times over 27 hours at least (5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, "
        "8 h, 12 h, up to a fifth more; later where Retry-After asks for it). Redirects are not followed."
    },
}


def webhooks() -> dict[str, Any]:
    """OpenAPI 3.1 path items by type of event."""
    return {declared.name: {"post": _operation(declared)} for declared in EVENT_TYPES.values()}


def _operation(declared: EventType) -> dict[str, Any]:
    return {
        "tags": ["webhooks"],
        "summary": declared.summary,
        "operationId": "on" + "".join(word.title() for word in declared.name.replace(".", "_").split("_")),
        "description": "Sent at least once, in order as far as can be: `sequence` counts without a gap, and "
        "`data.case_version` says which of two events on a case is the newer.",
        "security": [],
        "parameters": _PARAMETERS,
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _schema(declared),
                    "examples": {"typical": {"value": event_example(declared)}},
                }
            },
        },
        "responses": _RESPONSES,
    }


def _schema(declared: EventType) -> dict[str, Any]:
    members: dict[str, Any] = {
        "id": {"type": "string", "format": "uuid"},
        "sequence": {"type": "integer", "description": "The event's place among all of the platform's, from 1."},
        "type": {"const": declared.name},
        "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
        "schema_version": {"const": SCHEMA_VERSION, "description": "Goes up when a field changes its meaning."},
        "data": {"type": "object", "properties": {name: FIELDS[name] for name in declared.fields}},
    }
    return {"type": "object", "properties": members, "required": list(members)}
