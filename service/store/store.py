"""The store as the rest of the service sees it: one object, built once from addresses."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.claims import Claim
from service.domain.clock import Clock, SystemClock
from service.domain.history import EventKind, HistoryEvent
from service.domain.money import Money
from service.domain.reuse import LookedUp, Picture
from service.domain.trail import TrailSeals
from service.features.aggregates import Aggregate
from service.store import (
    acceptance,
    audit,
    case_moves,
    cases,
    decisions,
    evidence_records,
    history,
    keys,
    pictures,
    platforms,
    policies,
)
from service.store.acceptance import AcceptOutcome, AcceptRequest
from service.store.audit import AuditEntry
from service.store.audit_trail import AuditTrail
from service.store.case_moves import LockedCase, MoveRequest
from service.store.cases import CaseRecord
from service.store.casework import Casework
from service.store.database import Database
from service.store.decisions import DecideOutcome, DecideRequest
from service.store.evidence_files import EvidenceFiles
from service.store.evidence_records import KeptReading, NewEvidence
from service.store.imports import Imports
from service.store.jobs import Assess, Jobs, WorkerOptions
from service.store.keys import KeyRecord, KeyTerms
from service.store.learning_records import LearningRecords
from service.store.personal_data import PersonalData
from service.store.personal_data_sealing import Sealing
from service.store.platforms import Platform
from service.store.policies import PolicyVersion
from service.store.policy_life import PolicyLife
from service.store.policy_trials import TrialCases
from service.store.retention_standing import RetentionStandings

# An overdue case without a job is given a new one: its own may have failed for good, or been lost with its row.
_OVERDUE_GRACE = timedelta(minutes=2)


class Store:
    """Tables, evidence files and jobs of one deployment.

    Every method may raise Unavailable (the database or the disk does not answer) and recovers by itself. A method with
    a ``connection`` argument runs on it where one is given, e.g. to see its transaction's own changes. Times are the
    caller's, aware; SQL's now() is never asked.
    """

    def __init__(
        self,
        url: str,
        evidence_url: str,
        pool_size: int = 10,
        *,
        clock: Clock | None = None,
        sealing: Sealing | None = None,
        seals: TrailSeals | None = None,
    ) -> None:
        """``url``: of the database; ``evidence_url``: a folder or an fsspec URL; ``clock``: for the worker's rescue.

        Without ``sealing`` evidence is not encrypted, without ``seals`` audit entries are not sealed.
        """
        self.database = Database(url, pool_size=pool_size, seals=seals)
        self.files = EvidenceFiles(evidence_url, sealing)
        self.jobs = Jobs(self.database.conninfo)
        self.imports = Imports(self.database)
        self.learning = LearningRecords(self.database)
        self.casework = Casework(self.database, self.jobs)
        self.trail = AuditTrail(self.database, seals)
        self.personal_data = PersonalData(self.database, self.files)
        self.retention = RetentionStandings(self.database)
        self.policy_life = PolicyLife(self.database)
        self.trial_cases = TrialCases(self.database)
        self._clock = clock or SystemClock()
        self._known_actors: set[tuple[str, Actor]] = set()

    async def open(self) -> None:
        """Connect once, to fail early: Unavailable without database."""
        await self.ping()

    async def close(self) -> None:
        await self.database.close()

    async def ping(self) -> None:
        """Return if the database answers, else raise Unavailable."""
        async with self.database.reading() as connection:
            await connection.execute(sa.select(1))

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.database.transaction()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.database.reading()

    # -- claims and decisions

    async def accept(self, request: AcceptRequest) -> AcceptOutcome:
        """Transaction 1. Its files must have been written before."""
        async with self.transaction() as tx:
            await self._register(tx, request.platform_id, request.actor, request.now)
            outcome = await acceptance.accept(tx, self.jobs, request)
        self._known_actors.add((request.platform_id, request.actor))
        return outcome

    async def decide(self, request: DecideRequest) -> DecideOutcome:
        """Transaction 2. NotFound for a case the platform does not have."""
        async with self.transaction() as tx:
            await self._register(tx, request.platform_id, request.actor, request.now)
            outcome = await decisions.decide(tx, self.jobs, request)
        self._known_actors.add((request.platform_id, request.actor))
        return outcome

    async def lock_case(self, tx: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> LockedCase:
        """The case, locked until the caller's transaction ends; NotFound where the platform has none of this id."""
        return await case_moves.lock(tx, platform_id, case_id)

    async def move_case(self, tx: AsyncConnection, case: LockedCase, request: MoveRequest) -> LockedCase:
        """One move of a locked case. IllegalMove, StaleWrite."""
        await audit.register_actor(tx, case.platform_id, request.actor, request.now)
        return await case_moves.apply(tx, case, request)

    async def record_on_case(
        self,
        tx: AsyncConnection,
        case: LockedCase,
        kind: EventKind,
        occurred_at: datetime,
        recorded_at: datetime,
        *,
        amount: Money | None = None,
    ) -> None:
        """One of a case's own events into the history; each kind once a case."""
        event = history.case_event(kind, case.id, case.claim, occurred_at=occurred_at, amount=amount)
        await history.record_events(tx, case.platform_id, [event], recorded_at)

    async def load_case(self, platform_id: str, case_id: uuid.UUID) -> CaseRecord | None:
        async with self.reading() as connection:
            return await cases.load(connection, platform_id, case_id)

    async def case_by_number(self, platform_id: str, number: str) -> CaseRecord | None:
        async with self.reading() as connection:
            return await cases.load_by_number(connection, platform_id, number)

    async def find_case(self, reference: str) -> CaseRecord | None:
        """A case by id or number over all platforms: for the operator's commands, never for a platform's request."""
        async with self.reading() as connection:
            return await cases.find(connection, reference)

    async def pending_cases(self, now: datetime, limit: int = 1000) -> tuple[tuple[str, uuid.UUID], ...]:
        """(platform, case) of what is due by ``now`` and undecided, over all platforms, oldest first."""
        async with self.reading() as connection:
            return await cases.pending(connection, now, limit)

    async def audit_entries(self, platform_id: str, case_id: uuid.UUID) -> tuple[AuditEntry, ...]:
        """Everything done to a case, oldest first."""
        async with self.reading() as connection:
            return await audit.entries(connection, platform_id, audit.case_subject(case_id))

    async def _register(self, tx: AsyncConnection, platform_id: str, actor: Actor, now: datetime) -> None:
        # Remembered by the caller only after its commit: what is rolled back was not registered.
        if (platform_id, actor) not in self._known_actors:
            await audit.register_actor(tx, platform_id, actor, now)

    # -- evidence

    async def write_evidence(self, platform_id: str, data: bytes) -> str:
        """Store a file's bytes durably; returns their SHA-256 (hex)."""
        return await self.files.write(platform_id, data)

    async def read_evidence(self, platform_id: str, sha256: str) -> bytes:
        return await self.files.read(platform_id, sha256)

    async def order_evidence(
        self, connection: AsyncConnection | None, platform_id: str, order_number: str
    ) -> tuple[str, ...]:
        """Hashes of every file ever received for an order, in order of arrival."""
        return tuple(file.sha256 for file in await self.order_files(connection, platform_id, order_number))

    async def order_files(
        self,
        connection: AsyncConnection | None,
        platform_id: str,
        order_number: str,
        *,
        received_by: datetime | None = None,
    ) -> tuple[NewEvidence, ...]:
        """The same with size, type and name; ``received_by`` leaves out what came later."""
        async with self.database.reading_on(connection) as own:
            return await evidence_records.of_order(own, platform_id, order_number, received_by)

    async def look_up_pictures(
        self,
        platform_id: str,
        order_number: str,
        files: Sequence[Picture],
        as_of: datetime,
        now: datetime,
        *,
        seen_to: int | None = None,
    ) -> LookedUp:
        """Where else on the platform a claim's files were sent: same bytes, same facts, same picture.

        New files are recorded first, in a transaction of their own. With ``seen_to`` nothing is recorded and what a
        look-up saw then is seen again.
        """
        hashes = [file.sha256 for file in files]
        if seen_to is None:
            async with self.transaction() as tx:
                known = await pictures.known(tx, platform_id, hashes)
                # What could not be read is recorded when it can be.
                fresh = [file for file in files if file.sha256 not in known and file.found_by]
                locked = [key for file in files for key in file.fact_keys]
                seen_to = await pictures.record(tx, platform_id, fresh, locked, now)
        async with self.reading() as connection:
            own = tuple((await pictures.known(connection, platform_id, hashes)).values())
            found = await pictures.same_bytes(
                connection, platform_id, order_number, hashes, seen_to=seen_to, as_of=as_of
            )
            for file in files:
                found.setdefault(file.sha256, []).extend(
                    await pictures.sharing(
                        connection, platform_id, order_number, file, own=own, seen_to=seen_to, as_of=as_of
                    )
                )
        return LookedUp(seen_to=seen_to, sightings={sha256: tuple(sightings) for sha256, sightings in found.items()})

    async def forget_pictures(self, platform_id: str, sha256s: Sequence[str]) -> int:
        """Take away what files are found again by; to be called before their evidence is deleted."""
        async with self.transaction() as tx:
            return await pictures.forget(tx, platform_id, sha256s)

    async def find_readings(
        self,
        platform_id: str,
        sha256s: Sequence[str],
        reader_version: str,
        *,
        connection: AsyncConnection | None = None,
    ) -> dict[str, KeptReading]:
        """sha256 → what this reader made of it, for files it has read on this platform."""
        async with self.database.reading_on(connection) as own:
            return await evidence_records.find_readings(own, platform_id, sha256s, reader_version)

    async def save_reading(
        self, platform_id: str, sha256: str, reader_version: str, reading: KeptReading, at: datetime
    ) -> None:
        """The first reading of a version stands; one that failed for a passing reason is not kept."""
        async with self.transaction() as tx:
            await evidence_records.save_reading(tx, platform_id, sha256, reader_version, reading, at)

    # -- history

    async def history(
        self,
        connection: AsyncConnection | None,
        claim: Claim,
        as_of: datetime,
        aggregates: tuple[Aggregate, ...],
        *,
        without_case: uuid.UUID | None = None,
    ) -> dict[str, float | None]:
        """Aggregate name → its number as known at ``as_of``; None where the claim has no such entity.

        ``without_case``: leaves out that case's own events.
        """
        async with self.database.reading_on(connection) as own:
            return await history.aggregate(own, claim, as_of, aggregates, without_case=without_case)

    async def record_events(
        self, platform_id: str, events: Sequence[HistoryEvent], recorded_at: datetime
    ) -> tuple[int, int]:
        """(accepted, duplicates); all or nothing, and sending again changes nothing."""
        async with self.transaction() as tx:
            return await history.record_events(tx, platform_id, events, recorded_at)

    async def load_history(self, platform_id: str, events: Iterable[tuple[HistoryEvent, datetime]]) -> int:
        """COPY (event, recorded_at) into the history: a first filling, without duplicates; returns how many."""
        async with self.transaction() as tx:
            return await history.load_history(tx, platform_id, events)

    # -- platforms, policies, keys

    async def add_platform(self, platform: Platform, actor: Actor) -> bool:
        """True if it is new; one that exists stays as it is."""
        async with self.transaction() as tx:
            return await platforms.add(tx, platform, actor)

    async def platform(self, platform_id: str) -> Platform | None:
        async with self.reading() as connection:
            return await platforms.get(connection, platform_id)

    async def platforms(self) -> tuple[Platform, ...]:
        async with self.reading() as connection:
            return await platforms.listed(connection)

    async def trip_breaker(self, platform_id: str, reason: str, actor: Actor, now: datetime) -> bool:
        """Nothing is approved from the next decision on; True if the breaker was not tripped before."""
        async with self.transaction() as tx:
            return await platforms.trip(tx, platform_id, reason, actor, now)

    async def reset_breaker(
        self, platform_id: str, reason: str, actor: Actor, approved_by: Actor, now: datetime
    ) -> None:
        """Conflict where it is not tripped, or where one person would be both."""
        async with self.transaction() as tx:
            await platforms.reset_breaker(tx, platform_id, reason, actor, approved_by, now)

    async def add_policy(self, policy: PolicyVersion) -> bool:
        """Set a platform up under the operator's own signature; True if new, Conflict where it has another text."""
        async with self.transaction() as tx:
            return await policies.add_signed(tx, policy)

    async def policy_at(self, platform_id: str, moment: datetime) -> PolicyVersion | None:
        """The version in force at a moment."""
        async with self.reading() as connection:
            return await policies.policy_at(connection, platform_id, moment)

    async def platform_in_force(self, platform_id: str, moment: datetime) -> tuple[Platform, PolicyVersion] | None:
        """A platform as it is now with its policy in force at ``moment``, in one look; None where either is missing."""
        async with self.reading() as connection:
            return await policies.in_force(connection, platform_id, moment)

    async def policy_version(self, platform_id: str, version: str) -> PolicyVersion | None:
        async with self.reading() as connection:
            return await policies.policy_version(connection, platform_id, version)

    async def create_key(
        self,
        platform_id: str,
        name: str,
        scopes: Iterable[str],
        actor: Actor,
        now: datetime,
        terms: KeyTerms = KeyTerms(),  # noqa: B008  frozen
    ) -> tuple[KeyRecord, str]:
        """The record and the token, which is shown this once."""
        async with self.transaction() as tx:
            return await keys.create(tx, platform_id, name, scopes, actor, now, terms)

    async def rotate_key(
        self, platform_id: str, key_id: uuid.UUID, overlap: timedelta, actor: Actor, now: datetime
    ) -> tuple[KeyRecord, str]:
        """A successor and its token; the old key ends after ``overlap``. NotFound, Conflict."""
        async with self.transaction() as tx:
            return await keys.rotate(tx, platform_id, key_id, overlap, actor, now)

    async def authenticate(self, token: str, now: datetime | None = None) -> KeyRecord | None:
        """The live key of a token, or None. With ``now`` the use is noted, once a minute at most."""
        async with self.reading() as connection:
            record = await keys.authenticate(connection, token, now or self._clock.now())
            if record is not None and now is not None and not keys.use_is_noted(record, now):
                await keys.note_use(connection, record, now)
            return record

    async def revoke_key(self, platform_id: str, key_id: uuid.UUID, actor: Actor, now: datetime) -> None:
        async with self.transaction() as tx:
            await keys.revoke(tx, platform_id, key_id, actor, now)

    async def list_keys(self, platform_id: str) -> tuple[KeyRecord, ...]:
        async with self.reading() as connection:
            return await keys.listed(connection, platform_id)

    # -- the worker

    async def run_worker(self, assess: Assess, options: WorkerOptions = WorkerOptions()) -> None:  # noqa: B008  frozen
        """Assess cases whose request could not, until cancelled."""
        self.jobs.bind(assess, self.defer_overdue)
        await self.jobs.run_worker(options)

    async def defer_overdue(self) -> int:
        """A new job for every case two minutes past due that has none; returns how many."""
        async with self.transaction() as tx:
            return await cases.defer_overdue(tx, self.jobs, self._clock.now(), _OVERDUE_GRACE)
