"""By when something is due on a case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeadlineKind(StrEnum):
    """What a case may wait for. How long stands in the platform's policy (``Policy.term``)."""

    MATERIALS = "materials"
    SUPPLIER = "supplier"
    SELLER_REPLY = "seller_reply"
    OFFER = "offer"
    REVIEW = "review"
    APPEAL = "appeal"
    ARBITRATION = "arbitration"
    PAYMENT = "payment"
    OBLIGATION = "obligation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """``due_at``: what is done at or before it is in time. ``remind_at``: when to remind, None for never. Both aware.

    ``certain`` False: the make-up days up to then are not published yet, so it is worked out again once they are.
    """

    kind: DeadlineKind
    due_at: datetime
    remind_at: datetime | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeadline:
    """One that still runs, since ``created_at``."""

    id: uuid.UUID
    platform_id: str
    case_id: uuid.UUID
    deadline: Deadline
    created_at: datetime
