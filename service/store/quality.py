"""What must be known before a case is shown to somebody, and what people said of cases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind, person_key
from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.identifiers import new_id
from service.domain.labels import LabelSource
from service.domain.money import Money
from service.domain.quality import Disagreement, Judgement, Occasion, QualitySettings, Verdict
from service.store import audit
from service.store.database import utc
from service.store.learning_tables import labels
from service.store.quality_tables import SAMPLED, blind_draws, disagreements, judgements, quality_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a case stands to one person. ``state`` None where the platform has no such case.

    ``placed``: it is a golden case put before them, not judged yet. ``drawn``: the lot kept for the case, None where
    none was drawn. ``sampled``: of the audit sample, and not settled; ``audited``: so many have judged it for that.
    ``judged``: by them before. ``proposed_by``: whoever proposed a grant that waits; ``second_given``: they have said
    what they hold of it.
    """

    state: CaseState | None
    placed: bool
    drawn: bool | None
    sampled: bool
    audited: int
    judged: bool
    proposed_by: Actor | None
    second_given: bool
    differing: tuple[Actor, Actor] | None
    blind_permille: int


_SAMPLED = SAMPLED.replace("document", "a.document").replace("audit_drawn", "a.audit_drawn")
# By primary key and the indexes of each case; one row whatever there is.
_LOOK = sa.text(f"""
    SELECT c.state, s.blind_permille, d.blind AS drawn,
        EXISTS (
            SELECT FROM golden_placements AS g
            WHERE g.platform_id = :platform_id AND g.id = :case_id AND g.reviewer = :reviewer AND g.judged_at IS NULL
        ) AS placed,
        EXISTS (
            SELECT FROM judgements AS j
            WHERE j.platform_id = :platform_id AND j.case_id = :case_id AND j.reviewer = :reviewer
        ) AS judged,
        EXISTS (
            SELECT FROM judgements AS j
            WHERE j.platform_id = :platform_id AND j.case_id = :case_id AND j.reviewer = :reviewer
                AND j.occasion = 'second' AND j.judged_at >= p.proposed_at
        ) AS second_given,
        p.actor_kind AS proposer_kind, p.actor_name AS proposer_name,
        o.first_kind, o.first_name, o.second_kind, o.second_name,
        EXISTS (
            SELECT FROM assessments AS a
            WHERE a.platform_id = :platform_id AND a.case_id = :case_id AND a.recorded_at > :drawn_after AND {_SAMPLED}
        ) AND NOT EXISTS (
            SELECT FROM labels AS l
            WHERE l.platform_id = :platform_id AND l.case_id = :case_id
                AND l.source IN ('adjudication', 'record', 'chargeback')
        ) AND NOT EXISTS (
            SELECT FROM labels AS l JOIN labels AS m USING (platform_id, case_id)
            WHERE l.platform_id = :platform_id AND l.case_id = :case_id AND l.source = 'audit' AND m.source = 'audit'
                AND l.reviewer_name < m.reviewer_name AND abs(l.loss_share - m.loss_share) <= 0.01
        ) AS sampled,
        (
            SELECT count(DISTINCT l.reviewer_name) FROM labels AS l
            WHERE l.platform_id = :platform_id AND l.case_id = :case_id AND l.source = 'audit'
        ) AS audited
    FROM (SELECT) AS one
    LEFT JOIN cases AS c ON c.platform_id = :platform_id AND c.id = :case_id
    LEFT JOIN quality_settings AS s ON s.platform_id = :platform_id
    LEFT JOIN blind_draws AS d ON d.platform_id = :platform_id AND d.case_id = :case_id
    LEFT JOIN proposals AS p ON p.platform_id = :platform_id AND p.case_id = :case_id
    LEFT JOIN disagreements AS o ON o.platform_id = :platform_id AND o.case_id = :case_id AND o.settled_at IS NULL
""")  # noqa: S608  a constant above


