"""Outcomes, obligations, refund locks and anomalies of one platform's cases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.assessment import Grant, ObligationKind
from service.domain.claims import Claim
from service.domain.errors import Conflict
from service.domain.identifiers import new_id
from service.domain.money import Money
from service.domain.outcomes import Anomaly, AnomalyKind, Outcome, OutcomeKind
from service.store import outgoing, together
from service.store.case_tables import grants
from service.store.database import utc
from service.store.outcome_tables import anomalies, obligations, outcomes, refund_locks
from service.store.outgoing import OutgoingEvent

# --- outcomes


async def add(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, outcome: Outcome, actor: Actor, now: datetime
) -> bool:
    """True if it is new. Conflict where the reference was used for something else."""
    row = {
        "platform_id": platform_id, "reference": outcome.reference, "case_id": case_id, "kind": outcome.kind.value,
        "occurred_at": outcome.occurred_at, "recorded_at": now,
        "amount_minor": outcome.amount.minor if outcome.amount else None,
        "currency": outcome.amount.currency if outcome.amount else None, "note": outcome.note,
        "actor_kind": actor.kind.value, "actor_name": actor.name,
    }  # fmt: skip
    new = await tx.execute(insert(outcomes).on_conflict_do_nothing().returning(outcomes.c.case_id), row)
    if new.first() is not None:
        return True
    known = (
        await tx.execute(
            sa.select(outcomes).where(outcomes.c.platform_id == platform_id, outcomes.c.reference == outcome.reference)
        )
    ).one()
    same = ("case_id", "kind", "amount_minor", "currency")
    if any(getattr(known, name) != row[name] for name in same) or utc(known.occurred_at) != outcome.occurred_at:
        raise Conflict(f"The reference {outcome.reference!r} was used for another outcome; give this one its own.")
    return False


# --- grants and what they rest on


async def standing_grant(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID
) -> tuple[uuid.UUID, Money] | None:
    """Id and amount of the case's grant that neither lapsed nor was reversed."""
    row = (
        await connection.execute(
            sa.select(grants.c.id, grants.c.amount_minor, grants.c.currency).where(
                grants.c.platform_id == platform_id, grants.c.case_id == case_id, grants.c.ended_as.is_(None)
            )
        )
    ).one_or_none()
    return None if row is None else (row.id, Money(row.amount_minor, row.currency))


async def note_paid(
    tx: AsyncConnection, platform_id: str, grant_id: uuid.UUID, amount: Money, occurred_at: datetime
) -> None:
    await tx.execute(
        sa.update(grants)
        .where(grants.c.platform_id == platform_id, grants.c.id == grant_id)
        .values(paid_minor=amount.minor, paid_at=occurred_at)
    )


async def open_obligations(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, grant_id: uuid.UUID, grant: Grant, now: datetime
) -> None:
    """What has to be confirmed for this grant; nothing where it rests on nothing."""
    for row in obligation_rows(platform_id, case_id, grant_id, grant, now):
        await tx.execute(insert(obligations).on_conflict_do_nothing(), row)


OBLIGATION_COLUMNS = ("platform_id", "grant_id", "kind", "case_id", "created_at")


def obligation_rows(
    platform_id: str, case_id: uuid.UUID, grant_id: uuid.UUID, grant: Grant, now: datetime
) -> list[dict[str, Any]]:
    """As ``open_obligations``, for whoever writes them together with something else."""
    common = {"platform_id": platform_id, "grant_id": grant_id, "case_id": case_id, "created_at": now}
    return [{**common, "kind": kind.value} for kind in grant.obligations]


async def settle_obligation(
    tx: AsyncConnection, platform_id: str, grant_id: uuid.UUID, kind: ObligationKind, *, confirmed: bool, now: datetime
) -> bool:
    """Confirmed, or failed for good; False where there is no such open obligation."""
    which = (
        obligations.c.platform_id == platform_id,
        obligations.c.grant_id == grant_id,
        obligations.c.kind == kind.value,
        obligations.c.confirmed_at.is_(None),
        obligations.c.failed_at.is_(None),
    )
    values = {"confirmed_at": now} if confirmed else {"failed_at": now}
    done = await tx.execute(sa.update(obligations).where(*which).values(values))
    return bool(done.rowcount)


