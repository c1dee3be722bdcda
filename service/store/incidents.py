"""Incidents and the cases they strike."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.cases import FINAL_STATES, CaseState
from service.domain.errors import Conflict, NotFound
from service.domain.history import OWN_EVENTS, EventKind
from service.domain.incidents import Incident, Jump, Struck
from service.domain.lifecycle import LIVE
from service.store import audit, outgoing
from service.store.database import utc
from service.store.incident_tables import incident_looks, incidents
from service.store.outgoing import OutgoingEvent
from service.store.tables import cases, history_events

_GOING_ON = sa.and_(incidents.c.ended_at.is_(None), incidents.c.dismissed_at.is_(None))
_ORDER = cases.c.claim["order"]
_STRUCK_ID = {
    Struck.SELLER: _ORDER["seller_id"].astext,
    Struck.PRODUCT: _ORDER["product"]["id"].astext,
    Struck.SUPPLIER: _ORDER["supplier_id"].astext,
}
# An incident's claims are told apart in the history: no aggregate over an account's refunds counts these kinds.
_KEPT_APART = {
    EventKind.REFUND_REQUESTED: EventKind.INCIDENT_CLAIM,
    EventKind.REFUND_GRANTED: EventKind.INCIDENT_GRANT,
}


def subject(incident_id: uuid.UUID) -> str:
    return f"incident:{incident_id}"


async def add(tx: AsyncConnection, incident: Incident) -> Incident:
    """A new incident. Conflict where one strikes the same already."""
    row = {
        "platform_id": incident.platform_id, "id": incident.id, "struck": incident.struck.value,
        "struck_id": incident.struck_id, "began_at": incident.began_at, "ended_at": incident.ended_at,
        "reason": incident.reason, "noticed": incident.noticed, "confirmed_at": incident.confirmed_at,
        "dismissed_at": None, "actor_kind": incident.actor.kind.value, "actor_name": incident.actor.name,
        "recorded_at": incident.recorded_at,
    }  # fmt: skip
    new = await tx.execute(insert(incidents).on_conflict_do_nothing().returning(incidents.c.id), row)
    if new.first() is None:
        raise Conflict(
            f"There is an incident of {incident.struck.value} {incident.struck_id} already; confirm, end or dismiss it."
        )
    action = "incident.noticed" if incident.noticed else "incident.declared"
    await _tell(tx, incident, action, incident.actor, incident.recorded_at, incident.reason)
    return incident


async def get(connection: AsyncConnection, platform_id: str, incident_id: uuid.UUID) -> Incident:
    found = await _find(connection, incidents.c.platform_id == platform_id, incidents.c.id == incident_id)
    if not found:
        raise NotFound("There is no incident with this id on your platform.")
    return found[0]


async def listed(connection: AsyncConnection, platform_id: str, *, going_on: bool = False) -> tuple[Incident, ...]:
    """Newest first, at most 200."""
    where = [incidents.c.platform_id == platform_id, *([_GOING_ON] if going_on else [])]
    return await _find(connection, *where)


async def confirm(tx: AsyncConnection, incident: Incident, actor: Actor, reason: str, now: datetime) -> None:
    """A person says that it is one: from now on its claims are kept out of their accounts' history."""
    await _set(tx, incident, incidents.c.confirmed_at.is_(None), {"confirmed_at": now})
    await _tell(tx, incident, "incident.confirmed", actor, now, reason)


async def dismiss(tx: AsyncConnection, incident: Incident, actor: Actor, reason: str, now: datetime) -> None:
    """A person says that it is none. Its cases go back to their lanes. Conflict once it was confirmed."""
    await _set(tx, incident, incidents.c.confirmed_at.is_(None), {"dismissed_at": now})
    await tx.execute(
        sa.update(cases)
        .where(cases.c.platform_id == incident.platform_id, cases.c.incident_id == incident.id)
        .values(incident_id=None)
    )
    await _tell(tx, incident, "incident.dismissed", actor, now, reason)


