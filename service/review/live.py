"""What changes while somebody looks at a page: one reading a second a process, whatever the number of browsers.

States are compared, not messages passed on: a browser says what it has seen (in its page's address, or as the last
event's id after a break), and hears of what is different now. So nothing is lost between two connections, whichever
process answers the second, and a slow browser costs nothing. An event has a kind and ids; the page asks for the rest.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

import structlog

from service.domain.certificate import Certificate
from service.domain.clock import Clock
from service.domain.errors import PrereviewError, Unavailable
from service.store import Connection, Platform, Store, live_state, queues
from service.store.live_state import CaseKey
from service.store.user_sessions import Sessions

log = structlog.get_logger(__name__)

MOST_OF_ONE, MOST_OF_PERSON, MOST_OF_PLATFORM, MOST_IN_ALL = 4, 12, 500, 1_000
"""Streams of one session and of one person (the oldest ends for a new one), of one platform and of one process."""
_SEEN = re.compile(r"([0-9a-f]{8}|-)\.([0-9a-f]{8}|-)\.(\d{1,9}|-)\.([0-9a-f]{8}|-)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds: between two looks, between two counts of queues and sessions, and without an event at most."""

    look: float = 1.0
    count: float = 5.0
    heartbeat: float = 15.0


class Kind(StrEnum):
    """BANNER: breaker, stop or certificate. QUEUES: their counts. CASE: the open case has a new version. LOCK: who has
    it. ENDED: the session is over. REPLACED: a newer stream of the session took this one's place."""

    BANNER = "banner"
    QUEUES = "queues"
    CASE = "case"
    LOCK = "lock"
    ENDED = "ended"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser shows, in short: digests, and the case's version; None where that is not known."""

    banner: str | None = None
    queues: str | None = None
    version: int | None = None
    lock: str | None = None

    def __str__(self) -> str:
        version = None if self.version is None else str(self.version)
        return ".".join(each or "-" for each in (self.banner, self.queues, version, self.lock))

    @classmethod
    def parse(cls, text: str) -> Seen | None:
        """Of an event's id; None for anything else."""
        found = _SEEN.match(text)
        if found is None:
            return None
        banner, counts, version, lock = (None if each == "-" else each for each in found.groups())
        return cls(banner, counts, None if version is None else int(version), lock)


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """``kind`` None: nothing happened, the connection lives. ``id``: what the browser has seen then."""

    kind: Kind | None
    id: str
    case_id: uuid.UUID | None = None
    version: int | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class _Watcher:
    platform_id: str
    login: str
    session_id: uuid.UUID
    case_id: uuid.UUID | None
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    now: Seen = Seen()
    ended: Kind | None = None


