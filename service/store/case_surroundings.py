"""What stands around a case, for whoever looks at it: each question answered from an index, within a bound.

An address may be a whole carrier's and a seller's device a shop's: of everything only the latest events are looked at,
so a page takes as long with ten million events as with ten thousand.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.evidence import PageKind
from service.domain.history import EventKind, HistoryEvent
from service.domain.linking import LinkedAccount, Shared
from service.domain.money import Money
from service.store import audit
from service.store.database import utc
from service.store.personal_data import REVEALED
from service.store.tables import assessments, cases, history_events, readings
from service.store.tables import audit as trail

_EVENT = history_events.c
_COLUMNS = {Shared.DEVICE: "device_id", Shared.PAYER: "payer_id", Shared.IP: "ip"}
# Events looked at: of one thing shared, and of one account that shares it.
_LOOKED_AT, _COUNTED = 400, 300
_ENTRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What of the past is looked at: as known at ``known_by`` (None: now), without one case's own events."""

    known_by: datetime | None = None
    without: uuid.UUID | None = None

    def where(self) -> tuple[sa.ColumnElement[bool], ...]:
        known = () if self.known_by is None else (_EVENT.recorded_at <= self.known_by,)
        return known if self.without is None else (*known, _EVENT.case_id.is_distinct_from(self.without))


ALL = Seen()


async def account_events(
    connection: AsyncConnection, platform_id: str, account_id: str, limit: int, seen: Seen = ALL
) -> tuple[HistoryEvent, ...]:
    """The account's latest, newest first."""
    rows = await connection.execute(
        sa.select(
            _EVENT.event_id, _EVENT.kind, _EVENT.occurred_at, _EVENT.order_number, _EVENT.case_id,
            _EVENT.amount_minor, _EVENT.currency, _EVENT.outcome,
        )
        .where(_EVENT.platform_id == platform_id, _EVENT.account_id == account_id, *seen.where())
        .order_by(_EVENT.occurred_at.desc())
        .limit(limit)
    )  # fmt: skip
    return tuple(
        HistoryEvent(
            event_id=row.event_id,
            kind=EventKind(row.kind),
            occurred_at=utc(row.occurred_at),
            account_id=account_id,
            order_number=row.order_number,
            case_id=row.case_id,
            amount=None if row.amount_minor is None or row.currency is None else Money(row.amount_minor, row.currency),
            outcome=row.outcome,
        )
        for row in rows
    )


async def linked_accounts(
    connection: AsyncConnection,
    platform_id: str,
    account_id: str,
    shared: Mapping[Shared, str],
    limit: int,
    seen: Seen = ALL,
) -> tuple[LinkedAccount, ...]:
    """Other accounts in the latest events with these; what they share, and how their latest refunds went.

    Those that share more come first, then those seen last.
    """
    if not shared:
        return ()
    rows = (
        await connection.execute(sa.union_all(*(_sharing(platform_id, each, shared[each], seen) for each in shared)))
    ).all()
    shares: dict[str, list[Shared]] = {}
    last: dict[str, datetime] = {}
    for row in rows:
        if row.account_id != account_id:
            shares.setdefault(row.account_id, []).append(Shared(row.shared))
            last[row.account_id] = max(last.get(row.account_id, row.seen), row.seen)
    first = sorted(shares, key=lambda one: (-len(shares[one]), -last[one].timestamp(), one))[:limit]
    counts = await _refunds(connection, platform_id, first, seen)
    return tuple(
        LinkedAccount(account=one, shares=tuple(each for each in Shared if each in shares[one]), **counts.get(one, {}))
        for one in first
    )


