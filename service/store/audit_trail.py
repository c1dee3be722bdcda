"""The audit trail's part of the store: chaining, checkpoints, and the chain as it is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.trail import Checkpoint, TrailSeals
from service.store import chain, checkpoints, trail_comparison
from service.store.chain import Chain, ChangedDecision, ChangedPolicy, StoredLink, Unchained
from service.store.checkpoints import CheckpointFiles, CheckpointKey
from service.store.database import Database
from service.store.trail_comparison import Differing


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRule:
    """A checkpoint is due after so many entries, or so much time with at least one."""

    entries: int = 1_000
    within: timedelta = timedelta(minutes=5)


class AuditTrail:
    """Of every platform of a deployment. Unavailable as for every method of the store."""

    def __init__(self, database: Database, seals: TrailSeals | None = None) -> None:
        self.seals = seals
        self._database = database
        self._chain = Chain(database)

    async def extend(self, platform_id: str) -> int | None:
        """See ``Chain.extend``."""
        return await self._chain.extend(platform_id)

    async def waiting(self) -> tuple[Unchained, ...]:
        async with self._database.reading() as connection:
            return await chain.waiting(connection)

    async def platforms(self) -> tuple[str, ...]:
        async with self._database.reading() as connection:
            return await chain.chained_platforms(connection)

    async def guarded(self) -> bool:
        """Whether the database still refuses to change or delete entries."""
        async with self._database.reading() as connection:
            return await chain.guarded(connection)

    async def stored(self, platform_id: str) -> AsyncIterator[Sequence[StoredLink]]:
        """The chain in order, in batches."""
        async with self._database.reading() as connection:
            async for batch in chain.stored(connection, platform_id):
                yield batch

    async def unchained(self, platform_id: str, limit: int) -> Sequence[StoredLink]:
        """Entries that have no place yet."""
        async with self._database.reading() as connection:
            return await chain.unchained(connection, platform_id, limit)

    async def differing(self, platform_id: str) -> tuple[Differing, ...]:
        """Where states, grants, modes or keys are not what the trail last told of them."""
        async with self._database.transaction() as tx:
            return await trail_comparison.differing(tx, platform_id)

    async def changed_decisions(self, platform_id: str) -> tuple[ChangedDecision, ...]:
        """Assessments that are not what the trail says they are, at most a thousand."""
        async with self._database.transaction() as tx:
            return tuple([one async for one in chain.changed_decisions(tx, platform_id)])

    async def changed_policies(self, platform_id: str) -> tuple[ChangedPolicy, ...]:
        """Signed policies that are not what the trail says they are, at most a thousand."""
        async with self._database.transaction() as tx:
            return tuple([one async for one in chain.changed_policies(tx, platform_id)])

    async def sign(self, platform_id: str, key: CheckpointKey, rule: CheckpointRule, now: datetime) -> bool:
        """Sign the chain's head if a checkpoint is due; False where entries are left without one."""
        async with self._database.transaction() as tx:
            if not await chain.lock(tx, platform_id):
                return False
            head = await chain.head(tx, platform_id)
            last = await checkpoints.last(tx, platform_id)
            fresh = head.position - (last.position if last else 0)
            if fresh <= 0:
                return True
            if last is not None and fresh < rule.entries and now - last.at < rule.within:
                return False
            checkpoint = Checkpoint(
                platform_id=platform_id, position=head.position, entry_sha256=head.hash.hex(), at=now, key_id=""
            )
            await checkpoints.add(tx, key.sign(checkpoint))
        return True

    async def keep_outside(self, platform_id: str, files: CheckpointFiles, now: datetime) -> int:
        """Write what is not outside yet, in order; how many. Unavailable where it cannot be written."""
        written = 0
        async with self._database.transaction() as tx:
            if not await chain.lock(tx, platform_id):
                return 0
            for checkpoint in await checkpoints.unkept(tx, platform_id):
                await files.add(checkpoint)
                await checkpoints.note_kept(tx, checkpoint, now)
                written += 1
        return written

    async def unkept_since(self) -> Mapping[str, datetime]:
        async with self._database.reading() as connection:
            return await checkpoints.unkept_since(connection)

    async def checkpoints(self, platform_id: str) -> tuple[tuple[Checkpoint, bool], ...]:
        """(checkpoint, whether it is said to be kept outside) as the database has them, by position."""
        async with self._database.reading() as connection:
            waiting = {one.position for one in await checkpoints.unkept(connection, platform_id, limit=1_000_000)}
            found = await checkpoints.in_database(connection, platform_id)
        return tuple((one, one.position not in waiting) for one in found)
