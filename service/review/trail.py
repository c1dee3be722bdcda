"""The audit trail at work: entries are chained behind the transactions, heads signed and kept outside, all verified."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from service.domain.clock import Clock
from service.domain.errors import NotFound, PrereviewError
from service.domain.trail import Checkpoint
from service.review.trail_verification import ChainWalk, Finding, FindingKind, Found, heads_of
from service.store import (
    ChangedDecision,
    CheckpointFiles,
    CheckpointKey,
    CheckpointRule,
    Differing,
    Kept,
    PublicKey,
    Store,
    Told,
    kept_outside,
)

log = structlog.get_logger(__name__)

_UNCHAINED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailStanding:
    """How far the chains lag, over all platforms. Ages in seconds; 0 where nothing waits.

    ``overdue``: an entry is unchained, or a checkpoint not kept outside, for longer than the bound. ``problem``: why
    this process could not chain or keep; None where it could.
    """

    unchained: int
    oldest_unchained_seconds: float
    oldest_unkept_seconds: float
    bound_seconds: float
    problem: str | None = None

    @property
    def overdue(self) -> bool:
        return max(self.oldest_unchained_seconds, self.oldest_unkept_seconds) > self.bound_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformTrail:
    """What verifying one platform's chain found.

    ``covered_to``: up to this position no change can have gone unnoticed, by a checkpoint of ``covered_at``;
    ``unsealed``: entries from before there were seals, of which it is not proved that the service wrote them.
    ``uncovered``: later entries, which link up but could be rewritten or cut off without a trace until the next one.
    """

    platform: str
    entries: int
    position: int
    covered_to: int
    covered_at: datetime | None
    uncovered: int
    unsealed: int
    unchained: int
    oldest_unchained_at: datetime | None
    findings: tuple[Finding, ...]
    findings_in_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailReport:
    """``outside``: where checkpoints outside the database were read; None where only its own were to be had.

    ``findings``: what concerns no single platform. ``notes``: what a reader should know and is no finding.
    """

    sound: bool
    outside: str | None
    keys: tuple[str, ...]
    platforms: tuple[PlatformTrail, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


class Trail:
    """``bound``: how long an entry may stay unchained, or a checkpoint in the database alone, before it shows."""

    def __init__(
        self,
        store: Store,
        key: CheckpointKey,
        files: CheckpointFiles,
        clock: Clock,
        rule: CheckpointRule,
        bound: timedelta,
    ) -> None:
        self._store = store
        self._key = key
        self._files = files
        self._clock = clock
        self._rule = rule
        self._bound = bound
        self._unsigned: set[str] | None = None
        self._problem: str | None = None
        self.seen: TrailStanding | None = None
        """As it was last looked at, for whoever cannot wait."""

    # --- chaining ---------------------------------------------------------------------------------------------
    async def tend(self) -> int:
        """One round: chain what is committed, sign what is due, keep it outside; how many entries were chained.

        A platform whose chain was cut short is left alone; the others go on.
        """
        if self._unsigned is None:
            self._unsigned = set(await self._store.trail.platforms())
        chained = 0
        problems = []
        waiting = [each.platform_id for each in await self._store.trail.waiting()]
        for platform_id in sorted({*waiting, *self._unsigned}):
            try:
                chained += await self._tend(platform_id)
            except PrereviewError as error:
                log.error("the audit chain could not be tended", platform=platform_id, detail=error.detail)
                problems.append(error.detail)
        self._problem = "; ".join(problems) or None
        return chained

    async def _tend(self, platform_id: str) -> int:
        assert self._unsigned is not None
        chained = 0
        while fresh := await self._store.trail.extend(platform_id):
            chained += fresh
        self._unsigned.add(platform_id)
        now = self._clock.now()
        signed = await self._store.trail.sign(platform_id, self._key, self._rule, now)
        await self._store.trail.keep_outside(platform_id, self._files, now)
        if signed:
            self._unsigned.discard(platform_id)
        return chained

    async def standing(self) -> TrailStanding:
        """How far chaining and keeping lag now."""
        waiting = await self._store.trail.waiting()
        unkept = await self._store.trail.unkept_since()
        now = self._clock.now()
        self.seen = TrailStanding(
            unchained=sum(each.count for each in waiting),
            oldest_unchained_seconds=_age(now, [each.oldest_at for each in waiting if each.oldest_at is not None]),
            oldest_unkept_seconds=_age(now, list(unkept.values())),
            bound_seconds=self._bound.total_seconds(),
            problem=self._problem,
        )
        return self.seen

    # --- verifying --------------------------------------------------------------------------------------------
    def public_key(self) -> str:
        """The key checkpoints are signed for, in PEM; an auditor keeps it elsewhere."""
        return self._key.public.pem()

    async def verify(
        self,
        platform_id: str | None = None,
        *,
        outside: str | None = None,
        keys: Sequence[bytes] = (),
        progress: Callable[[int], Awaitable[None]] | None = None,
    ) -> TrailReport:
        """Hold the stored chains against themselves and against checkpoints.

        ``outside``: file, folder or URL of the checkpoints kept outside (default: where this deployment keeps them).
        ``keys``: PEM texts that are trusted instead of this deployment's own key. ``progress``: told the position
        reached, again and again. NotFound for an unknown platform, or where ``outside`` was named and holds nothing.
        """
        trusted = [PublicKey.from_pem(text) for text in keys] or [self._key.public]
        notes: list[str] = []
        # What is written outside meanwhile must be missed on neither side: the database is asked before and after.
        earlier = {name: await self._store.trail.checkpoints(name) for name in await self._store.trail.platforms()}
        kept = await self._kept(outside, notes)
        general = Found()
        if not await self._store.trail.guarded():
            general.add(
                Finding(
                    kind=FindingKind.GUARD_OFF,
                    detail="the database no longer refuses to change or delete audit entries: the triggers "
                    "audit_guard and audit_guard_all are missing or disabled",
                )
            )
        sound: dict[str, list[Checkpoint]] = {}
        for each in kept or ():
            if each.checkpoint is None:
                notes.append(f"{each.where} is no checkpoint and was passed over")
            elif platform_id not in (None, each.checkpoint.platform_id):
                sound.setdefault(each.checkpoint.platform_id, [])
            elif _trusted(each.checkpoint, trusted, each.where, general):
                sound.setdefault(each.checkpoint.platform_id, []).append(each.checkpoint)
        names = sorted({*await self._store.trail.platforms(), *sound})
        if platform_id is not None and platform_id not in names:
            raise NotFound(f"there is no platform {platform_id!r} here, nor a checkpoint of one")
        chosen = names if platform_id is None else [platform_id]
        found = []
        for name in chosen:
            said = None if kept is None else {one.position for one, outside_too in earlier.get(name, ()) if outside_too}
            found.append(await self._verify(name, sound.get(name, []), said, trusted, progress))
        notes += [
            f"{one.platform}: entries from before entries were sealed: {one.unsealed}. That nobody wrote them past the "
            "service rests on the checkpoints alone"
            for one in found
            if one.unsealed
        ]
        if self._store.trail.seals is None:
            notes.append("the key of the seals is not known here: who wrote the entries was not looked at")
        return TrailReport(
            sound=general.count == 0 and all(each.findings_in_all == 0 for each in found),
            outside=None if kept is None else outside or self._files.url,
            keys=tuple(key.key_id for key in trusted),
            platforms=tuple(found),
            findings=tuple(general.listed),
            notes=tuple(notes),
        )

    async def _kept(self, outside: str | None, notes: list[str]) -> list[Kept] | None:
        try:
            return await asyncio.to_thread(lambda: list(kept_outside(outside or self._files.url)))
        except NotFound:
            if outside is not None:
                raise
            notes.append(
                f"no checkpoints are kept at {self._files.url}: only the database's own were compared, which whoever "
                "can change entries can change as well"
            )
            return None

    async def _decisions(self, platform_id: str, found: Found) -> None:
        """Decisions and the policies they are made under are stored beside the trail, which holds their hashes."""
        for one in await self._store.trail.changed_decisions(platform_id):
            found.add(_changed(one))
        for policy in await self._store.trail.changed_policies(platform_id):
            what = "was told of by nobody" if policy.untold else "is not, in text or time, the one that was signed"
            found.add(
                Finding(
                    kind=FindingKind.POLICY_CHANGED,
                    first=policy.position,
                    last=policy.position,
                    subject=f"policy:{policy.version}",
                    detail=f"policy version {policy.version} {what}",
                )
            )

    async def _verify(
        self,
        platform_id: str,
        outside: Sequence[Checkpoint],
        said: set[int] | None,
        trusted: Sequence[PublicKey],
        progress: Callable[[int], Awaitable[None]] | None,
    ) -> PlatformTrail:
        """``said``: positions the database says are kept outside; None where that cannot be looked at."""
        own = [one for one, _ in await self._store.trail.checkpoints(platform_id)]
        found = Found()
        valid = [one for one in own if _trusted(one, trusted, f"in the database at {one.position}", found)]
        if said is not None:
            _compare(platform_id, {one.position for one in own}, said, {one.position for one in outside}, found)
        heads = heads_of([*outside, *valid], found)
        unchained = await self._store.trail.unchained(platform_id, _UNCHAINED)
        walk = ChainWalk(platform_id, heads, self._store.trail.seals)
        async for batch in self._store.trail.stored(platform_id):
            walk.feed(batch)
            await asyncio.sleep(0)
            if progress is not None:
                await progress(walk.position)
        walk.finish()
        walk.feed_unchained(unchained)
        await self._decisions(platform_id, walk.found)
        for one in await self._store.trail.differing(platform_id):
            walk.found.add(_differs(one))
        waiting = next((one for one in await self._store.trail.waiting() if one.platform_id == platform_id), None)
        covering = set(heads) if said is None else {one.position for one in outside}
        covered = max((p for p in covering if walk.covered and p <= walk.covered.position), default=0)
        return PlatformTrail(
            platform=platform_id,
            entries=walk.entries,
            position=walk.position,
            covered_to=covered,
            covered_at=heads[covered].at if covered else None,
            uncovered=max(0, walk.position - covered),
            unsealed=walk.before_seals,
            unchained=waiting.count if waiting else 0,
            oldest_unchained_at=waiting.oldest_at if waiting else None,
            findings=(*found.listed, *walk.found.listed),
            findings_in_all=found.count + walk.found.count,
        )


def _changed(one: ChangedDecision) -> Finding:
    state = "is gone" if one.gone else "is not the one that was made"
    return Finding(
        kind=FindingKind.DECISION_REMOVED if one.gone else FindingKind.DECISION_CHANGED,
        first=one.position,
        last=one.position,
        subject=one.subject,
        detail=f"assessment {one.assessment_id}, told of at this position, {state}",
    )


def _differs(one: Differing) -> Finding:
    kind, detail = _DIFFERENCES[one.what]
    return Finding(
        kind=kind,
        first=one.position,
        last=one.position,
        subject=one.subject,
        detail=detail.format(told=one.told, stored=one.stored),
    )


_DIFFERENCES = {
    Told.STATE: (FindingKind.STATE_CHANGED, "the case is {stored}; the trail last tells that it is {told}"),
    Told.GRANT: (FindingKind.GRANT_CHANGED, "the grant is of {stored}; the trail tells of {told}"),
    Told.GRANT_UNTOLD: (FindingKind.GRANT_CHANGED, "a grant of {stored} of which the trail tells nothing"),
    Told.GRANT_END: (FindingKind.GRANT_CHANGED, "the grant's end is {stored}; the trail tells of {told}"),
    Told.GRANT_PAID: (
        FindingKind.GRANT_CHANGED,
        "of the grant {stored} is paid, in minor units; the trail tells of {told}",
    ),
    Told.MODE: (FindingKind.MODE_CHANGED, "the platform's mode is {stored}; the trail last tells that it is {told}"),
    Told.KEY: (
        FindingKind.KEY_CHANGED,
        "the key's token, scopes, networks or end are not what the trail tells (stored {stored}, told {told})",
    ),
    Told.KEY_UNTOLD: (FindingKind.KEY_CHANGED, "a key of which the trail tells nothing, with the scopes {stored}"),
    Told.SEAL_TWICE: (FindingKind.SEAL_REPEATED, "{stored} bear one seal: an entry was copied"),
}


def _trusted(checkpoint: Checkpoint, keys: Sequence[PublicKey], where: str, found: Found) -> bool:
    key = next((key for key in keys if key.key_id == checkpoint.key_id), None)
    if key is None:
        found.add(
            Finding(
                kind=FindingKind.CHECKPOINT_UNKNOWN_KEY,
                first=checkpoint.position,
                last=checkpoint.position,
                detail=f"a checkpoint of {checkpoint.platform_id!r} ({where}) is signed with key {checkpoint.key_id}, "
                f"trusted are {', '.join(key.key_id for key in keys)}: the key was replaced, or it is forged",
            )
        )
        return False
    if not key.signed(checkpoint):
        found.add(
            Finding(
                kind=FindingKind.CHECKPOINT_FORGED,
                first=checkpoint.position,
                last=checkpoint.position,
                detail=f"a checkpoint of {checkpoint.platform_id!r} ({where}) does not bear the signature of key "
                f"{key.key_id}: it was forged or changed",
            )
        )
        return False
    return True


def _compare(platform_id: str, own: set[int], said: set[int], outside: set[int], found: Found) -> None:
    """What the database says was kept outside must be there, and the other way round."""
    for where, gone in (("outside", sorted(said - outside)), ("in the database", sorted(outside - own))):
        if gone:
            shown = ", ".join(map(str, gone[:10])) + (f" and {len(gone) - 10} more" if len(gone) > 10 else "")
            found.add(
                Finding(
                    kind=FindingKind.CHECKPOINT_REMOVED,
                    first=gone[0],
                    last=gone[-1],
                    detail=f"checkpoints of {platform_id!r} are missing {where}: at {shown}",
                )
            )


def _age(now: datetime, moments: list[datetime]) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