async def unconfirmed(connection: AsyncConnection, platform_id: str, grant_id: uuid.UUID) -> tuple[str, ...]:
    """The kinds a grant still waits for, failed ones included."""
    rows = await connection.execute(
        sa.select(obligations.c.kind)
        .where(
            obligations.c.platform_id == platform_id,
            obligations.c.grant_id == grant_id,
            obligations.c.confirmed_at.is_(None),
        )
        .order_by(obligations.c.kind)
    )
    return tuple(row.kind for row in rows)


# --- the refund lock


async def lock_payment(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, claim: Claim, outcome: Outcome
) -> None:
    """From now on nothing is granted on this order's payment. What the platform paid back by itself is of this order,
    though others may have been paid together with it."""
    together = outcome.kind is not OutcomeKind.PAID
    await tx.execute(
        insert(refund_locks).on_conflict_do_nothing(),
        {
            "platform_id": platform_id, "reference": outcome.reference, "case_id": case_id,
            "order_number": claim.order.order_number,
            "trade_number": claim.order.trade_number if together else None,
            "kind": outcome.kind.value, "since": outcome.occurred_at,
        },
    )  # fmt: skip


async def unlock_dispute(
    tx: AsyncConnection, platform_id: str, claim: Claim, closed_at: datetime, now: datetime
) -> bool:
    """A dispute that ended without a refund: the oldest that was open at ``closed_at``, for one payment can be disputed
    in two places. Chargebacks and refunds elsewhere stay what they are."""
    oldest = (
        sa.select(refund_locks.c.reference)
        .where(
            refund_locks.c.platform_id == platform_id,
            refund_locks.c.order_number == claim.order.order_number,
            refund_locks.c.kind == "dispute_opened",
            refund_locks.c.ended_at.is_(None),
            refund_locks.c.since <= closed_at,
        )
        .order_by(refund_locks.c.since, refund_locks.c.reference)
        .limit(1)
        .scalar_subquery()
    )
    done = await tx.execute(
        sa.update(refund_locks)
        .where(refund_locks.c.platform_id == platform_id, refund_locks.c.reference == oldest)
        .values(ended_at=now)
    )
    return bool(done.rowcount)


ORDER_LOCK = "pg_advisory_xact_lock(hashtextextended($1, 6779489))"
"""Decisions on one order take turns from here until their transactions end, so that two cannot both find room."""


def turn_of(platform_id: str, claim: Claim) -> str:
    """What ``ORDER_LOCK`` locks."""
    return f"{platform_id}\x1f{claim.order.order_number}"


# What was granted and is not gone; of what was reversed only what had been paid.
_COUNTED = "CASE WHEN ended_as IS NULL THEN greatest(amount_minor, paid_minor) ELSE coalesce(paid_minor, 0) END"
_OTHERS = (
    "FROM grants WHERE platform_id = $1 AND order_number = $2 AND (case_id <> CAST($4 AS uuid) OR ended_as IS NOT NULL)"
)
STANDS_AGAINST = (
    "(SELECT kind FROM refund_locks WHERE platform_id = $1 AND ended_at IS NULL "  # noqa: S608
    "AND (order_number = $2 OR trade_number = CAST($3 AS text)) LIMIT 1), "
    f"(SELECT sum({_COUNTED}) {_OTHERS}), (SELECT bool_or({_COUNTED} > 0 AND currency <> $5) {_OTHERS})"
)
"""Columns (lock, given, other currency) for ``why_not_for``. Parameters from $1: ``parameters_of``. To be run in a
statement of its own once ``ORDER_LOCK`` is held: only then it sees what others committed before us."""
_FOUND = f"SELECT {STANDS_AGAINST}".encode()
_TURN = f"SELECT CAST({ORDER_LOCK} AS text)".encode()