async def look(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID, reviewer: Actor, *, drawn_after: datetime
) -> Look:
    """One statement. ``drawn_after``: what the audit drew before that is settled."""
    given = {
        "platform_id": platform_id, "case_id": case_id, "reviewer": person_key(reviewer.name),
        "drawn_after": drawn_after,
    }  # fmt: skip
    row = (await connection.execute(_LOOK, given)).one()
    return Look(
        state=None if row.state is None else CaseState(row.state),
        placed=row.placed,
        drawn=row.drawn,
        sampled=row.sampled,
        audited=row.audited,
        judged=row.judged,
        proposed_by=_actor(row.proposer_kind, row.proposer_name),
        second_given=row.second_given,
        differing=_both(_actor(row.first_kind, row.first_name), _actor(row.second_kind, row.second_name)),
        blind_permille=QualitySettings().blind_permille if row.blind_permille is None else row.blind_permille,
    )


def _actor(kind: str | None, name: str | None) -> Actor | None:
    return None if kind is None or name is None else Actor(ActorKind(kind), name)


def _both(first: Actor | None, second: Actor | None) -> tuple[Actor, Actor] | None:
    return None if first is None or second is None else (first, second)


async def keep_draw(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, blind: bool, permille: int, now: datetime
) -> bool:
    """Keep the lot drawn for a case, and return the one that stands: the first."""
    row = {"blind": blind, "permille": permille, "drawn_at": now}
    statement = insert(blind_draws).values(platform_id=platform_id, case_id=case_id, **row).on_conflict_do_nothing()
    kept = await tx.scalar(statement.returning(blind_draws.c.blind))
    if kept is None:
        kept = await tx.scalar(
            sa.select(blind_draws.c.blind).where(
                blind_draws.c.platform_id == platform_id, blind_draws.c.case_id == case_id
            )
        )
    return bool(kept)


async def judge(tx: AsyncConnection, judgement: Judgement, *, by_itself: bool = True) -> bool:
    """Keep what somebody said; False where their first judgement of the case is in already.

    ``by_itself``: with an audit entry of its own; what is said by a change of the case has that one's.
    """
    row = {
        "platform_id": judgement.platform_id, "id": judgement.id, "case_id": judgement.case_id,
        "reviewer": person_key(judgement.reviewer.name), "reviewer_kind": judgement.reviewer.kind.value,
        "reviewer_name": judgement.reviewer.name, "occasion": judgement.occasion.value,
        "verdict": judgement.verdict.value, "loss_share": judgement.loss_share,
        "amount_minor": judgement.amount_minor, "currency": judgement.currency, "score_seen": judgement.score_seen,
        "judged_at": judgement.judged_at,
    }  # fmt: skip
    new = insert(judgements).values(**row).on_conflict_do_nothing().returning(judgements.c.id)
    if await tx.scalar(new) is None:
        return False
    if by_itself:
        said = {
            "occasion": judgement.occasion.value, "verdict": judgement.verdict.value,
            "amount": judgement.amount_minor, "score_seen": judgement.score_seen,
        }  # fmt: skip
        await audit.add_entry(
            tx, judgement.platform_id, judgement.reviewer, "case.judged", audit.case_subject(judgement.case_id),
            judgement.judged_at, said, after=said,
        )  # fmt: skip
    return True


