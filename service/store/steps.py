"""A case's steps and the proposal that waits on it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.codec import from_data, to_data
from service.domain.lifecycle import Action
from service.domain.money import Money
from service.domain.steps import Proposal, Step
from service.store.database import utc
from service.store.step_tables import case_steps, proposals
from service.store.tables import cases

COLUMNS = tuple(column.name for column in case_steps.columns)


async def add(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, step: Step) -> None:
    await tx.execute(sa.insert(case_steps), step_row(platform_id, case_id, step))


def step_row(platform_id: str, case_id: uuid.UUID, step: Step) -> dict[str, Any]:
    """As ``add``, for whoever writes it together with something else."""
    data = to_data(step)
    actor = data.pop("actor")
    row = data | {"at": step.at, "actor_kind": actor["kind"], "actor_name": actor["name"]}
    row |= {"reason": step.reason or None, "data": data["data"] or None}
    return {"platform_id": platform_id, "case_id": case_id, **row}


def all_of_case() -> sa.ScalarSelect[Any]:
    """As one JSON array, beside a row of ``cases``; see ``from_rows``."""
    column = case_steps.c
    return (
        sa.select(sa.func.jsonb_agg(aggregate_order_by(sa.func.to_jsonb(case_steps.table_valued()), column.version)))
        .where(column.platform_id == cases.c.platform_id, column.case_id == cases.c.id)
        .scalar_subquery()
    )


def from_rows(rows: list[dict[str, Any]] | None) -> tuple[Step, ...]:
    """What ``all_of_case`` gave, oldest first."""
    return tuple(
        from_data(
            Step,
            {name: value for name, value in row.items() if name not in _NOT_OF_STEP}
            | {
                "actor": {"kind": row["actor_kind"], "name": row["actor_name"]},
                "reason": row["reason"] or "",
                "data": row["data"] or {},
                "at": utc(datetime.fromisoformat(row["at"])),
            },
        )
        for row in rows or ()
    )


_NOT_OF_STEP = frozenset({"platform_id", "case_id", "actor_kind", "actor_name"})


async def of_case(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> tuple[Step, ...]:
    """Every step of a case, oldest first."""
    found = sa.select(all_of_case()).where(cases.c.platform_id == platform_id, cases.c.id == case_id)
    return from_rows(await connection.scalar(found))


async def propose(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, proposal: Proposal) -> None:
    """Keep a proposal in place of any other."""
    row = {
        "action": proposal.action.value, "actor_kind": proposal.actor.kind.value, "actor_name": proposal.actor.name,
        "amount_minor": proposal.amount.minor, "currency": proposal.amount.currency, "reason": proposal.reason,
        "proposed_at": proposal.proposed_at,
    }  # fmt: skip
    statement = insert(proposals).values(platform_id=platform_id, case_id=case_id, **row)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=[proposals.c.platform_id, proposals.c.case_id], set_=row)
    )


async def drop_proposal(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> None:
    """What was proposed on a case as it was before is not proposed on the case as it is now."""
    await tx.execute(sa.delete(proposals).where(proposals.c.platform_id == platform_id, proposals.c.case_id == case_id))


async def proposal(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> Proposal | None:
    row = await connection.scalar(
        sa.select(sa.func.to_jsonb(proposals.table_valued())).where(
            proposals.c.platform_id == platform_id, proposals.c.case_id == case_id
        )
    )
    return None if row is None else proposal_of(row)


def proposal_of(row: dict[str, Any]) -> Proposal:
    """From a row of ``proposals`` as JSON."""
    return Proposal(
        action=Action(row["action"]),
        actor=Actor(ActorKind(row["actor_kind"]), row["actor_name"]),
        amount=Money(row["amount_minor"], row["currency"]),
        reason=row["reason"],
        proposed_at=utc(datetime.fromisoformat(row["proposed_at"])),
    )
