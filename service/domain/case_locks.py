"""Who has a case open for work: for a while, extended while at work, handed over, or put on hold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

LOCK_LASTS = timedelta(minutes=5)
"""From taking a case, and from each sign of work on it."""
HANDED_LASTS = timedelta(hours=4)
"""For so long a case handed over waits for that person; then anybody may take it again."""
HOLD_AT_MOST = timedelta(days=14)
MOST_LOCKS = 20
"""One person's at a time."""
MOST_HANDED, MOST_HOLDS = 40, 60
"""Cases handed to somebody and not taken up; cases somebody keeps on hold. More would empty a queue by one hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLock:
    """``handed_by``: who gave it to ``login``, until they take it up."""

    case_id: uuid.UUID
    login: str
    since: datetime
    until: datetime
    handed_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Put off until ``until``, when the case comes back at the front of its queue."""

    case_id: uuid.UUID
    login: str
    since: datetime
    until: datetime
    reason: str
