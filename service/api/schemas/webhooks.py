"""Webhook endpoints, their deliveries, and the feed of the same events."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from service.api.schemas.fields import Strict
from service.domain.event_catalogue import EVENT_TYPES, ToldEvent, envelope
from service.review.webhooks import Delivery, Endpoint, EndpointCounts

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2_000),
    Field(description="Public, by https, on port 443 or 8443, without user name or fragment."),
]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+$", max_length=60)]
Types = Annotated[
    list[TypeName],
    Field(max_length=len(EVENT_TYPES), description="Types of events it is sent; none given: every type."),
]
Description = Annotated[str, StringConstraints(max_length=200)]


class WebhookIn(Strict):
    url: Url
    types: Types = Field(default_factory=list)
    description: Description = ""


class WebhookChangeIn(Strict):
    """What is not given stays as it is."""

    url: Url = ""
    types: Types = Field(default_factory=list)
    description: Description = ""
    enabled: bool = Field(default=True, description="False: it is sent nothing until it is enabled again.")


class SecretIn(Strict):
    overlap_hours: int = Field(
        default=24, ge=0, le=168, description="For so long the secrets before it sign along; 0: they are dead at once."
    )


class ReplayIn(Strict):
    """Either one event, or all of a kind after a sequence number."""

    event_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = Field(
        default=None, description="This event alone, whatever became of it."
    )
    which: Literal["dead", "missed", "all"] = Field(
        default="dead",
        description="dead: what nobody took. missed: that, and what happened while the endpoint was disabled or not "
        "yet there. all: everything.",
    )
    after: int = Field(default=0, ge=0, le=2**53, description="Only what has a higher sequence number.")


class WebhookOut(BaseModel):
    """``state``: enabled, failing (every attempt since ``failing_since``) or disabled (see ``disabled_because``)."""

    id: uuid.UUID
    url: str
    types: list[str]
    description: str
    state: Literal["enabled", "failing", "disabled"]
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_because: Literal["asked", "gone", "failing"] | None
    pending: int = Field(description="Deliveries to come; counted up to 10,000.")
    dead: int = Field(description="Deliveries given up; counted up to 10,000.")


class WebhookMadeOut(WebhookOut):
    secret: str = Field(description="Shown this once. Signatures are checked with it.")


class WebhooksOut(BaseModel):
    webhooks: list[WebhookOut]


class SecretOut(BaseModel):
    secret: str = Field(description="Shown this once.")
    old_until: datetime = Field(description="Until then the secrets before it sign along.")


class TestOut(BaseModel):
    __test__ = False  # no test, though pytest might think so

    event_id: uuid.UUID


class DeliveryOut(BaseModel):
    """``status``: what the receiver last answered; ``problem``: why it counts as no success, in a word."""

    event_id: uuid.UUID
    type: str
    sequence: int
    state: Literal["pending", "delivered", "dead"]
    attempts: int
    next_attempt_at: datetime | None
    attempted_at: datetime | None
    status: int | None
    problem: str | None


class DeliveriesOut(BaseModel):
    deliveries: list[DeliveryOut]
    next: int | None = Field(description="`before` of the next page; null on the last.")


class ReplayOut(BaseModel):
    queued: int
    upto: int = Field(description="The last sequence number looked at.")
    more: bool = Field(description="True: ask again with `after` = `upto`.")


class EventOut(BaseModel):
    """As in a webhook's body."""

    id: uuid.UUID
    sequence: int
    type: str
    timestamp: str
    schema_version: Literal[1]
    data: dict[str, Any]


class FeedOut(BaseModel):
    events: list[EventOut]
    next: int = Field(description="`after` of the next request; also where no event of this page fits the filter.")
    more: bool = Field(description="False: this is all there is by now.")


def webhook_out(endpoint: Endpoint, counts: EndpointCounts | None) -> WebhookOut:
    return WebhookOut(**_members(endpoint, counts))


def webhook_made_out(endpoint: Endpoint, secret: str) -> WebhookMadeOut:
    return WebhookMadeOut(**_members(endpoint, None), secret=secret)


def delivery_out(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut.model_validate(
        {
            "event_id": delivery.event_id, "type": delivery.type, "sequence": delivery.sequence,
            "state": delivery.state, "attempts": delivery.attempts,
            "next_attempt_at": delivery.due_at if delivery.state == "pending" else None,
            "attempted_at": delivery.attempted_at, "status": delivery.status, "problem": delivery.problem,
        }
    )  # fmt: skip


def event_out(event: ToldEvent) -> EventOut:
    return EventOut.model_validate(envelope(event))


def _members(endpoint: Endpoint, counts: EndpointCounts | None) -> dict[str, Any]:
    counted = counts or EndpointCounts()
    state = "disabled" if endpoint.disabled_at else "failing" if endpoint.failing_since else "enabled"
    return {
        "id": endpoint.id, "url": endpoint.url, "types": list(endpoint.types), "description": endpoint.description,
        "state": state, "created_at": endpoint.created_at, "failing_since": endpoint.failing_since,
        "disabled_at": endpoint.disabled_at, "disabled_because": endpoint.disabled_because,
        "pending": counted.pending, "dead": counted.dead,
    }  # fmt: skip
