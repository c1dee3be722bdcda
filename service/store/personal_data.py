"""Consent, erasure, export and what is left afterwards."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.identifiers import new_id
from service.store import audit, personal_data_consents, personal_data_erasing, personal_data_export, retention
from service.store.database import Database, utc
from service.store.evidence_files import EvidenceFiles
from service.store.idempotency import KeptAnswers
from service.store.personal_data_redaction import Pseudonym
from service.store.personal_data_tables import account_erasures, evidence_tombstones
from service.store.retention import RetentionRule

REVEALED = "personal_data.revealed"
_LONG = "10min"  # an erasure looks at everything a platform has


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A file that was taken away. ``kind``: of page, unknown where it was never read; ``why`` in a few words."""

    sha256: str
    kind: str
    why: str
    erased_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure took away. ``shared``: files left because another account sent the same bytes."""

    pseudonym: str
    cases: int
    files: int
    events: int
    shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """Somebody was shown personal data in the clear."""

    at: datetime
    actor: Actor
    subject: str
    purpose: str
    what: str


class PersonalData:
    """The store's part of it. Unavailable as for every method of the store."""

    def __init__(self, database: Database, files: EvidenceFiles) -> None:
        self._database = database
        self._files = files

    # -- consent

    async def consented(self, platform_id: str, order_number: str, *, by: datetime) -> bool:
        """Whether consent to reading identity data had been recorded for the order by then."""
        async with self._database.reading() as connection:
            return await personal_data_consents.known(connection, platform_id, order_number, by)

    async def withdraw_consent(
        self, platform_id: str, order_number: str, case_id: uuid.UUID, actor: Actor, reason: str, now: datetime
    ) -> tuple[int, int]:
        """(consents of the order that ended, identity papers taken away). Their bytes go behind the transaction."""
        async with self._database.transaction() as tx:
            ended, papers = await personal_data_consents.withdraw(
                tx, platform_id, order_number, case_id, actor, reason, now
            )
        await self.delete_bytes(platform_id, now)
        return ended, len(papers)

    # -- erasing

    async def erase_account(
        self,
        platform_id: str,
        account_id: str,
        pseudonym: Pseudonym,
        answers: KeptAnswers,
        actor: Actor,
        approved_by: Actor,
        reason: str,
        now: datetime,
    ) -> Erased:
        """Take a person out of everything stored; NotFound where the platform has nothing of the account.

        Conflict while one of its cases is not over: it could not be decided any more. The bytes of its files are
        deleted behind the transaction.
        """
        async with self._database.transaction() as tx:
            await tx.execute(sa.text(f"SET LOCAL statement_timeout = '{_LONG}'"))
            name = pseudonym("account_id", account_id)
            taken = await personal_data_erasing.erase(tx, platform_id, account_id, pseudonym, answers, actor, now)
            erased = Erased(
                pseudonym=name, cases=taken.cases, files=len(taken.files), events=taken.events, shared=taken.shared
            )
            await tx.execute(
                sa.insert(account_erasures),
                {
                    "platform_id": platform_id, "id": new_id(), "pseudonym": name, "erased_at": now,
                    "cases": erased.cases, "files": erased.files, "events": erased.events,
                },
            )  # fmt: skip
            counts = {"cases": erased.cases, "files": erased.files, "events": erased.events, "shared": erased.shared}
            await audit.add_entry(
                tx, platform_id, actor, "account.erased", f"account:{name}", now,
                {**counts, "approved_by": approved_by.name, "evidence": sorted(taken.files)},
                reason=reason, after={**counts, "approved_by": approved_by.name},
            )  # fmt: skip
        await self.delete_bytes(platform_id, now)
        return erased

    async def erasures_since(self, platform_id: str, moment: datetime) -> int:
        """Accounts erased after a moment: their past is no longer found under the names it had."""
        async with self._database.reading() as connection:
            count: int | None = await connection.scalar(
                sa.select(sa.func.count()).where(
                    account_erasures.c.platform_id == platform_id, account_erasures.c.erased_at >= moment
                )
            )
        return count or 0

    async def tombstones(self, platform_id: str, files: Collection[str]) -> Mapping[str, Tombstone]:
        """sha256 → tombstone, of those files that have one."""
        if not files:
            return {}
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(evidence_tombstones).where(
                    evidence_tombstones.c.platform_id == platform_id, evidence_tombstones.c.sha256.in_(sorted(files))
                )
            )
            return {
                row.sha256: Tombstone(sha256=row.sha256, kind=row.kind, why=row.why, erased_at=utc(row.erased_at))
                for row in rows
            }

    # -- retention

    async def sweep(
        self,
        platform_id: str,
        rule: RetentionRule,
        actor: Actor,
        now: datetime,
        limit: int = 200,
        lately: timedelta | None = None,
    ) -> int:
        """Take away files past their retention, at most ``limit``; how many. See ``retention.expire``."""
        async with self._database.transaction() as tx:
            gone = await retention.expire(tx, platform_id, rule, actor, now, limit, lately)
            for kind, files in gone.items():
                await audit.add_entry(
                    tx, platform_id, actor, "evidence.expired", f"platform:{platform_id}", now,
                    {"files": sorted(files)}, reason=rule.reason(platform_id, kind),
                    after={"kind": kind, "files": len(files)},
                )  # fmt: skip
        await self.delete_bytes(platform_id, now)
        return sum(len(files) for files in gone.values())

    async def delete_bytes(self, platform_id: str, now: datetime, limit: int = 1_000) -> int:
        """Delete the bytes of files whose tombstone stands; what cannot be deleted now is tried again later."""
        async with self._database.reading() as connection:
            due = await retention.bytes_due(connection, platform_id, limit)
        deleted = []
        for sha256 in due:
            await self._files.delete(platform_id, sha256)
            deleted.append(sha256)
        if deleted:
            async with self._database.transaction() as tx:
                await retention.note_bytes_gone(tx, platform_id, deleted, now)
        return len(deleted)

    async def note_rotation(
        self,
        platform_id: str,
        key_id: str,
        files: int,
        failed: int,
        forgot_old: bool,
        actor: Actor,
        reason: str,
        now: datetime,
    ) -> None:
        counts = {"key": key_id, "files": files, "failed": failed, "old keys forgotten": forgot_old}
        async with self._database.transaction() as tx:
            await audit.add_entry(
                tx, platform_id, actor, "personal_data.keys_rotated", f"platform:{platform_id}", now, counts,
                reason=reason, after=counts,
            )  # fmt: skip

    async def files(self, platform_id: str) -> AsyncIterator[str]:
        """Hashes of every file that should be there."""
        after = ""
        while True:
            async with self._database.reading() as connection:
                batch = await retention.files_after(connection, platform_id, after, 1_000)
            for sha256 in batch:
                yield sha256
            if not batch:
                return
            after = batch[-1]

    # -- access and reveals

    async def export_account(
        self, platform_id: str, account_id: str, subject: str, actor: Actor, reason: str, now: datetime
    ) -> dict[str, Any]:
        """Everything stored of an account, JSON-ready; NotFound where there is nothing. Leaves an audit entry."""
        async with self._database.transaction() as tx:
            found = await personal_data_export.export(tx, platform_id, account_id)
            if not any(found.values()):
                raise NotFound(f"platform {platform_id!r} has nothing of this account")
            counts = {name: len(rows) for name, rows in found.items()}
            await audit.add_entry(
                tx, platform_id, actor, "account.exported", subject, now, counts, reason=reason, after=counts
            )
        return found

    async def note_reveal(
        self, platform_id: str, subject: str, what: Sequence[str], actor: Actor, purpose: str, now: datetime
    ) -> None:
        """Committed before anything is shown."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            shown = ", ".join(sorted(what))
            await audit.add_entry(
                tx, platform_id, actor, REVEALED, subject, now, {"what": sorted(what)},
                reason=purpose, after={"what": shown},
            )  # fmt: skip

    async def reveals(
        self, platform_id: str, *, since: datetime | None = None, limit: int = 1_000
    ) -> tuple[Reveal, ...]:
        """Who was shown what, newest first."""
        async with self._database.reading() as connection:
            found = await audit.by_action(connection, platform_id, REVEALED, since=since, limit=limit)
        return tuple(
            Reveal(
                at=each.at,
                actor=each.actor,
                subject=each.subject,
                purpose=each.reason or "",
                what=str((each.after or {}).get("what", "")),
            )
            for each in found
        )
