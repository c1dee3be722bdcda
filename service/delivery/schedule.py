"""When a delivery that failed is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# After the first attempt, the second and so on: 27 h 42 min in all, at least.
DELAYS: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=12),
)
ATTEMPTS = len(DELAYS) + 1
JITTER = 0.2
"""Share of a delay that chance may add, so that what failed together does not come back together."""
LONGEST_WAIT = timedelta(hours=24)
"""What a receiver may ask for by Retry-After."""


def next_attempt(attempts: int, now: datetime, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """When to try again after ``attempts`` tries (from 1), the last at ``now``; None: no more, a dead letter.

    ``chance`` in [0, 1). A receiver's Retry-After only ever puts it off, by a day at most.
    """
    if attempts >= ATTEMPTS:
        return None
    delay = DELAYS[max(attempts, 1) - 1] * (1 + JITTER * chance)
    if retry_after is not None:
        delay = max(delay, min(retry_after, LONGEST_WAIT))
    return now + delay


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, in seconds or as a date; None where it asks for nothing sensible."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_WAIT)
