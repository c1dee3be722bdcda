"""How long evidence stays, and how it goes: bytes, readings and what stands in assessments; a tombstone remains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.cases import CaseState
from service.store import audit, pictures
from service.store.assessments import STORED_SHA256
from service.store.marking_tables import reading_labels
from service.store.personal_data_redaction import document_without, kinds_of
from service.store.personal_data_tables import evidence_tombstones
from service.store.tables import assessments, cases, evidence, order_evidence, readings

UNKNOWN = "unknown"
_LONG = "10min"  # it goes through all that a platform has
# Nothing more is to be decided on what the buyer sent. A rejected case may still be appealed, a granted one reversed:
# the days of retention give time for that.
ENDED = frozenset(
    {
        CaseState.AUTO_APPROVED,
        CaseState.APPROVED,
        CaseState.PARTIALLY_APPROVED,
        CaseState.REJECTED,
        CaseState.WITHDRAWN,
        CaseState.LAPSED,
        CaseState.PAID,
        CaseState.PAYMENT_FAILED,
        CaseState.REVERSED,
        CaseState.CLOSED,
    }
)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Days from when the last case that uses a file ended, by kind of page, or by ``platform:kind`` for one platform.

    ``default`` is for kinds not named; 0 keeps for good.
    """

    days: Mapping[str, int] = field(default_factory=lambda: {"identity": 30, "chat": 180, "default": 365})

    def of(self, platform_id: str, kind: str) -> int:
        for name in (f"{platform_id}:{kind}", f"{platform_id}:default", kind, "default"):
            if name in self.days:
                return self.days[name]
        return 0

    def terms(self, platform_id: str) -> tuple[int, ...]:
        """Every number of days there is for some kind, the fewest first; empty where everything is kept."""
        own = (days for name, days in self.days.items() if ":" not in name or name.startswith(f"{platform_id}:"))
        return tuple(sorted({days for days in own if days > 0}))

    def reason(self, platform_id: str, kind: str) -> str:
        return f"retention of {kind} pages: {self.of(platform_id, kind)} days"


async def expire(
    tx: AsyncConnection,
    platform_id: str,
    rule: RetentionRule,
    actor: Actor,
    now: datetime,
    limit: int,
    lately: timedelta | None = None,
) -> Mapping[str, Sequence[str]]:
    """Take away what is past its days: kind → files, at most ``limit``.

    With ``lately`` only files are looked at that came to the end of some term so short a time ago: a file that is kept
    for a year is not looked at every hour from its thirtieth day on.
    """
    terms = [now - timedelta(days=days) for days in rule.terms(platform_id)]
    if not terms:
        return {}
    await tx.execute(sa.text(f"SET LOCAL statement_timeout = '{_LONG}'"))
    gone: dict[str, list[str]] = defaultdict(list)
    for row in await tx.execute(_ended_files(platform_id, terms, lately)):
        kind = await _kind(tx, platform_id, row.sha256, row.case_ids)
        days = rule.of(platform_id, kind)
        if days > 0 and row.ended_at <= now - timedelta(days=days):
            gone[kind].append(row.sha256)
            if sum(map(len, gone.values())) == limit:
                break
    for kind, files in gone.items():
        await bury(tx, platform_id, dict.fromkeys(files, kind), rule.reason(platform_id, kind), now)
        await redact_assessments(tx, platform_id, files, rule.reason(platform_id, kind), actor, now)
    return gone


def _ended_files(platform_id: str, terms: Sequence[datetime], lately: timedelta | None) -> sa.Select[Any]:
    """Files that no running case uses since one of ``terms`` (or ``lately`` before it), the longest unused first."""
    ended_at = sa.func.greatest(sa.func.max(cases.c.state_since), sa.func.max(order_evidence.c.received_at))
    of_order = sa.and_(
        cases.c.platform_id == order_evidence.c.platform_id, cases.c.order_number == order_evidence.c.order_number
    )
    buried = sa.and_(
        evidence_tombstones.c.platform_id == order_evidence.c.platform_id,
        evidence_tombstones.c.sha256 == order_evidence.c.sha256,
    )
    return (
        sa.select(
            order_evidence.c.sha256,
            ended_at.label("ended_at"),
            sa.func.array_agg(sa.distinct(cases.c.id)).label("case_ids"),
        )
        .join_from(order_evidence, cases, of_order)
        .outerjoin(evidence_tombstones, buried)
        .where(order_evidence.c.platform_id == platform_id)
        .group_by(order_evidence.c.sha256)
        .having(
            sa.func.bool_and(cases.c.state.in_(sorted(ENDED))),
            sa.or_(*(_ended(ended_at, term, lately) for term in terms)),
            # Sent again after it was taken away: it is there again.
            sa.or_(
                sa.func.max(evidence_tombstones.c.erased_at).is_(None),
                sa.func.max(order_evidence.c.received_at) > sa.func.max(evidence_tombstones.c.erased_at),
            ),
        )
        .order_by(ended_at)
    )


def _ended(ended_at: sa.ColumnElement[Any], term: datetime, lately: timedelta | None) -> sa.ColumnElement[bool]:
    return ended_at <= term if lately is None else sa.and_(ended_at <= term, ended_at > term - lately)


