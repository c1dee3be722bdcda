"""The window of a budget slides. It is kept in parts, and a part that lies across its edge counts whole.

So in no stretch of ``window_hours``, wherever it begins, is more taken than the limit; a window that began anew at a
fixed hour would let twice as much through around that hour. The price: what was taken counts up to a part longer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

PARTS = 24
"""Parts of a window: an hour each for a day's budget, two and a half minutes for an hour's."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def part_start(moment: datetime, window_hours: int) -> datetime:
    """Start of the part ``moment`` falls in. Parts follow on one another from 1970-01-01T00:00Z."""
    return moment - (moment - _EPOCH) % (timedelta(hours=window_hours) / PARTS)


def counted_from(moment: datetime, window_hours: int) -> datetime:
    """Parts that start here or later count against what is taken at ``moment``.

    Also those that start after it: of two processes one's clock may be behind, and what the other has taken lies in a
    stretch with what is taken now.
    """
    return part_start(moment, window_hours) - timedelta(hours=window_hours)
