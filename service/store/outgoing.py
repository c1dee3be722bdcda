"""What platforms are told: written in the transaction of the change itself, told by whoever reads them later."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.event_catalogue import EVENT_TYPES
from service.domain.identifiers import new_id
from service.store.case_tables import outgoing_events

COLUMNS = ("platform_id", "id", "type", "case_id", "case_version", "occurred_at", "data")
_EVENT = sa.insert(outgoing_events).inline()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEvent:
    """``data`` is what every reader with the platform's key may see: no reasons, no risk, JSON-ready.

    ValueError for a type the catalogue does not declare: nobody could subscribe to it.
    """

    type: str
    occurred_at: datetime
    data: Mapping[str, Any]
    case_id: uuid.UUID | None = None
    case_version: int | None = None
    id: uuid.UUID = field(default_factory=new_id)

    def __post_init__(self) -> None:
        if self.type not in EVENT_TYPES:
            raise ValueError(f"no event is declared as {self.type!r}")


async def tell(tx: AsyncConnection, platform_id: str, event: OutgoingEvent) -> None:
    await tx.execute(_EVENT, event_row(platform_id, event))


def event_row(platform_id: str, event: OutgoingEvent) -> dict[str, Any]:
    """As ``tell``, for whoever writes it together with something else."""
    return {
        "platform_id": platform_id, "id": event.id, "type": event.type, "case_id": event.case_id,
        "case_version": event.case_version, "occurred_at": event.occurred_at, "data": dict(event.data),
    }  # fmt: skip