async def of_case(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> tuple[Judgement, ...]:
    """All that was said of a case, oldest first."""
    rows = await connection.execute(
        sa.select(judgements)
        .where(judgements.c.platform_id == platform_id, judgements.c.case_id == case_id)
        .order_by(judgements.c.judged_at, judgements.c.id)
    )
    return tuple(_judgement(row) for row in rows)


def _judgement(row: sa.Row[Any]) -> Judgement:
    return Judgement(
        id=row.id,
        platform_id=row.platform_id,
        case_id=row.case_id,
        reviewer=Actor(ActorKind(row.reviewer_kind), row.reviewer_name),
        occasion=Occasion(row.occasion),
        verdict=Verdict(row.verdict),
        loss_share=row.loss_share,
        amount_minor=row.amount_minor,
        currency=row.currency,
        score_seen=row.score_seen,
        judged_at=utc(row.judged_at),
    )


# By assessments_sample_idx, which holds exactly these; of each then by the indexes of its case.
_UNSETTLED = sa.text(f"""
    SELECT c.id, c.number, c.state, a.recorded_at, c.lane, c.accepted_at, c.claim ->> 'reason' AS reason,
        c.claim -> 'amount_claimed' AS amount,
        c.claim #>> '{{order,product,name}}' AS product, c.claim #>> '{{order,seller_id}}' AS seller_id,
        (
            SELECT count(DISTINCT l.reviewer_name) FROM labels AS l
            WHERE l.platform_id = :platform_id AND l.case_id = c.id AND l.source = 'audit'
        ) AS audited
    FROM assessments AS a JOIN cases AS c ON c.platform_id = a.platform_id AND c.id = a.case_id
    WHERE a.platform_id = :platform_id AND a.recorded_at >= :drawn_from AND {_SAMPLED}
        AND NOT EXISTS (
            SELECT FROM labels AS l WHERE l.platform_id = :platform_id AND l.case_id = c.id
                AND l.source IN ('adjudication', 'record', 'chargeback')
        ) AND NOT EXISTS (
            SELECT FROM labels AS l JOIN labels AS m USING (platform_id, case_id)
            WHERE l.platform_id = :platform_id AND l.case_id = c.id AND l.source = 'audit' AND m.source = 'audit'
                AND l.reviewer_name < m.reviewer_name AND abs(l.loss_share - m.loss_share) <= 0.01
        )
    ORDER BY a.recorded_at, c.id LIMIT :most
""")  # noqa: S608  a constant above
_UNSETTLED_AMONG = sa.text(
    _UNSETTLED.text.replace("    ORDER BY", "        AND a.case_id = ANY (CAST(:among AS uuid[]))\n    ORDER BY")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A case of the audit sample that is still to be judged. ``audited``: how many have."""

    case_id: uuid.UUID
    number: str
    state: CaseState
    drawn_at: datetime
    lane: str | None
    reason: ReasonCode
    amount: Money
    product: str
    seller_id: str
    accepted_at: datetime
    audited: int


async def unsettled(
    connection: AsyncConnection,
    platform_id: str,
    *,
    drawn_from: datetime,
    among: Sequence[uuid.UUID] | None = None,
    limit: int,
) -> tuple[Unsettled, ...]:
    """Of the audit sample what is not settled, oldest first; looks through what was drawn from ``drawn_from`` on, or
    through the cases in ``among`` alone."""
    if among is not None and not among:
        return ()
    given: dict[str, Any] = {"platform_id": platform_id, "most": limit, "drawn_from": drawn_from}
    statement = _UNSETTLED
    if among is not None:
        statement, given = _UNSETTLED_AMONG, given | {"among": list(among)}
    return tuple(
        Unsettled(
            case_id=row.id,
            number=row.number,
            state=CaseState(row.state),
            drawn_at=utc(row.recorded_at),
            lane=row.lane,
            reason=ReasonCode(row.reason),
            amount=Money(row.amount["minor"], row.amount["currency"]),
            product=row.product or "",
            seller_id=row.seller_id or "",
            accepted_at=utc(row.accepted_at),
            audited=row.audited,
        )
        for row in await connection.execute(statement, given)
    )


async def judged_by(
    connection: AsyncConnection, platform_id: str, reviewer: Actor, case_ids: Sequence[uuid.UUID]
) -> frozenset[uuid.UUID]:
    """Of these cases those somebody has said something of."""
    said = sa.select(judgements.c.case_id).where(
        judgements.c.platform_id == platform_id,
        judgements.c.case_id.in_(case_ids),
        judgements.c.reviewer == person_key(reviewer.name),
    )
    audited = sa.select(labels.c.case_id).where(
        labels.c.platform_id == platform_id,
        labels.c.case_id.in_(case_ids),
        labels.c.source == LabelSource.AUDIT.value,
        labels.c.reviewer_name == reviewer.name,
    )
    return frozenset(await connection.scalars(sa.union(said, audited)))


# --- two who differ ------------------------------------------------------------------------------------------------


async def differ(tx: AsyncConnection, platform_id: str, found: Disagreement) -> None:
    """Open a disagreement; one that is open already stays."""
    row = {
        "platform_id": platform_id, "id": new_id(), "case_id": found.case_id,
        "first_kind": found.first.kind.value, "first_name": found.first.name,
        "first_verdict": found.first_verdict.value, "first_minor": found.first_minor,
        "second_kind": found.second.kind.value, "second_name": found.second.name,
        "second_verdict": found.second_verdict.value, "second_minor": found.second_minor,
        "currency": found.currency, "opened_at": found.opened_at,
    }  # fmt: skip
    await tx.execute(insert(disagreements).values(**row).on_conflict_do_nothing())


async def disagreement(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> Disagreement | None:
    """The one that is open on a case."""
    row = (await connection.execute(_open_ones(platform_id).where(disagreements.c.case_id == case_id))).one_or_none()
    return None if row is None else _disagreement(row)


async def open_disagreements(
    connection: AsyncConnection, platform_id: str, limit: int = 50
) -> tuple[Disagreement, ...]:
    """Oldest first."""
    statement = _open_ones(platform_id).order_by(disagreements.c.opened_at, disagreements.c.id).limit(limit)
    return tuple(_disagreement(row) for row in await connection.execute(statement))


async def settle(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, now: datetime) -> None:
    await tx.execute(
        sa.update(disagreements)
        .where(
            disagreements.c.platform_id == platform_id,
            disagreements.c.case_id == case_id,
            disagreements.c.settled_at.is_(None),
        )
        .values(settled_at=now)
    )


def _open_ones(platform_id: str) -> sa.Select[Any]:
    return sa.select(disagreements).where(
        disagreements.c.platform_id == platform_id, disagreements.c.settled_at.is_(None)
    )


def _disagreement(row: sa.Row[Any]) -> Disagreement:
    return Disagreement(
        case_id=row.case_id,
        first=Actor(ActorKind(row.first_kind), row.first_name),
        first_verdict=Verdict(row.first_verdict),
        first_minor=row.first_minor,
        second=Actor(ActorKind(row.second_kind), row.second_name),
        second_verdict=Verdict(row.second_verdict),
        second_minor=row.second_minor,
        currency=row.currency,
        opened_at=utc(row.opened_at),
    )


# --- settings ------------------------------------------------------------------------------------------------------


async def settings(connection: AsyncConnection, platform_id: str) -> QualitySettings:
    found = sa.select(quality_settings.c.blind_permille, quality_settings.c.golden_permille).where(
        quality_settings.c.platform_id == platform_id
    )
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return QualitySettings()
    return QualitySettings(blind_permille=row.blind_permille, golden_permille=row.golden_permille)


async def change_settings(
    tx: AsyncConnection, platform_id: str, wanted: QualitySettings, reason: str, actor: Actor, now: datetime
) -> None:
    """With the audit entry. Lots that were drawn stay as they are."""
    before = await settings(tx, platform_id)
    row = {"blind_permille": wanted.blind_permille, "golden_permille": wanted.golden_permille}
    statement = insert(quality_settings).values(platform_id=platform_id, **row)
    await tx.execute(statement.on_conflict_do_update(index_elements=[quality_settings.c.platform_id], set_=row))
    was = {"blind_permille": before.blind_permille, "golden_permille": before.golden_permille}
    await audit.add_entry(
        tx, platform_id, actor, "quality.settings_changed", f"platform:{platform_id}", now, {"from": was, "to": row},
        reason=reason, before=was, after=row,
    )  # fmt: skip
