"""What the risk owner's page counts: days, scored history, obligations, sellers. Each by an index and a limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.labels import SampledCase
from service.domain.money import Money
from service.domain.risk_figures import DayFigures, OpenObligation, ScoredClaim, SellerSum
from service.store import labels
from service.store.case_tables import grants
from service.store.database import Database, utc
from service.store.outcome_tables import obligations
from service.store.risk_tables import risk_days
from service.store.tables import cases

DAYS = 30
SETTLES_AFTER = timedelta(days=1)
"""A day is counted for good once this has passed since its end: its last claims are decided by then."""
CLAIMS = 5_000
OBLIGATIONS_SHOWN, OBLIGATIONS_COUNTED = 10, 1_000
GRANTS, SELLERS_SHOWN = 5_000, 10

# The case's own assessment, so that one claim counts once; cases_listed_idx gives the stretch of time.
_DAYS = sa.text(
    "SELECT (cases.accepted_at AT TIME ZONE :zone)::date AS day, count(*) AS claims, "
    "count(*) FILTER (WHERE decided.decision = 'auto_approved') AS approved, "
    "coalesce(sum((cases.claim #>> '{amount_claimed,minor}')::bigint), 0) AS claimed_minor, "
    "coalesce(sum((decided.document #>> '{verdict,grant,amount,minor}')::bigint) "
    "FILTER (WHERE decided.decision = 'auto_approved'), 0) AS approved_minor "
    "FROM cases LEFT JOIN assessments AS decided "
    "ON decided.platform_id = cases.platform_id AND decided.id = cases.assessment_id "
    "WHERE cases.platform_id = :platform_id AND cases.accepted_at >= :since AND cases.accepted_at < :until "
    "AND cases.claim #>> '{amount_claimed,currency}' = :currency GROUP BY 1 ORDER BY 1"
)
# The newest assessment before a person had the case: what was learned afterwards is not what the threshold was asked.
_SCORED = sa.text(
    "WITH newest AS (SELECT id, number, accepted_at, claim FROM cases WHERE platform_id = :platform_id "
    "AND accepted_at < :until ORDER BY accepted_at DESC, id DESC LIMIT :claims) "
    "SELECT newest.id, newest.number, newest.accepted_at, seen.*, "
    "(newest.claim #>> '{amount_claimed,minor}')::bigint AS claimed_minor, "
    "newest.claim #>> '{amount_claimed,currency}' AS currency "
    "FROM newest CROSS JOIN LATERAL (SELECT risk, audit_drawn, recorded_at, "
    "document #>> '{versions,model}' AS model, document ->> 'certificate' AS certificate, "
    "ruled ->> 'approval_class' AS approval_class, (ruled #>> '{grant,amount,minor}')::bigint AS granted_minor, "
    "jsonb_path_query_array(ruled, '$.reasons[*].code') AS codes "
    "FROM (SELECT *, CASE WHEN jsonb_typeof(document -> 'would_have_been') = 'object' "
    "THEN document -> 'would_have_been' ELSE document -> 'verdict' END AS ruled FROM assessments "
    "WHERE platform_id = :platform_id AND case_id = newest.id "
    "AND document ->> 'under_review' IS DISTINCT FROM 'true' ORDER BY recorded_at DESC LIMIT 1) AS one) AS seen"
)
_SELLERS = sa.text(
    "WITH newest AS (SELECT platform_id, case_id, amount_minor, paid_minor, document -> 'liability' AS liability "
    "FROM grants WHERE platform_id = :platform_id AND ended_as IS NULL AND currency = :currency "
    "ORDER BY granted_at DESC LIMIT :grants) "
    "SELECT cases.claim #>> '{order,seller_id}' AS seller_id, count(*) AS grants, sum(newest.amount_minor) AS granted, "
    "coalesce(sum(newest.paid_minor), 0) AS paid, coalesce(sum((liability #>> '{recover,minor}')::bigint) "
    "FILTER (WHERE liability ->> 'recover_from' IN ('seller', 'supplier')), 0) AS recover "
    "FROM newest JOIN cases ON cases.platform_id = newest.platform_id AND cases.id = newest.case_id "
    "GROUP BY 1 ORDER BY recover DESC, granted DESC, 1 LIMIT :sellers"
)


class RiskFigures:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def days(self, platform_id: str, currency: str, zone: str, now: datetime) -> tuple[DayFigures, ...]:
        """The last ``DAYS``, oldest first: those counted for good as they were, the newest two counted now. A day in
        between that has not been counted yet is left out."""
        today = now.astimezone(ZoneInfo(zone)).date()
        fresh = today - timedelta(days=1)
        async with self._database.reading() as connection:
            kept = await _kept(connection, platform_id, today - timedelta(days=DAYS - 1), fresh)
            counted = await _count(connection, platform_id, currency, zone, fresh, today + timedelta(days=1))
        return (*kept, *counted)

    async def count_days(self, platform_id: str, currency: str, zone: str, now: datetime) -> int:
        """Count the days that are over for good and were not counted yet, of the last ``DAYS``; returns how many."""
        over = (now - SETTLES_AFTER).astimezone(ZoneInfo(zone)).date()
        first = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=DAYS - 1)
        async with self._database.reading() as connection:
            known = {one.day for one in await _kept(connection, platform_id, first, over)}
        missing = [day for day in _between(first, over) if day not in known]
        for day in missing:
            async with self._database.transaction() as tx:
                (found,) = await _count(tx, platform_id, currency, zone, day, day + timedelta(days=1))
                row = {
                    "platform_id": platform_id, "day": day, "claims": found.claims, "approved": found.approved,
                    "claimed_minor": found.claimed_minor, "approved_minor": found.approved_minor, "counted_at": now,
                }  # fmt: skip
                await tx.execute(insert(risk_days).on_conflict_do_nothing(), row)
        return len(missing)

    async def scored(self, platform_id: str, until: datetime, *, limit: int = CLAIMS) -> tuple[ScoredClaim, ...]:
        """The newest claims accepted before ``until`` that were assessed, newest first, with the labels of those that
        were drawn for audit."""
        which = {"platform_id": platform_id, "until": until, "claims": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_SCORED, which)).all()
            drawn = [row.id for row in rows if row.audit_drawn and row.approval_class is not None]
            found = await labels.labels_of(connection, platform_id, drawn)
        return tuple(_scored(row, found.get(row.id, [])) for row in rows)

    async def obligations(self, platform_id: str) -> tuple[tuple[OpenObligation, ...], int]:
        """The oldest that wait, and how many there are, counted to ``OBLIGATIONS_COUNTED`` + 1."""
        column = obligations.c
        waiting = (column.platform_id == platform_id, column.confirmed_at.is_(None), column.failed_at.is_(None))
        oldest = sa.select(obligations).where(*waiting).order_by(column.created_at).limit(OBLIGATIONS_SHOWN).subquery()
        query = (
            sa.select(oldest, cases.c.number, grants.c.amount_minor, grants.c.currency)
            .join(cases, sa.and_(cases.c.platform_id == oldest.c.platform_id, cases.c.id == oldest.c.case_id))
            .join(grants, sa.and_(grants.c.platform_id == oldest.c.platform_id, grants.c.id == oldest.c.grant_id))
            .order_by(oldest.c.created_at)
        )
        counted = sa.select(sa.literal(1)).where(*waiting).limit(OBLIGATIONS_COUNTED + 1).subquery()
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            count = await connection.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
        return tuple(_obligation(row) for row in rows), count

    async def sellers(self, platform_id: str, currency: str) -> tuple[SellerSum, ...]:
        """Of the newest ``GRANTS`` that stand, the sellers most is to be recovered for."""
        which = {"platform_id": platform_id, "currency": currency, "grants": GRANTS, "sellers": SELLERS_SHOWN}
        async with self._database.reading() as connection:
            rows = await connection.execute(_SELLERS, which)
            return tuple(
                SellerSum(
                    seller_id=row.seller_id,
                    grants=row.grants,
                    granted=Money(int(row.granted), currency),
                    recover=Money(int(row.recover), currency),
                    paid=Money(int(row.paid), currency),
                )
                for row in rows
            )


async def _kept(connection: AsyncConnection, platform_id: str, first: date, before: date) -> tuple[DayFigures, ...]:
    rows = await connection.execute(
        sa.select(risk_days)
        .where(risk_days.c.platform_id == platform_id, risk_days.c.day >= first, risk_days.c.day < before)
        .order_by(risk_days.c.day)
    )
    return tuple(_day(row, complete=True) for row in rows)


async def _count(
    connection: AsyncConnection, platform_id: str, currency: str, zone: str, first: date, before: date
) -> tuple[DayFigures, ...]:
    """Every day from ``first`` to the one before ``before``, as its cases say now."""
    which = {
        "platform_id": platform_id, "currency": currency, "zone": zone,
        "since": _begins(first, zone), "until": _begins(before, zone),
    }  # fmt: skip
    found = {row.day: row for row in await connection.execute(_DAYS, which)}
    return tuple(
        _day(found[day], complete=False)
        if day in found
        else DayFigures(day=day, claims=0, approved=0, claimed_minor=0, approved_minor=0, complete=False)
        for day in _between(first, before)
    )


def _between(first: date, before: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((before - first).days)]


def _begins(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def _day(row: sa.Row[Any], *, complete: bool) -> DayFigures:
    return DayFigures(
        day=row.day,
        claims=int(row.claims),
        approved=int(row.approved),
        claimed_minor=int(row.claimed_minor),
        approved_minor=int(row.approved_minor),
        complete=complete,
    )


def _scored(row: sa.Row[Any], found: Sequence[Any]) -> ScoredClaim:
    amount = int(row.granted_minor if row.granted_minor is not None else row.claimed_minor)
    sampled = None
    if row.audit_drawn and row.approval_class is not None:
        sampled = SampledCase(
            case_id=row.id,
            number=row.number,
            drawn_at=utc(row.recorded_at),
            amount_minor=amount,
            currency=row.currency,
            approval_class=row.approval_class,
            certificate=row.certificate,
            labels=tuple(found),
        )
    return ScoredClaim(
        case_id=row.id,
        accepted_at=utc(row.accepted_at),
        model=row.model or "",
        certificate=row.certificate,
        risk=row.risk,
        approval_class=row.approval_class,
        codes=frozenset(row.codes or ()),
        amount_minor=amount,
        currency=row.currency,
        sampled=sampled,
    )


def _obligation(row: sa.Row[Any]) -> OpenObligation:
    return OpenObligation(
        case_id=row.case_id,
        case_number=row.number,
        kind=row.kind,
        amount=Money(row.amount_minor, row.currency),
        created_at=utc(row.created_at),
    )
