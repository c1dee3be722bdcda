"""Outages: declared by a person or noticed by a jump; their claims are grouped, and decided together if one says so."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from service.domain.actors import Actor, ActorKind, two_people
from service.domain.clock import Clock
from service.domain.errors import InvalidRequest, PrereviewError
from service.domain.identifiers import new_id
from service.domain.incidents import Incident, Jump, Struck
from service.domain.queues import WAITING
from service.policy import incidents as judging
from service.store import Store
from service.store import incidents as stored

log = structlog.get_logger(__name__)

LOOK = Actor(ActorKind.JOB, "incidents")
_FIRST_LOOK = timedelta(days=1)
# Claims that were being written at the last look, and two processes' clocks.
_OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of each case; ``refused``: case → the sentence why not. ``left``: not looked at yet."""

    done: tuple[uuid.UUID, ...]
    refused: dict[uuid.UUID, str]
    left: int


class Incidents:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def declare(
        self, platform_id: str, struck: Struck, struck_id: str, began_at: datetime, reason: str, actor: Actor
    ) -> Incident:
        """A person says that something is out since ``began_at``: its claims are grouped at once, and kept out of their
        accounts' history once another person confirms it. InvalidRequest, Conflict where it is known."""
        now = self._clock.now()
        if not now - timedelta(days=30) <= began_at <= now:
            raise InvalidRequest("began_at must lie in the last 30 days and not in the future.")
        incident = Incident(
            id=new_id(),
            platform_id=platform_id,
            struck=struck,
            struck_id=platform_id if struck is Struck.PLATFORM else struck_id,
            began_at=began_at,
            ended_at=None,
            reason=reason,
            noticed=False,
            confirmed_at=None,
            dismissed_at=None,
            actor=actor,
            recorded_at=now,
        )
        async with self._store.transaction() as tx:
            await stored.add(tx, incident)
            await stored.attach(tx, platform_id, began_at)
        return incident

    async def incident(self, platform_id: str, incident_id: uuid.UUID) -> Incident:
        async with self._store.reading() as connection:
            return await stored.get(connection, platform_id, incident_id)

    async def listed(self, platform_id: str, *, going_on: bool = False) -> tuple[Incident, ...]:
        async with self._store.reading() as connection:
            return await stored.listed(connection, platform_id, going_on=going_on)

    async def cases(
        self, platform_id: str, incident_id: uuid.UUID, *, at_most: int | None = None
    ) -> tuple[uuid.UUID, ...]:
        """Its live cases, oldest first."""
        async with self._store.reading() as connection:
            return await stored.case_ids(connection, platform_id, incident_id, at_most=at_most)

    async def confirm(self, platform_id: str, incident_id: uuid.UUID, reason: str, actor: Actor) -> Incident:
        """From now on its claims count against nobody. Conflict for whoever declared it: one person alone could wipe
        the refunds of a month out of every account's history."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            incident = await stored.get(tx, platform_id, incident_id)
            if not incident.noticed:
                two_people(incident.actor, actor, "an outage is declared")
            await stored.confirm(tx, incident, actor, reason, now)
            await stored.attach(tx, platform_id, incident.began_at)
            await stored.keep_apart(tx, platform_id, now)
            return await stored.get(tx, platform_id, incident_id)

    async def dismiss(self, platform_id: str, incident_id: uuid.UUID, reason: str, actor: Actor) -> Incident:
        async with self._store.transaction() as tx:
            incident = await stored.get(tx, platform_id, incident_id)
            await stored.dismiss(tx, incident, actor, reason, self._clock.now())
            return await stored.get(tx, platform_id, incident_id)

    async def end(
        self, platform_id: str, incident_id: uuid.UUID, ended_at: datetime, reason: str, actor: Actor
    ) -> Incident:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            incident = await stored.get(tx, platform_id, incident_id)
            if not incident.began_at <= ended_at <= now:
                raise InvalidRequest("ended_at must lie between the incident's beginning and now.")
            await stored.end(tx, incident, actor, ended_at, reason, now)
            return await stored.get(tx, platform_id, incident_id)

    async def decide_all(
        self,
        platform_id: str,
        incident_id: uuid.UUID,
        decide: Callable[[uuid.UUID], Awaitable[object]],
        *,
        at_most: int = 200,
    ) -> BulkOutcome:
        """``decide`` for its cases that wait for a person, oldest first; one that is refused holds up no other."""
        await self.incident(platform_id, incident_id)
        done: list[uuid.UUID] = []
        refused: dict[uuid.UUID, str] = {}
        async with self._store.reading() as connection:
            waiting = await stored.case_ids(connection, platform_id, incident_id, states=WAITING)
        for case_id in waiting[:at_most]:
            try:
                await decide(case_id)
                done.append(case_id)
            except PrereviewError as error:
                refused[case_id] = error.detail
            await asyncio.sleep(0)
        return BulkOutcome(tuple(done), refused, len(waiting[at_most:]))

    async def look(self) -> None:
        """The job's round: new claims into the incidents that strike them, and jumps noticed. All platforms."""
        for platform in await self._store.platforms():
            await self._look_at(platform.id, self._clock.now())

    async def _look_at(self, platform_id: str, now: datetime) -> None:
        """From the narrowest to the widest: a product that fails must not sweep up all its seller's claims."""
        async with self._store.reading() as connection:
            last = await stored.looked_to(connection, platform_id)
        await self._gather(platform_id, now - _FIRST_LOOK if last is None else min(last, now) - _OVERLAP, now)
        for struck in (Struck.PRODUCT, Struck.SELLER, Struck.SUPPLIER):
            async with self._store.reading() as connection:
                found = await stored.jumps(connection, platform_id, struck, now, judging.AT_LEAST)
                known = {
                    (each.struck, each.struck_id)
                    for each in await stored.listed(connection, platform_id)
                    if each.ended_at is None or each.ended_at > now - timedelta(hours=1)
                }
            noticed = [
                jump for jump in found if judging.is_incident(jump) and (jump.struck, jump.struck_id) not in known
            ]
            for jump in noticed:
                await self._notice(platform_id, jump, now)
            if noticed:
                await self._gather(platform_id, min(jump.first_at for jump in noticed), now)

    async def _gather(self, platform_id: str, since: datetime, now: datetime) -> None:
        async with self._store.transaction() as tx:
            await stored.attach(tx, platform_id, since)
            await stored.keep_apart(tx, platform_id, since)
            await stored.note_looked(tx, platform_id, now)

    async def _notice(self, platform_id: str, jump: Jump, now: datetime) -> None:
        reason = f"{jump.count} accounts claimed within an hour, where {jump.usual:.1f} claims are usual"
        incident = Incident(
            id=new_id(),
            platform_id=platform_id,
            struck=jump.struck,
            struck_id=jump.struck_id,
            began_at=jump.first_at,
            ended_at=None,
            reason=reason,
            noticed=True,
            confirmed_at=None,
            dismissed_at=None,
            actor=LOOK,
            recorded_at=now,
        )
        async with self._store.transaction() as tx:
            await stored.add(tx, incident)
        log.warning("a jump of claims was noticed", platform=platform_id, struck=jump.struck.value, count=jump.count)