class LiveWatch:
    """One per process. ``clock``: the service's; ``sessions_clock``: the one sessions end by."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        certificate: Callable[[], Certificate | None],
        clock: Clock,
        sessions_clock: Clock,
        rhythm: Rhythm = Rhythm(),
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._certificate = certificate
        self._clock = clock
        self._sessions_clock = sessions_clock
        self._rhythm = rhythm
        self._watchers: list[_Watcher] = []
        self._poller: asyncio.Task[None] | None = None
        self._counts: dict[str, str] = {}
        self._counted_at = float("-inf")
        self._closed = False

    def close(self) -> None:
        """End every stream, so that the process can stop; browsers connect again, saying what they have seen."""
        self._closed = True
        for watcher in self._watchers:
            watcher.woken.set()

    def lapsed(self, platform: Platform) -> datetime | None:
        """Since when the certificate in service for a platform is out of date; None where it is not, or there is
        none."""
        found = self._certificate()
        if found is None or platform.id not in found.platforms or self._clock.now() < found.expires_at:
            return None
        return found.expires_at

    def banner_key(self, platform: Platform) -> str:
        """Changes with what the banner says."""
        breaker, stopped = platform.breaker, platform.stopped
        return _digest(platform.mode, breaker and breaker.at, stopped and stopped.at, self.lapsed(platform))

    def require_place(self, platform_id: str) -> None:
        """Unavailable where this process has as many streams as it may have, or the platform as many as it may."""
        of_platform = sum(each.platform_id == platform_id for each in self._watchers)
        if self._closed or len(self._watchers) >= MOST_IN_ALL or of_platform >= MOST_OF_PLATFORM:
            raise Unavailable("Too many pages are open here to be told of changes.", retry_after=60)

    async def events(
        self, *, platform_id: str, login: str, session_id: uuid.UUID, case_id: uuid.UUID | None, seen: Seen
    ) -> AsyncIterator[LiveEvent]:
        """What is different from ``seen``, and from then on; until the session, which is ``login``'s, ends."""
        watcher = self._join(platform_id, login, session_id, case_id)
        try:
            while True:
                try:
                    async with asyncio.timeout(self._rhythm.heartbeat):
                        await watcher.woken.wait()
                except TimeoutError:
                    yield LiveEvent(None, str(seen))
                    continue
                watcher.woken.clear()
                if self._closed:
                    return
                news, seen = _news(seen, watcher.now)
                for kind, so_far in news:
                    yield LiveEvent(kind, str(so_far), watcher.case_id, so_far.version)
                if watcher.ended is not None:
                    yield LiveEvent(watcher.ended, str(seen))
                    return
        finally:
            self._leave(watcher)

    def _join(self, platform_id: str, login: str, session_id: uuid.UUID, case_id: uuid.UUID | None) -> _Watcher:
        # Signing in again and again is free: what one person may have open is counted over all their sessions.
        person = (platform_id, login)
        theirs = [each for each in self._watchers if (each.platform_id, each.login) == person and each.ended is None]
        own = [each for each in theirs if each.session_id == session_id]
        for each in (*own[: max(0, len(own) - MOST_OF_ONE + 1)], *theirs[: max(0, len(theirs) - MOST_OF_PERSON + 1)]):
            _end(each, Kind.REPLACED)
        watcher = _Watcher(platform_id=platform_id, login=login, session_id=session_id, case_id=case_id)
        self._watchers.append(watcher)
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())
        return watcher

    def _leave(self, watcher: _Watcher) -> None:
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    async def _poll(self) -> None:
        while self._watchers:
            try:
                await self._look()
            except PrereviewError as error:  # the next look may find the database back
                log.warning("pages could not be told what changed", detail=error.detail)
            except Exception as error:
                log.error("pages could not be told what changed", error=repr(error))
            await asyncio.sleep(self._rhythm.look)

    async def _look(self) -> None:
        watchers = list(self._watchers)
        ids = {each.platform_id for each in watchers}
        wanted: set[CaseKey] = {(each.platform_id, each.case_id) for each in watchers if each.case_id is not None}
        counting = asyncio.get_running_loop().time() - self._counted_at >= self._rhythm.count or not ids <= set(
            self._counts
        )
        async with self._store.reading() as connection:
            found = await live_state.platforms_now(connection, ids)
            opened = await live_state.cases_now(connection, wanted, self._clock.now()) if wanted else {}
            if counting:
                await self._count(connection, ids)
        if counting:
            sessions = {(each.platform_id, each.session_id) for each in watchers}
            alive = await self._sessions.alive(sessions, self._sessions_clock.now())
            for watcher in watchers:
                if (watcher.platform_id, watcher.session_id) not in alive:
                    _end(watcher, Kind.ENDED)
        banners = {platform_id: self.banner_key(platform) for platform_id, platform in found.items()}
        for watcher in watchers:
            self._tell(watcher, banners, opened)

    async def _count(self, connection: Connection, ids: set[str]) -> None:
        self._counted_at = asyncio.get_running_loop().time()
        self._counts = {
            platform_id: _digest(*await queues.glances(connection, platform_id, self._clock.now()))
            for platform_id in sorted(ids)
        }

    def _tell(self, watcher: _Watcher, banners: dict[str, str], opened: dict[CaseKey, live_state.CaseState]) -> None:
        case = opened.get((watcher.platform_id, watcher.case_id)) if watcher.case_id is not None else None
        now = Seen(
            banner=banners.get(watcher.platform_id),
            queues=self._counts.get(watcher.platform_id),
            version=case.version if case is not None else None,
            lock=lock_key(watcher.case_id, case.holder) if case is not None else None,
        )
        if now != watcher.now:
            watcher.now = now
            watcher.woken.set()


def lock_key(case_id: uuid.UUID | None, holder: str | None) -> str:
    """Changes with who has a case, and does not say who."""
    return _digest(case_id, holder)


def _end(watcher: _Watcher, why: Kind) -> None:
    watcher.ended = watcher.ended or why
    watcher.woken.set()


def _news(seen: Seen, now: Seen) -> tuple[list[tuple[Kind, Seen]], Seen]:
    """Each difference with what has been seen after it, and what has been seen after all. What a browser has not said
    is taken as shown."""
    news: list[tuple[Kind, Seen]] = []
    for kind, name in ((Kind.BANNER, "banner"), (Kind.CASE, "version"), (Kind.LOCK, "lock"), (Kind.QUEUES, "queues")):
        before, after = getattr(seen, name), getattr(now, name)
        if after is None or before == after:
            continue
        seen = replace(seen, **{name: after})
        if before is not None:
            news.append((kind, seen))
    return news, seen


def _digest(*what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:8]
