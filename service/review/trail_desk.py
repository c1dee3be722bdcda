"""The audit trail for those who audit: looked through, verified in the background, and handed out as a file."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog

from service.domain.actors import PREREVIEW_JOB, Actor
from service.domain.clock import Clock
from service.domain.errors import InvalidRequest, PrereviewError
from service.review.trail import PlatformTrail, Trail, TrailReport
from service.store import Store, audit
from service.store.audit import AuditEntry, case_subject
from service.store.trail_search import ChainStanding, TrailPage, TrailPosition, TrailQuery, TrailSearch
from service.store.trail_verifications import Verification, Verifications

__all__ = [
    "EXPORTED_AT_MOST", "AuditEntry", "ChainStanding", "TrailDesk", "TrailPage", "TrailPosition", "TrailQuery",
    "Verification",
]  # fmt: skip

log = structlog.get_logger(__name__)

EXPORTED_AT_MOST = 100_000
"""Entries in one file: some 60 MB of JSON; a longer period is exported in parts."""
_NOTED_EVERY = 1.0


class TrailDesk:
    """``trail``: of this process, for walking the chain."""

    def __init__(self, store: Store, trail: Trail, clock: Clock) -> None:
        self._store = store
        self._search = TrailSearch(store.database)
        self._verifications = Verifications(store.database)
        self._trail = trail
        self._clock = clock

    @property
    def now(self) -> datetime:
        return self._clock.now()

    # --- looking --------------------------------------------------------------------------------------------------
    async def subject_of(self, platform_id: str, typed: str) -> str | None:
        """``case:…`` for a case's number or id, other subjects as they stand in the trail (``policy:12``); None where
        there is no such case."""
        text = typed.strip()
        if ":" in text:
            return text
        try:
            return case_subject(uuid.UUID(text))
        except ValueError:
            case = await self._store.case_by_number(platform_id, text)
            return case_subject(case.case.id) if case is not None else None

    async def actor_of(self, platform_id: str, typed: str) -> str | None:
        """The name under which somebody stands in the trail, with or without what marks where they signed in; None
        where nobody of that name has done anything."""
        return await self._search.actor_named(platform_id, (typed, *(f"{face}{typed}" for face in ("user:", "api:"))))

    async def page(
        self, platform_id: str, query: TrailQuery, after: TrailPosition | None = None, *, limit: int = 50
    ) -> TrailPage:
        """See ``TrailSearch.page``."""
        return await self._search.page(platform_id, query, after, limit=limit)

    async def standing(self, platform_id: str) -> ChainStanding:
        return await self._search.standing(platform_id)

    # --- handing out ----------------------------------------------------------------------------------------------
    async def export(self, platform_id: str, query: TrailQuery, actor: Actor, form: str) -> AsyncIterator[AuditEntry]:
        """The entries, oldest first, after the export itself has been written into the trail.

        InvalidRequest where neither a subject nor a period bounds it.
        """
        if query.subject is None and (query.since is None or query.until is None):
            raise InvalidRequest("Name a case, or the days from and to which the trail is wanted.")
        asked = {name: str(value) for name, value in asdict(query).items() if value is not None}
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            await audit.add_entry(
                tx, platform_id, actor, "trail.exported", f"platform:{platform_id}", now,
                {**asked, "form": form}, after={**asked, "form": form},
            )  # fmt: skip
        return self._search.through(platform_id, query, most=EXPORTED_AT_MOST)

    # --- verifying ------------------------------------------------------------------------------------------------
    async def ask_for_verification(self, platform_id: str, actor: Actor) -> uuid.UUID:
        """A worker walks the chain; Conflict while one is under way."""
        return await self._verifications.ask(platform_id, actor, self._clock.now())

    async def verifications(self, platform_id: str) -> tuple[Verification, ...]:
        """The newest twenty, newest first."""
        return await self._verifications.newest(platform_id)

    async def look(self) -> int:
        """One round of a worker: walk what was asked for; how many were walked."""
        walked = 0
        while (one := await self._verifications.take(self._clock.now())) is not None:
            await self._walk(one)
            walked += 1
        return walked

    async def _walk(self, one: Verification) -> None:
        noted = time.monotonic()

        async def progress(position: int) -> None:
            nonlocal noted
            if time.monotonic() - noted >= _NOTED_EVERY:
                noted = time.monotonic()
                await self._verifications.note(one, position, self._clock.now())

        try:
            report = await self._trail.verify(one.platform_id, progress=progress)
        except PrereviewError as error:
            log.error("a verification of the audit trail failed", platform=one.platform_id, detail=error.detail)
            await self._verifications.end(one, None, None, PREREVIEW_JOB, self._clock.now())
            return
        await self._verifications.end(one, report.sound, _kept(report), PREREVIEW_JOB, self._clock.now())


def _kept(report: TrailReport) -> Mapping[str, Any]:
    """What is kept of a report on one platform: nothing of where files lie."""
    found = report.platforms[0] if report.platforms else None
    findings = (*report.findings, *(found.findings if found else ()))
    return {
        **(_reach(found) if found else {"position": 0}),
        "outside": report.outside is not None,
        "keys": list(report.keys),
        "findings": [
            {
                "kind": one.kind.value,
                "first": one.first,
                "last": one.last,
                "subject": one.subject,
                "detail": one.detail,
            }
            for one in findings
        ],
        "findings_in_all": len(report.findings) + (found.findings_in_all if found else 0),
    }


def _reach(found: PlatformTrail) -> dict[str, Any]:
    return {
        "entries": found.entries,
        "position": found.position,
        "covered_to": found.covered_to,
        "covered_at": found.covered_at.isoformat() if found.covered_at else None,
        "uncovered": found.uncovered,
        "unchained": found.unchained,
    }
