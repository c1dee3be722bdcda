"""The buyer's consent to reading identity papers, as it came with a claim."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.claims import Consent
from service.domain.identifiers import new_id
from service.store import audit
from service.store.personal_data_tables import consents


async def known(connection: AsyncConnection, platform_id: str, order_number: str, by: datetime) -> bool:
    """Whether one had been recorded for the order by then."""
    found = await connection.scalar(
        sa.select(sa.literal(1))
        .where(
            consents.c.platform_id == platform_id,
            consents.c.order_number == order_number,
            consents.c.recorded_at <= by,
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