def parameters_of(platform_id: str, case_id: uuid.UUID, claim: Claim, amount: Money) -> tuple[Any, ...]:
    return (platform_id, claim.order.order_number, claim.order.trade_number, case_id, amount.currency)


async def why_not(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, claim: Claim, amount: Money) -> str | None:
    """Why ``amount`` may not be granted on this case's payment; None where it may."""
    await together.fetch(tx, _TURN, (turn_of(platform_id, claim),))
    [found] = await together.fetch(tx, _FOUND, parameters_of(platform_id, case_id, claim, amount))
    return why_not_for(claim, amount, *found)


def why_not_for(claim: Claim, amount: Money, lock: str | None, given: Any, other_currency: bool | None) -> str | None:
    """As ``why_not``, from what ``STANDS_AGAINST`` gave."""
    order = claim.order
    if lock is not None:
        return f"the payment is locked ({lock}): a refund or dispute elsewhere is open for it"
    if other_currency or amount.currency != order.amount_paid.currency:
        return "sums in two currencies cannot be held against each other"
    left = order.amount_paid.minor - order.amount_refunded.minor - int(given or 0)
    if amount.minor > left:
        return f"only {Money(max(left, 0), amount.currency)} of the order is left to refund"
    return None


# --- anomalies


async def found(tx: AsyncConnection, platform_id: str, anomaly: Anomaly) -> bool:
    """Keep and tell an anomaly; False where it is known."""
    new = await tx.execute(
        insert(anomalies).on_conflict_do_nothing().returning(anomalies.c.id),
        {
            "platform_id": platform_id, "id": anomaly.id, "kind": anomaly.kind.value, "key": anomaly.key,
            "order_number": anomaly.order_number, "case_id": anomaly.case_id,
            "amount_minor": anomaly.amount.minor if anomaly.amount else None,
            "currency": anomaly.amount.currency if anomaly.amount else None, "data": dict(anomaly.data),
            "found_at": anomaly.found_at,
        },
    )  # fmt: skip
    if new.first() is None:
        return False
    told = {
        "anomaly_id": str(anomaly.id), "kind": anomaly.kind.value, "order_number": anomaly.order_number,
        "amount": anomaly.amount.minor if anomaly.amount else None,
        "currency": anomaly.amount.currency if anomaly.amount else None, **anomaly.data,
    }  # fmt: skip
    event = OutgoingEvent(type="anomaly.found", occurred_at=anomaly.found_at, data=told, case_id=anomaly.case_id)
    await outgoing.tell(tx, platform_id, event)
    return True


async def listed(
    connection: AsyncConnection,
    platform_id: str,
    *,
    kinds: Sequence[AnomalyKind] = (),
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> tuple[Anomaly, ...]:
    """Newest first; ``before``: only those found before this one (ids are in order of time)."""
    where: list[sa.ColumnElement[bool]] = [anomalies.c.platform_id == platform_id]
    if kinds:
        where.append(anomalies.c.kind.in_([kind.value for kind in kinds]))
    if before is not None:
        where.append(anomalies.c.id < before)
    rows = await connection.execute(sa.select(anomalies).where(*where).order_by(anomalies.c.id.desc()).limit(limit))
    return tuple(_anomaly(row) for row in rows)


def _anomaly(row: sa.Row[Any]) -> Anomaly:
    return Anomaly(
        id=row.id,
        kind=AnomalyKind(row.kind),
        key=row.key,
        found_at=utc(row.found_at),
        order_number=row.order_number,
        case_id=row.case_id,
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        data=row.data,
    )


def anomaly(kind: AnomalyKind, key: str, now: datetime, **facts: Any) -> Anomaly:
    return Anomaly(id=new_id(), kind=kind, key=key, found_at=now, **facts)