def _sharing(platform_id: str, what: Shared, value: str, seen: Seen) -> sa.Select[Any]:
    """Accounts in the latest events with one device, payer or address; from its index alone."""
    latest = (
        sa.select(_EVENT.account_id, _EVENT.occurred_at)
        .where(_EVENT.platform_id == platform_id, history_events.c[_COLUMNS[what]] == value, *seen.where())
        .order_by(_EVENT.occurred_at.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    return (
        sa.select(
            sa.literal(what.value).label("shared"),
            latest.c.account_id,
            sa.func.max(latest.c.occurred_at).label("seen"),
        )
        .where(latest.c.account_id.is_not(None))
        .group_by(latest.c.account_id)
    )


async def _refunds(
    connection: AsyncConnection, platform_id: str, accounts: Collection[str], seen: Seen
) -> dict[str, dict[str, int]]:
    if not accounts:
        return {}
    named = sa.func.unnest(sa.cast(list(accounts), sa.ARRAY(sa.Text))).table_valued("account").render_derived("named")
    latest = (
        sa.select(_EVENT.kind)
        .where(_EVENT.platform_id == platform_id, _EVENT.account_id == named.c.account, *seen.where())
        .order_by(_EVENT.occurred_at.desc())
        .limit(_COUNTED)
        .lateral("latest")
    )

    def count(kind: EventKind) -> sa.ColumnElement[int]:
        return sa.func.count().filter(latest.c.kind == kind.value)

    rows = await connection.execute(
        sa.select(
            named.c.account,
            count(EventKind.REFUND_REQUESTED).label("requested"),
            count(EventKind.REFUND_GRANTED).label("granted"),
            count(EventKind.REFUND_WRONG).label("wrong"),
        )
        .join_from(named, latest, sa.true(), isouter=True)
        .group_by(named.c.account)
    )
    return {row.account: {"requested": row.requested, "granted": row.granted, "wrong": row.wrong} for row in rows}


async def revealed(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID, actor: Actor, since: datetime
) -> frozenset[str]:
    """What of a case somebody has had shown to them since then, under the names of the reveal log."""
    rows = await connection.execute(
        sa.select(trail.c.after)
        .where(
            trail.c.platform_id == platform_id,
            trail.c.subject == audit.case_subject(case_id),
            trail.c.action == REVEALED,
            trail.c.actor_kind == actor.kind.value,
            trail.c.actor_name == actor.name,
            trail.c.at >= since,
        )
        .order_by(trail.c.id.desc())
        .limit(_ENTRIES)
    )
    return frozenset(name for row in rows for name in str((row.after or {}).get("what", "")).split(", ") if name)


async def identity_pages(connection: AsyncConnection, platform_id: str, sha256s: Collection[str]) -> frozenset[str]:
    """Those of these files that any reader took for an identity card."""
    if not sha256s:
        return frozenset()
    rows = await connection.scalars(
        sa.select(readings.c.sha256)
        .where(
            readings.c.platform_id == platform_id,
            readings.c.sha256 == sa.any_(sa.cast(list(sha256s), sa.ARRAY(sa.Text))),
            readings.c.identity.is_not(None),
        )
        .distinct()
    )
    return frozenset(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOfCase:
    """A file as a case shows it. ``read``: it could be read, so that it is known what it is."""

    read: bool
    identity: bool


async def file_of_case(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID, sha256: str
) -> FileOfCase | None:
    """A file the case's standing assessment looked at, or a twin of one that it names; None for any other."""
    document = assessments.c.document
    this = sa.type_coerce({"sha": sha256}, JSONB)

    def of_file(path: str) -> sa.ColumnElement[str]:
        found = sa.func.jsonb_path_query_first(
            document, sa.cast(f"$.evidence[*] ? (@.sha256 == $sha).{path}", JSONPATH), this
        )
        return found.op("#>>")(sa.cast([], sa.ARRAY(sa.Text)))

    reading = sa.and_(readings.c.platform_id == platform_id, readings.c.sha256 == sha256)
    statement = (
        sa.select(
            of_file("outcome.status").label("status"),
            of_file("page.kind").label("kind"),
            document["reuse"].contains([{"other_sha256": sha256}]).label("twin"),
            sa.exists().where(reading).label("has_reading"),
            sa.exists().where(reading, readings.c.identity.is_not(None)).label("has_identity"),
        )
        .join_from(
            cases,
            assessments,
            sa.and_(assessments.c.platform_id == cases.c.platform_id, assessments.c.id == cases.c.assessment_id),
        )
        .where(cases.c.platform_id == platform_id, cases.c.id == case_id)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None or (row.status is None and not row.twin):
        return None
    read = row.has_reading if row.status is None else row.status != "failed"
    return FileOfCase(read=read, identity=row.has_identity or row.kind == PageKind.IDENTITY.value)
