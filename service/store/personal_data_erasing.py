"""Takes one account's person out of every table that knows of it, in the caller's transaction."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import Conflict, NotFound
from service.store import golden, retention
from service.store.case_tables import outgoing_events
from service.store.holding_tables import held_decisions
from service.store.idempotency import KeptAnswers
from service.store.marking_tables import reading_labels, risk_marks
from service.store.outcome_tables import anomalies, outcomes
from service.store.personal_data_redaction import (
    Pseudonym,
    claim_without,
    document_without_person,
    kinds_of,
    reuse_without,
)
from service.store.personal_data_tables import consents
from service.store.retention import ENDED, UNKNOWN
from service.store.step_tables import case_steps, proposals
from service.store.tables import assessments, budget_usage, cases, history_events, linked_claims, order_evidence

WHY = "erasure of the account"
_LINKS = ("device_id", "payer_id", "ip")
_KEPT = ("reason", "trade_number", "resubmitted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """``files``: hashes of what goes; ``shared``: files that stay because another account sent the same bytes."""

    cases: int
    files: tuple[str, ...]
    events: int
    shared: int


async def erase(
    tx: AsyncConnection,
    platform_id: str,
    account_id: str,
    pseudonym: Pseudonym,
    answers: KeptAnswers,
    actor: Actor,
    now: datetime,
) -> Taken:
    """NotFound where there is nothing of the account, Conflict while a case of it runs."""
    own = await _cases(tx, platform_id, account_id)
    linked = await _linked(tx, platform_id, account_id)
    files, shared = await _files(tx, platform_id, account_id)
    events = await _events(tx, platform_id, account_id, pseudonym)
    if not (own or linked or files or shared or events):
        raise NotFound(f"platform {platform_id!r} has nothing of this account")
    documents = await _documents(tx, platform_id, own)
    kinds = {sha256: kind for document in documents.values() for sha256, kind in kinds_of(document).items()}
    await retention.bury(tx, platform_id, {sha256: kinds.get(sha256, UNKNOWN) for sha256 in files}, WHY, now)
    if files:
        await retention.redact_assessments(tx, platform_id, files, WHY, actor, now)
    await _redact_claims(tx, platform_id, own, linked, pseudonym)
    for assessment_id, document in (await _documents(tx, platform_id, own)).items():
        left = document_without_person(document, files, WHY)
        if left != document:
            await retention.replace_document(tx, platform_id, assessment_id, left, WHY, actor, now)
    await _redact_words(tx, platform_id, own)
    await golden.forget(tx, platform_id, own, now)
    # Sealed, they cannot be searched by the database.
    needles = [*(str(case_id) for case_id in own), json.dumps(account_id, ensure_ascii=False)]
    await answers.blank(tx, platform_id, [needle.encode() for needle in needles])
    await _rename(tx, platform_id, account_id, pseudonym, actor, now)
    return Taken(cases=len(own), files=tuple(files), events=events, shared=shared)


async def _cases(tx: AsyncConnection, platform_id: str, account_id: str) -> list[uuid.UUID]:
    """Locked, so that nothing is decided on what is being taken away."""
    rows = (
        await tx.execute(
            sa.select(cases.c.id, cases.c.number, cases.c.state, cases.c.reassessing)
            .where(cases.c.platform_id == platform_id, cases.c.account_id == account_id)
            .order_by(cases.c.id)
            .with_for_update()
        )
    ).all()
    running = [f"{row.number} ({row.state})" for row in rows if row.state not in ENDED or row.reassessing]
    if running:
        raise Conflict(f"these cases of the account are not over; end them first: {', '.join(running)}")
    return [row.id for row in rows]


async def _linked(tx: AsyncConnection, platform_id: str, account_id: str) -> list[uuid.UUID]:
    rows = await tx.execute(
        sa.select(linked_claims.c.id).where(
            linked_claims.c.platform_id == platform_id, linked_claims.c.account_id == account_id
        )
    )
    return [row.id for row in rows]


async def _files(tx: AsyncConnection, platform_id: str, account_id: str) -> tuple[list[str], int]:
    """Files only this account sent, and how many another sent as well."""
    of_others = order_evidence.alias()
    shared = (
        sa.exists()
        .where(
            of_others.c.platform_id == platform_id,
            of_others.c.sha256 == order_evidence.c.sha256,
            of_others.c.account_id != account_id,
        )
        .label("shared")
    )
    rows = (
        await tx.execute(
            sa.select(order_evidence.c.sha256, shared)
            .where(order_evidence.c.platform_id == platform_id, order_evidence.c.account_id == account_id)
            .distinct()
        )
    ).all()
    return sorted(row[0] for row in rows if not row.shared), sum(row.shared for row in rows)


async def _events(tx: AsyncConnection, platform_id: str, account_id: str, pseudonym: Pseudonym) -> int:
    """The account's past goes on under its pseudonym: sums over sellers and products stay right."""
    mine = sa.and_(history_events.c.platform_id == platform_id, history_events.c.account_id == account_id)
    for name in _LINKS:
        column = history_events.c[name]
        for row in (await tx.execute(sa.select(column).where(mine, column.is_not(None)).distinct())).all():
            await tx.execute(
                sa.update(history_events).where(mine, column == row[0]).values({name: pseudonym(name, row[0])})
            )
    done = await tx.execute(
        sa.update(history_events)
        .where(mine)
        .values(account_id=pseudonym("account_id", account_id), data=_bookkeeping())
    )
    return done.rowcount