async def _kind(tx: AsyncConnection, platform_id: str, sha256: str, case_ids: Sequence[Any]) -> str:
    rows = await tx.execute(
        sa.select(assessments.c.document)
        .where(assessments.c.platform_id == platform_id, assessments.c.case_id.in_(case_ids))
        .order_by(assessments.c.recorded_at.desc())
    )
    return next((kind for row in rows if (kind := kinds_of(row.document).get(sha256)) is not None), UNKNOWN)


async def bury(tx: AsyncConnection, platform_id: str, kinds: Mapping[str, str], why: str, now: datetime) -> None:
    """Tombstones for files (sha256 → kind); readings and what they are found again by go at once."""
    if not kinds:
        return
    new = insert(evidence_tombstones)
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["platform_id", "sha256"],
            set_={"why": new.excluded.why, "erased_at": new.excluded.erased_at, "bytes_gone_at": None},
        ),
        [
            {"platform_id": platform_id, "sha256": sha256, "kind": kind, "why": why, "erased_at": now}
            for sha256, kind in sorted(kinds.items())
        ],
    )
    await pictures.forget(tx, platform_id, sorted(kinds))
    named = sa.any_(sa.cast(sorted(kinds), ARRAY(sa.Text)))
    for table in (readings, reading_labels):  # what people read there goes with what the reader did
        await tx.execute(sa.delete(table).where(table.c.platform_id == platform_id, table.c.sha256 == named))
    await tx.execute(
        sa.update(order_evidence)
        .where(order_evidence.c.platform_id == platform_id, order_evidence.c.sha256 == named)
        .values(name="")
    )


async def redact_assessments(
    tx: AsyncConnection, platform_id: str, files: Sequence[str], why: str, actor: Actor, now: datetime
) -> None:
    """Take what was read from files out of every assessment that saw them."""
    gone = frozenset(files)
    case_ids = (
        sa.select(cases.c.id)
        .join_from(
            order_evidence,
            cases,
            sa.and_(
                cases.c.platform_id == order_evidence.c.platform_id,
                cases.c.order_number == order_evidence.c.order_number,
            ),
        )
        .where(
            order_evidence.c.platform_id == platform_id,
            order_evidence.c.sha256 == sa.any_(sa.cast(sorted(gone), ARRAY(sa.Text))),
        )
    )
    rows = await tx.execute(
        sa.select(assessments.c.id, assessments.c.document).where(
            assessments.c.platform_id == platform_id, assessments.c.case_id.in_(case_ids)
        )
    )
    for row in rows.all():
        left = document_without(row.document, gone, why)
        if left != row.document:
            await replace_document(tx, platform_id, row.id, left, why, actor, now)


async def replace_document(
    tx: AsyncConnection, platform_id: str, assessment_id: Any, document: Any, why: str, actor: Actor, now: datetime
) -> None:
    """Store an assessment's document without what had to go, and tell the audit trail its new hash."""
    row = (
        await tx.execute(
            sa.update(assessments)
            .where(assessments.c.platform_id == platform_id, assessments.c.id == assessment_id)
            .values(document=document)
            .returning(assessments.c.case_id, STORED_SHA256.label("sha256"))
        )
    ).one()
    told = {"assessment": str(assessment_id), "document_sha256": row.sha256}
    subject = audit.case_subject(row.case_id)
    await audit.add_entry(tx, platform_id, actor, "assessment.redacted", subject, now, told, reason=why, after=told)


async def bytes_due(connection: AsyncConnection, platform_id: str, limit: int) -> list[str]:
    """Files with a tombstone whose bytes may still be there, unless they were sent again since."""
    again = sa.exists().where(
        order_evidence.c.platform_id == evidence_tombstones.c.platform_id,
        order_evidence.c.sha256 == evidence_tombstones.c.sha256,
        order_evidence.c.received_at > evidence_tombstones.c.erased_at,
    )
    rows = await connection.execute(
        sa.select(evidence_tombstones.c.sha256)
        .where(
            evidence_tombstones.c.platform_id == platform_id,
            evidence_tombstones.c.bytes_gone_at.is_(None),
            sa.not_(again),
        )
        .order_by(evidence_tombstones.c.sha256)
        .limit(limit)
    )
    return [row.sha256 for row in rows]


async def files_after(connection: AsyncConnection, platform_id: str, after: str, limit: int) -> list[str]:
    """Hashes of files that were received and not taken away, in order."""
    rows = await connection.execute(
        sa.select(evidence.c.sha256)
        .outerjoin_from(
            evidence,
            evidence_tombstones,
            sa.and_(
                evidence_tombstones.c.platform_id == evidence.c.platform_id,
                evidence_tombstones.c.sha256 == evidence.c.sha256,
                evidence_tombstones.c.bytes_gone_at.is_not(None),
            ),
        )
        .where(evidence.c.platform_id == platform_id, evidence.c.sha256 > after, evidence_tombstones.c.sha256.is_(None))
        .order_by(evidence.c.sha256)
        .limit(limit)
    )
    return [row.sha256 for row in rows]


async def note_bytes_gone(tx: AsyncConnection, platform_id: str, files: Sequence[str], now: datetime) -> None:
    await tx.execute(
        sa.update(evidence_tombstones)
        .where(evidence_tombstones.c.platform_id == platform_id, evidence_tombstones.c.sha256.in_(list(files)))
        .values(bytes_gone_at=now)
    )


__all__ = ["RetentionRule", "bury", "bytes_due", "expire", "note_bytes_gone", "redact_assessments"]
