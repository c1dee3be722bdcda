"""Long streams of history events, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.clock import FUTURE_TOLERANCE, Clock
from service.domain.errors import NotFound
from service.domain.history import HistoryEvent
from service.domain.uploads import LineError, UploadStanding
from service.review.casework import CaseWork
from service.review.requests import Caller
from service.store import EventUploads


class HistoryUploads:
    def __init__(self, uploads: EventUploads, casework: CaseWork, clock: Clock) -> None:
        self._uploads = uploads
        self._casework = casework
        self._clock = clock

    async def standing(self, caller: Caller, upload: str) -> UploadStanding:
        """How far it has come; NotFound where the platform began none of this name."""
        found = await self._uploads.standing(caller.platform_id, upload)
        if found is None:
            raise NotFound(f"There is no upload {upload!r} on your platform; begin it with its first line.")
        return found

    async def record(
        self, caller: Caller, upload: str, after_line: int, lines: int, events: Sequence[tuple[int, HistoryEvent]],
        refused: int,
    ) -> tuple[UploadStanding, list[LineError]]:  # fmt: skip
        """One piece of ``lines`` lines; ``events`` with their lines. Those of the future are refused, the rest kept.

        Conflict where another line is next.
        """
        now = self._clock.now()
        latest = now + FUTURE_TOLERANCE
        fine = [event for _, event in events if event.occurred_at <= latest]
        wrong = [
            LineError(line, "occurred_at", "is in the future; check the sender's clock and time zone")
            for line, event in events
            if event.occurred_at > latest
        ]
        async with self._casework.in_one():
            standing = await self._uploads.record(
                caller.platform_id, upload, after_line, lines, fine, refused + len(wrong), now
            )
            await self._casework.late_records(caller.platform_id, fine, caller.actor)
        return standing, wrong
