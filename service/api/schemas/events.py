"""History as a platform reports it. Both clocks: ``occurred_at`` is the sender's, the time of recording ours."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from service.api.schemas.fields import AmountOrZero, Currency, Identifier, Moment, Strict, Word
from service.domain.history import OWN_EVENTS, EventKind, HistoryEvent
from service.domain.money import Money

MAX_EVENTS = 1_000
_Text = Annotated[str, StringConstraints(max_length=500)]


def _is_not_ours(event_id: str) -> str:
    if event_id.startswith(OWN_EVENTS):
        raise ValueError(f"ids beginning with {OWN_EVENTS} are ours; give the event an id of your own")
    return event_id


class EventIn(Strict):
    """One thing that happened. Sending the same ``event_id`` again records nothing new."""

    event_id: Annotated[Identifier, AfterValidator(_is_not_ours)] = Field(
        description="The sender's own id of this event, unique on the platform; not beginning with `case:`.",
        json_schema_extra={"not": {"pattern": f"^{OWN_EVENTS}"}},
    )
    kind: Annotated[EventKind, Field(strict=False)]
    occurred_at: Moment = Field(description="When it happened, by the platform's clock.")
    account_id: Identifier | None = None
    device_id: Identifier | None = None
    payer_id: Identifier | None = None
    ip: Identifier | None = None
    seller_id: Identifier | None = None
    product_id: Identifier | None = None
    order_number: Identifier | None = None
    case_id: Annotated[uuid.UUID, Field(strict=False)] | None = Field(
        default=None, description="Our case, where the event belongs to one: keeps a refund from being counted twice."
    )
    amount: AmountOrZero | None = None
    currency: Currency = "CNY"
    outcome: Word | None = Field(
        default=None, description="A short word of the kind's own, e.g. `failed` for a fulfilment."
    )
    data: dict[Identifier, _Text | int | float | bool | None] = Field(default_factory=dict, max_length=32)

    def to_domain(self) -> HistoryEvent:
        amount = None if self.amount is None else Money(self.amount, self.currency)
        rest = {name: value for name, value in self if name != "currency"}
        return HistoryEvent(**{**rest, "amount": amount})


class EventsIn(Strict):
    """A batch, taken whole or refused whole."""

    events: list[EventIn] = Field(min_length=1, max_length=MAX_EVENTS)


class EventsOut(BaseModel):
    """``duplicates``: events whose id was already recorded. ``recorded_at``: from when on assessments see the rest."""

    accepted: int
    duplicates: int
    recorded_at: datetime
