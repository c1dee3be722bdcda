"""Outages: many honest claims at once, which must not look like abuse."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.actors import Actor


class Struck(StrEnum):
    """What an incident strikes: every claim on it, paid in the incident's time, belongs to it."""

    PLATFORM = "platform"
    SELLER = "seller"
    PRODUCT = "product"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """``confirmed_at`` None: noticed by a jump of claims, which whoever floods could make; it groups cases for a person
    to see, and changes nobody's history until one says that it is an incident."""

    id: uuid.UUID
    platform_id: str
    struck: Struck
    struck_id: str
    began_at: datetime
    ended_at: datetime | None
    reason: str
    noticed: bool
    confirmed_at: datetime | None
    dismissed_at: datetime | None
    actor: Actor
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """``count`` claims within the last hour on what usually has ``usual`` of them an hour."""

    struck: Struck
    struck_id: str
    count: int
    usual: float
    first_at: datetime