def _bookkeeping() -> sa.ColumnElement[Any]:
    """Of an event's further data, which the platform wrote, only what the books and decisions rest on is kept."""
    data = history_events.c.data
    pairs = [part for name in _KEPT for part in (sa.literal(name), data[name])]
    return sa.case((data.is_not(None), sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object(*pairs))), else_=sa.null())


async def _documents(tx: AsyncConnection, platform_id: str, own: Sequence[uuid.UUID]) -> Mapping[Any, Any]:
    rows = await tx.execute(
        sa.select(assessments.c.id, assessments.c.document).where(
            assessments.c.platform_id == platform_id, assessments.c.case_id.in_(own)
        )
    )
    return {row.id: row.document for row in rows}


async def _redact_claims(
    tx: AsyncConnection,
    platform_id: str,
    own: Sequence[uuid.UUID],
    linked: Sequence[uuid.UUID],
    pseudonym: Pseudonym,
) -> None:
    for table, ids, key in (
        (cases, own, cases.c.id),
        (linked_claims, linked, linked_claims.c.id),
        (assessments, own, assessments.c.case_id),
    ):
        which = sa.and_(table.c.platform_id == platform_id, key.in_(ids))
        rows = (await tx.execute(sa.select(table.c.id, table.c.claim).where(which, table.c.claim.is_not(None)))).all()
        for row in rows:
            values: dict[str, Any] = {"claim": claim_without(row.claim, pseudonym)}
            if "request" in table.c:
                values["request"] = sa.null()
            await tx.execute(
                sa.update(table).where(table.c.platform_id == platform_id, table.c.id == row.id).values(values)
            )


async def _redact_words(tx: AsyncConnection, platform_id: str, own: Sequence[uuid.UUID]) -> None:
    """What people wrote on the account's cases."""
    await tx.execute(
        sa.update(case_steps)
        .where(case_steps.c.platform_id == platform_id, case_steps.c.case_id.in_(own))
        .values(reason=None, data=sa.null(), buyer=sa.null())
    )
    await tx.execute(
        sa.delete(held_decisions).where(held_decisions.c.platform_id == platform_id, held_decisions.c.case_id.in_(own))
    )
    for table in (reading_labels, risk_marks):
        await tx.execute(sa.delete(table).where(table.c.platform_id == platform_id, table.c.case_id.in_(own)))
    for table, column in ((proposals, "reason"), (outcomes, "note")):
        await tx.execute(
            sa.update(table).where(table.c.platform_id == platform_id, table.c.case_id.in_(own)).values({column: ""})
        )


async def _rename(
    tx: AsyncConnection, platform_id: str, account_id: str, pseudonym: Pseudonym, actor: Actor, now: datetime
) -> None:
    name = pseudonym("account_id", account_id)
    for table in (cases, linked_claims, order_evidence, consents):
        values = {"account_id": name} | ({"name": ""} if table is order_evidence else {})
        await tx.execute(
            sa.update(table).where(table.c.platform_id == platform_id, table.c.account_id == account_id).values(values)
        )
    await tx.execute(
        sa.update(budget_usage)
        .where(budget_usage.c.platform_id == platform_id, budget_usage.c.entity == account_id)
        .values(entity=name)
    )
    for table in (anomalies, outgoing_events):
        text = sa.cast(table.c.data, sa.Text)
        was, now_is = (json.dumps(each, ensure_ascii=False) for each in (account_id, name))
        await tx.execute(
            sa.update(table)
            .where(table.c.platform_id == platform_id, text.contains(was, autoescape=True))
            .values(data=sa.cast(sa.func.replace(text, was, now_is), JSONB))
        )
    # Other cases on which the account was named as the sender of the same page.
    named = assessments.c.document["reuse"].contains([{"other_account": account_id}])
    rows = await tx.execute(
        sa.select(assessments.c.id, assessments.c.document).where(assessments.c.platform_id == platform_id, named)
    )
    for row in rows.all():
        left = reuse_without(row.document, account_id, pseudonym)
        await retention.replace_document(tx, platform_id, row.id, left, WHY, actor, now)