async def end(
    tx: AsyncConnection, incident: Incident, actor: Actor, ended_at: datetime, reason: str, now: datetime
) -> None:
    """It is over: orders paid after ``ended_at`` have nothing to do with it, and count in their accounts' history."""
    await _set(tx, incident, incidents.c.ended_at.is_(None), {"ended_at": ended_at})
    let_go = list(
        await tx.scalars(
            sa.update(cases)
            .where(
                cases.c.platform_id == incident.platform_id,
                cases.c.incident_id == incident.id,
                _paid_at() > ended_at,
            )
            .values(incident_id=None)
            .returning(cases.c.id)
        )
    )
    for kind, apart in _KEPT_APART.items():
        await tx.execute(
            sa.update(history_events)
            .where(
                history_events.c.platform_id == incident.platform_id,
                history_events.c.event_id.in_([f"{OWN_EVENTS}{case_id}:{kind.value}" for case_id in let_go]),
                history_events.c.kind == apart.value,
            )
            .values(kind=kind.value)
        )
    await _tell(tx, incident, "incident.ended", actor, now, reason)


async def attach(tx: AsyncConnection, platform_id: str, since: datetime) -> int:
    """Let incidents have the live cases they strike that were accepted after ``since``; returns how many are new.

    ``since`` bounds the work: whoever declares one gives its beginning, the job only what came meanwhile.
    """
    open_ones = await _find(tx, incidents.c.platform_id == platform_id, _GOING_ON)
    attached = 0
    for incident in open_ones:
        where = [
            cases.c.platform_id == platform_id,
            cases.c.as_of >= max(since, incident.began_at),
            cases.c.incident_id.is_(None),
            cases.c.state.not_in(FINAL_STATES),
            _paid_at() >= incident.began_at - _BEFORE,
        ]
        if incident.struck is not Struck.PLATFORM:
            where.append(_STRUCK_ID[incident.struck] == incident.struck_id)
        done = await tx.execute(sa.update(cases).where(*where).values(incident_id=incident.id))
        attached += done.rowcount
    return attached


# An order placed a little before the first failure is struck as well: top-ups are on their way for a day.
_BEFORE = timedelta(days=1)


async def keep_apart(tx: AsyncConnection, platform_id: str, since: datetime) -> int:
    """Take the refunds of confirmed incidents out of what is held against accounts; returns how many events.

    Of cases that changed since, and of incidents confirmed since.
    """
    moved = 0
    of_confirmed = (
        sa.select(cases.c.id)
        .join(
            incidents,
            sa.and_(incidents.c.platform_id == cases.c.platform_id, incidents.c.id == cases.c.incident_id),
        )
        .where(cases.c.platform_id == platform_id, cases.c.incident_id.is_not(None))
    )
    # Two looks, each with an index of its own: an OR over both tables reads every case any incident ever struck.
    struck = sa.union(
        of_confirmed.where(incidents.c.confirmed_at.is_not(None), cases.c.state_since >= since),
        of_confirmed.where(incidents.c.confirmed_at >= since),
    )
    for kind, apart in _KEPT_APART.items():
        done = await tx.execute(
            sa.update(history_events)
            .where(
                history_events.c.platform_id == platform_id,
                history_events.c.kind == kind.value,
                history_events.c.case_id.in_(struck),
            )
            .values(kind=apart.value)
        )
        moved += done.rowcount
    return moved


async def looked_to(connection: AsyncConnection, platform_id: str) -> datetime | None:
    """Up to when the job has looked; None where it never has."""
    found: datetime | None = await connection.scalar(
        sa.select(incident_looks.c.looked_to).where(incident_looks.c.platform_id == platform_id)
    )
    return None if found is None else utc(found)


async def note_looked(tx: AsyncConnection, platform_id: str, until: datetime) -> None:
    """Never back: of two processes that look at once the later stands."""
    given = insert(incident_looks).values(platform_id=platform_id, looked_to=until)
    latest = sa.func.greatest(incident_looks.c.looked_to, given.excluded.looked_to)
    await tx.execute(given.on_conflict_do_update(index_elements=["platform_id"], set_={"looked_to": latest}))


async def case_ids(
    connection: AsyncConnection,
    platform_id: str,
    incident_id: uuid.UUID,
    *,
    states: Collection[CaseState] = LIVE,
    at_most: int | None = None,
) -> tuple[uuid.UUID, ...]:
    """Its cases in one of ``states``, oldest first; no more than ``at_most`` where that is given."""
    rows = await connection.execute(
        sa.select(cases.c.id)
        .where(
            cases.c.platform_id == platform_id,
            cases.c.incident_id == incident_id,
            cases.c.state.in_([state.value for state in states]),
        )
        .order_by(cases.c.accepted_at, cases.c.id)
        .limit(at_most)
    )
    return tuple(row.id for row in rows)


