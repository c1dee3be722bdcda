"""The buyer's consent to reading identity papers, as it came with a claim."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.claims import Consent
from service.domain.evidence import PageKind
from service.domain.identifiers import new_id
from service.store import audit, retention
from service.store.personal_data_redaction import kinds_of
from service.store.personal_data_tables import consents
from service.store.tables import assessments, cases, order_evidence

WITHDRAWN = "the consent was withdrawn"
_IDENTITY = PageKind.IDENTITY.value


async def known(connection: AsyncConnection, platform_id: str, order_number: str, by: datetime) -> bool:
    """Whether one that had been recorded for the order by then was not withdrawn by then."""
    found = await connection.scalar(
        sa.select(sa.literal(1))
        .where(
            consents.c.platform_id == platform_id,
            consents.c.order_number == order_number,
            consents.c.recorded_at <= by,
            sa.or_(consents.c.withdrawn_at.is_(None), consents.c.withdrawn_at > by),
        )
        .limit(1)
    )
    return found is not None


async def record(
    tx: AsyncConnection,
    platform_id: str,
    order_number: str,
    account_id: str,
    case_id: uuid.UUID,
    consent: Consent,
    actor: Actor,
    now: datetime,
) -> bool:
    """Keep it, with who brought it; True for the first of the order."""
    first = not await known(tx, platform_id, order_number, now)
    await tx.execute(
        sa.insert(consents),
        {
            "platform_id": platform_id, "id": new_id(), "order_number": order_number, "account_id": account_id,
            "case_id": case_id, "purpose": consent.purpose, "given_at": consent.given_at, "recorded_at": now,
        },
    )  # fmt: skip
    details = {"purpose": consent.purpose, "given_at": consent.given_at.isoformat()}
    await audit.add_entry(
        tx, platform_id, actor, "consent.recorded", audit.case_subject(case_id), now, details,
        reason=consent.purpose, after={"given_at": consent.given_at},
    )  # fmt: skip
    return first


async def withdraw(
    tx: AsyncConnection,
    platform_id: str,
    order_number: str,
    case_id: uuid.UUID,
    actor: Actor,
    reason: str,
    now: datetime,
) -> tuple[int, tuple[str, ...]]:
    """End every consent of an order: how many, and the identity papers that were taken away with them.

    What was read of the papers goes from readings and assessments as at the end of their retention. One that stands on
    another order too, where its consent still holds, stays.
    """
    ended = await tx.execute(
        sa.update(consents)
        .where(
            consents.c.platform_id == platform_id,
            consents.c.order_number == order_number,
            consents.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    papers = await _papers(tx, platform_id, order_number, now)
    await audit.register_actor(tx, platform_id, actor, now)
    told = {"consents": ended.rowcount, "files": len(papers)}
    await audit.add_entry(
        tx, platform_id, actor, "consent.withdrawn", audit.case_subject(case_id), now, {**told, "evidence": papers},
        reason=reason, after=told,
    )  # fmt: skip
    if papers:
        await retention.bury(tx, platform_id, dict.fromkeys(papers, _IDENTITY), WITHDRAWN, now)
        await retention.redact_assessments(tx, platform_id, papers, WITHDRAWN, actor, now)
    return ended.rowcount, tuple(papers)


async def _papers(tx: AsyncConnection, platform_id: str, order_number: str, now: datetime) -> list[str]:
    """The order's files that an assessment saw as identity papers, without those another order's consent covers."""
    of_order = (cases.c.platform_id == platform_id, cases.c.order_number == order_number)
    rows = await tx.execute(
        sa.select(assessments.c.document)
        .join_from(
            assessments,
            cases,
            sa.and_(cases.c.platform_id == assessments.c.platform_id, cases.c.id == assessments.c.case_id),
        )
        .where(*of_order)
    )
    found = {sha256 for row in rows for sha256, kind in kinds_of(row.document).items() if kind == _IDENTITY}
    if not found:
        return []
    elsewhere = await tx.execute(
        sa.select(order_evidence.c.sha256, order_evidence.c.order_number).where(
            order_evidence.c.platform_id == platform_id,
            order_evidence.c.sha256.in_(sorted(found)),
            order_evidence.c.order_number != order_number,
        )
    )
    for row in elsewhere.all():
        if await known(tx, platform_id, row.order_number, now):
            found.discard(row.sha256)
    return sorted(found)
