"""By when something is due on a case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeadlineKind(StrEnum):
    MATERIALS = "materials"
    SUPPLIER = "supplier"
    SELLER = "seller"
    OFFER = "offer"
    REVIEW = "review"
    APPEAL = "appeal"
    ARBITRATION = "arbitration"
    PAYMENT = "payment"
    OBLIGATION = "obligation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """``due_at``: the first moment that is too late. ``remind_at``: when to remind, None for never. Both aware."""

    kind: DeadlineKind
    due_at: datetime
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeadline:
    """One that still runs."""

    id: uuid.UUID
    platform_id: str
    case_id: uuid.UUID
    deadline: Deadline
    reminded: bool = False