async def jumps(
    connection: AsyncConnection, platform_id: str, struck: Struck, now: datetime, at_least: int
) -> tuple[Jump, ...]:
    """What was claimed for by at least ``at_least`` accounts in the last hour, with its usual claims an hour.

    Different accounts are counted, not claims: one account can claim as often as it likes. Claims that an incident has
    already are left out.
    """
    hour, which = now - timedelta(hours=1), _STRUCK_ID[struck]
    accounts = sa.func.count(sa.distinct(cases.c.account_id))
    recent = (
        sa.select(which.label("struck_id"), accounts.label("accounts"), sa.func.min(cases.c.accepted_at).label("first"))
        .where(
            cases.c.platform_id == platform_id,
            cases.c.as_of > hour,
            cases.c.as_of <= now,
            cases.c.incident_id.is_(None),
            which.is_not(None),
        )
        .group_by(which)
        .having(accounts >= at_least)
    )
    return tuple(
        [
            Jump(
                struck=struck,
                struck_id=row.struck_id,
                count=row.accounts,
                usual=await _usual(connection, platform_id, struck, row.struck_id, hour),
                first_at=utc(row.first),
            )
            for row in (await connection.execute(recent)).all()
        ]
    )


async def _usual(
    connection: AsyncConnection, platform_id: str, struck: Struck, struck_id: str, until: datetime
) -> float:
    """Claims an hour in the week before; of sellers and products from the index of their history."""
    since = until - timedelta(days=7)
    if struck is Struck.SUPPLIER:
        where = [cases.c.platform_id == platform_id, cases.c.as_of > since, cases.c.as_of <= until]
        statement = sa.select(sa.func.count()).select_from(cases).where(*where, _STRUCK_ID[struck] == struck_id)
    else:
        column = history_events.c.seller_id if struck is Struck.SELLER else history_events.c.product_id
        statement = sa.select(sa.func.count()).where(
            history_events.c.platform_id == platform_id,
            column == struck_id,
            history_events.c.kind == EventKind.REFUND_REQUESTED.value,
            history_events.c.occurred_at > since,
            history_events.c.occurred_at <= until,
        )
    return (await connection.scalar(statement) or 0) / (7 * 24)


def _paid_at() -> sa.ColumnElement[Any]:
    moment = sa.func.coalesce(_ORDER["paid_at"].astext, _ORDER["ordered_at"].astext)
    return sa.cast(moment, sa.DateTime(timezone=True))


async def _set(tx: AsyncConnection, incident: Incident, still: sa.ColumnElement[bool], values: dict[str, Any]) -> None:
    changed = await tx.execute(
        sa.update(incidents)
        .where(
            incidents.c.platform_id == incident.platform_id,
            incidents.c.id == incident.id,
            incidents.c.dismissed_at.is_(None),
            still,
        )
        .values(values)
    )
    if changed.rowcount == 0:
        raise Conflict("The incident is not in a state for that any more; read it again.")


async def _tell(tx: AsyncConnection, incident: Incident, action: str, actor: Actor, now: datetime, reason: str) -> None:
    struck = {"incident_id": str(incident.id), "struck": incident.struck.value, "struck_id": incident.struck_id}
    await audit.register_actor(tx, incident.platform_id, actor, now)
    await audit.add_entry(
        tx, incident.platform_id, actor, action, subject(incident.id), now, struck | {"reason": reason},
        reason=reason or None, after=struck,
    )  # fmt: skip
    await outgoing.tell(tx, incident.platform_id, OutgoingEvent(type=action, occurred_at=now, data=struck))


async def _find(connection: AsyncConnection, *where: sa.ColumnElement[bool]) -> tuple[Incident, ...]:
    rows = await connection.execute(
        sa.select(incidents).where(*where).order_by(incidents.c.recorded_at.desc(), incidents.c.id).limit(200)
    )
    return tuple(
        Incident(
            id=row.id,
            platform_id=row.platform_id,
            struck=Struck(row.struck),
            struck_id=row.struck_id,
            began_at=utc(row.began_at),
            ended_at=None if row.ended_at is None else utc(row.ended_at),
            reason=row.reason,
            noticed=row.noticed,
            confirmed_at=None if row.confirmed_at is None else utc(row.confirmed_at),
            dismissed_at=None if row.dismissed_at is None else utc(row.dismissed_at),
            actor=Actor(ActorKind(row.actor_kind), row.actor_name),
            recorded_at=utc(row.recorded_at),
        )
        for row in rows
    )
