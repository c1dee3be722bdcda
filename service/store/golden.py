"""Golden cases and where they were put: closed cases with a proven truth, met again as if they were new.

A placement is no case: its id stands in no other table, so that whatever is asked of it elsewhere finds nothing, and
nothing can be granted, told, counted or learned by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind, person_key
from service.domain.labels import LabelSource
from service.domain.quality import GoldenCase, Placement, Verdict
from service.store import audit
from service.store.database import utc
from service.store.learning_tables import labels
from service.store.quality_tables import golden_cases, golden_placements
from service.store.tables import cases

_PLACED = (
    sa.select(golden_placements, golden_cases.c.case_id, golden_cases.c.assessment_id)
    .join_from(
        golden_placements,
        golden_cases,
        sa.and_(
            golden_cases.c.platform_id == golden_placements.c.platform_id,
            golden_cases.c.id == golden_placements.c.golden_id,
        ),
    )
    .where(golden_placements.c.platform_id == sa.bindparam("of_platform"))
    .where(golden_placements.c.reviewer == sa.bindparam("of_reviewer"))
)


async def placement(
    connection: AsyncConnection, platform_id: str, placement_id: uuid.UUID, reviewer: Actor
) -> Placement | None:
    """What was put before this person under this id, judged or not; to anybody else it does not exist."""
    given = {"of_platform": platform_id, "of_reviewer": person_key(reviewer.name)}
    row = (await connection.execute(_PLACED.where(golden_placements.c.id == placement_id), given)).one_or_none()
    return None if row is None else _placement(row)


async def placed(
    connection: AsyncConnection, platform_id: str, reviewer: Actor, now: datetime, limit: int
) -> tuple[Placement, ...]:
    """What waits for this person now, oldest first."""
    statement = (
        _PLACED.where(golden_placements.c.judged_at.is_(None), golden_placements.c.accepted_at <= now)
        .order_by(golden_placements.c.accepted_at, golden_placements.c.id)
        .limit(limit)
    )
    given = {"of_platform": platform_id, "of_reviewer": person_key(reviewer.name)}
    return tuple(_placement(row) for row in await connection.execute(statement, given))


async def judged(
    connection: AsyncConnection, platform_id: str, reviewer: Actor, limit: int
) -> tuple[tuple[Placement, GoldenCase], ...]:
    """What this person has judged, newest first, each with what is known of it."""
    statement = (
        _PLACED.where(golden_placements.c.judged_at.is_not(None))
        .order_by(golden_placements.c.judged_at.desc(), golden_placements.c.id)
        .limit(limit)
    )
    given = {"of_platform": platform_id, "of_reviewer": person_key(reviewer.name)}
    placements = [_placement(row) for row in await connection.execute(statement, given)]
    known = [await get(connection, platform_id, each.golden_id) for each in placements]
    return tuple((placed, each) for placed, each in zip(placements, known, strict=True) if each is not None)


async def place(
    tx: AsyncConnection,
    platform_id: str,
    reviewer: Actor,
    golden_id: uuid.UUID,
    after: uuid.UUID,
    placement_id: uuid.UUID,
    number: str,
    accepted_at: datetime,
) -> bool:
    """Put a golden case before somebody, ``after`` a decision of theirs; False where they have met it before."""
    row = {
        "platform_id": platform_id, "id": placement_id, "golden_id": golden_id, "number": number,
        "reviewer": person_key(reviewer.name), "after_case_id": after, "accepted_at": accepted_at,
    }  # fmt: skip
    new = insert(golden_placements).values(**row).on_conflict_do_nothing().returning(golden_placements.c.id)
    return await tx.scalar(new) is not None


async def judge(
    tx: AsyncConnection,
    platform_id: str,
    placement_id: uuid.UUID,
    reviewer: Actor,
    verdict: Verdict,
    loss_share: float | None,
    now: datetime,
) -> bool:
    """Keep what they said of it, with the audit entry; False where they have said something before."""
    done = await tx.execute(
        sa.update(golden_placements)
        .where(
            golden_placements.c.platform_id == platform_id,
            golden_placements.c.id == placement_id,
            golden_placements.c.reviewer == person_key(reviewer.name),
            golden_placements.c.judged_at.is_(None),
        )
        .values(verdict=verdict.value, loss_share=loss_share, judged_at=now)
    )
    if done.rowcount:
        said = {"verdict": verdict.value}
        await audit.add_entry(
            tx, platform_id, reviewer, "golden.judged", f"golden:{placement_id}", now, said, after=said
        )
    return bool(done.rowcount)


async def candidates(
    connection: AsyncConnection, platform_id: str, reviewer: Actor, since: datetime, limit: int = 50
) -> tuple[uuid.UUID, ...]:
    """Golden cases in use, accepted since then, that the person has not met, neither as such nor as the case it was."""
    key = person_key(reviewer.name)
    met = sa.text("""NOT EXISTS (
            SELECT FROM golden_placements AS p
            WHERE p.platform_id = golden_cases.platform_id AND p.golden_id = golden_cases.id AND p.reviewer = :reviewer
        ) AND NOT EXISTS (
            SELECT FROM judgements AS j
            WHERE j.platform_id = golden_cases.platform_id AND j.case_id = golden_cases.case_id
                AND j.reviewer = :reviewer
        ) AND NOT EXISTS (
            SELECT FROM case_steps AS s
            WHERE s.platform_id = golden_cases.platform_id AND s.case_id = golden_cases.case_id
                AND s.actor_name = :name
        )""")
    statement = (
        sa.select(golden_cases.c.id)
        .join_from(
            golden_cases,
            cases,
            sa.and_(cases.c.platform_id == golden_cases.c.platform_id, cases.c.id == golden_cases.c.case_id),
        )
        .where(
            golden_cases.c.platform_id == platform_id,
            golden_cases.c.retired_at.is_(None),
            golden_cases.c.made_by_name != reviewer.name,
            cases.c.accepted_at > since,
            met,
        )
        .order_by(golden_cases.c.id)
        .limit(limit)
    )
    return tuple(await connection.scalars(statement, {"reviewer": key, "name": reviewer.name}))


async def proof(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID, sources: Sequence[LabelSource]
) -> tuple[LabelSource, float] | None:
    """The last word on a case of those that prove something, with the share that was not due."""
    row = (
        await connection.execute(
            sa.select(labels.c.source, labels.c.loss_share)
            .where(
                labels.c.platform_id == platform_id,
                labels.c.case_id == case_id,
                labels.c.source.in_([source.value for source in sources]),
            )
            .order_by(labels.c.recorded_at.desc(), labels.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (LabelSource(row.source), row.loss_share)


async def make(tx: AsyncConnection, platform_id: str, made: GoldenCase, assessment_id: uuid.UUID) -> bool:
    """Put a case among the golden ones, with the audit entry; False where it is one already."""
    row = {
        "platform_id": platform_id, "id": made.id, "case_id": made.case_id, "assessment_id": assessment_id,
        "verdict": made.verdict.value, "loss_share": made.loss_share, "proof": made.proof.value, "note": made.note,
        "made_by_kind": made.made_by.kind.value, "made_by_name": made.made_by.name, "made_at": made.made_at,
    }  # fmt: skip
    new = insert(golden_cases).values(**row).on_conflict_do_nothing().returning(golden_cases.c.id)
    if await tx.scalar(new) is None:
        return False
    what = {"golden": str(made.id), "verdict": made.verdict.value, "proof": made.proof.value}
    subject = audit.case_subject(made.case_id)
    await audit.add_entry(tx, platform_id, made.made_by, "golden.made", subject, made.made_at, what, after=what)
    return True


async def retire(tx: AsyncConnection, platform_id: str, golden_id: uuid.UUID, actor: Actor, now: datetime) -> bool:
    """Put it before nobody any more; False where it is in use no longer."""
    retired = (
        sa.update(golden_cases)
        .where(
            golden_cases.c.platform_id == platform_id,
            golden_cases.c.id == golden_id,
            golden_cases.c.retired_at.is_(None),
        )
        .values(retired_at=now)
        .returning(golden_cases.c.case_id)
    )
    case_id = await tx.scalar(retired)
    if case_id is None:
        return False
    what = {"golden": str(golden_id)}
    subject = audit.case_subject(case_id)
    await audit.add_entry(tx, platform_id, actor, "golden.retired", subject, now, what, after=what)
    await tx.execute(
        sa.delete(golden_placements).where(
            golden_placements.c.platform_id == platform_id,
            golden_placements.c.golden_id == golden_id,
            golden_placements.c.judged_at.is_(None),
        )
    )
    return True


async def forget(tx: AsyncConnection, platform_id: str, case_ids: Sequence[uuid.UUID], now: datetime) -> None:
    """Of cases whose person is erased: put before nobody any more, and without what was written of them."""
    made = (
        sa.update(golden_cases)
        .where(golden_cases.c.platform_id == platform_id, golden_cases.c.case_id.in_(case_ids))
        .values(note="", retired_at=sa.func.coalesce(golden_cases.c.retired_at, now))
        .returning(golden_cases.c.id)
    )
    ids = list(await tx.scalars(made))
    await tx.execute(
        sa.delete(golden_placements).where(
            golden_placements.c.platform_id == platform_id,
            golden_placements.c.golden_id.in_(ids),
            golden_placements.c.judged_at.is_(None),
        )
    )


async def listed(connection: AsyncConnection, platform_id: str, limit: int = 100) -> tuple[GoldenCase, ...]:
    """Those in use first, each newest first, with how often they were judged and how often rightly."""
    placements = (
        sa.select(
            sa.func.count(golden_placements.c.judged_at).label("shown"),
            sa.func.count()
            .filter(sa.func.abs(golden_placements.c.loss_share - golden_cases.c.loss_share) < 0.5)
            .label("right"),
        )
        .where(
            golden_placements.c.platform_id == golden_cases.c.platform_id,
            golden_placements.c.golden_id == golden_cases.c.id,
        )
        .lateral("placements")
    )
    statement = (
        sa.select(golden_cases, cases.c.number, placements.c.shown, placements.c.right)
        .join_from(
            golden_cases,
            cases,
            sa.and_(cases.c.platform_id == golden_cases.c.platform_id, cases.c.id == golden_cases.c.case_id),
        )
        .join(placements, sa.true())
        .where(golden_cases.c.platform_id == platform_id)
        .order_by(golden_cases.c.retired_at.is_not(None), golden_cases.c.made_at.desc(), golden_cases.c.id)
        .limit(limit)
    )
    return tuple(_golden(row) for row in await connection.execute(statement))


async def get(connection: AsyncConnection, platform_id: str, golden_id: uuid.UUID) -> GoldenCase | None:
    statement = (
        sa.select(golden_cases, cases.c.number, sa.literal(0).label("shown"), sa.literal(0).label("right"))
        .join_from(
            golden_cases,
            cases,
            sa.and_(cases.c.platform_id == golden_cases.c.platform_id, cases.c.id == golden_cases.c.case_id),
        )
        .where(golden_cases.c.platform_id == platform_id, golden_cases.c.id == golden_id)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _golden(row)


def _golden(row: sa.Row[Any]) -> GoldenCase:
    return GoldenCase(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        verdict=Verdict(row.verdict),
        loss_share=row.loss_share,
        proof=LabelSource(row.proof),
        note=row.note,
        made_by=Actor(ActorKind(row.made_by_kind), row.made_by_name),
        made_at=utc(row.made_at),
        retired_at=None if row.retired_at is None else utc(row.retired_at),
        shown=row.shown,
        right=row.right,
    )


def _placement(row: sa.Row[Any]) -> Placement:
    return Placement(
        id=row.id,
        golden_id=row.golden_id,
        case_id=row.case_id,
        assessment_id=row.assessment_id,
        number=row.number,
        accepted_at=utc(row.accepted_at),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        loss_share=row.loss_share,
        judged_at=None if row.judged_at is None else utc(row.judged_at),
    )
