"""What is known of evidence files besides their bytes: which order they belong to and what a reader read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.codec import from_data, to_data
from service.domain.evidence import OUR_FAULT, Failed, Identity, ReadOutcome
from service.store.tables import evidence, order_evidence, readings

_NEW_FILE = insert(evidence).on_conflict_do_nothing()
_NEW_ON_ORDER = insert(order_evidence).on_conflict_do_nothing()
_NEW_READING = insert(readings).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A file whose bytes are written: ``size`` in bytes, ``media_type`` told by the content, ``name`` as sent."""

    sha256: str
    size: int
    media_type: str = "application/octet-stream"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReading:
    """What a reader made of a file, without identity data; ``identity``: what of a card may be kept."""

    outcome: ReadOutcome
    identity: Identity | None = None


async def attach(
    tx: AsyncConnection,
    platform_id: str,
    order_number: str,
    case_id: uuid.UUID,
    account_id: str,
    files: Sequence[NewEvidence],
    received_at: datetime,
) -> None:
    """Tie files to an order for good. A file the order has already stays as first received."""
    unique = {file.sha256: (position, file) for position, file in reversed(list(enumerate(files)))}
    # In order of hash: two claims that share files then wait for each other instead of locking each other out.
    ordered = [unique[sha256] for sha256 in sorted(unique)]
    if not ordered:
        return
    common = {"platform_id": platform_id, "received_at": received_at}
    known = [{**common, "sha256": f.sha256, "size": f.size, "media_type": f.media_type} for _, f in ordered]
    await tx.execute(_NEW_FILE, known)
    on_order = {**common, "order_number": order_number, "case_id": case_id, "account_id": account_id}
    await tx.execute(
        _NEW_ON_ORDER,
        [{**on_order, "sha256": f.sha256, "name": f.name, "position": position} for position, f in ordered],
    )


async def not_on_order(
    tx: AsyncConnection, platform_id: str, order_number: str, files: Sequence[NewEvidence]
) -> tuple[str, ...]:
    """Hashes of those among ``files`` that the order does not have yet, in the order given."""
    hashes = list(dict.fromkeys(file.sha256 for file in files))
    if not hashes:
        return ()
    rows = await tx.scalars(
        sa.select(order_evidence.c.sha256).where(
            order_evidence.c.platform_id == platform_id,
            order_evidence.c.order_number == order_number,
            order_evidence.c.sha256 == sa.any_(sa.cast(hashes, sa.ARRAY(sa.Text))),
        )
    )
    known = set(rows)
    return tuple(sha256 for sha256 in hashes if sha256 not in known)


_OF_ORDER = (
    sa.select(order_evidence.c.sha256, evidence.c.size, evidence.c.media_type, order_evidence.c.name)
    .join_from(order_evidence, evidence)
    .where(
        order_evidence.c.platform_id == sa.bindparam("of_platform"),
        order_evidence.c.order_number == sa.bindparam("of_number"),
    )
    .order_by(order_evidence.c.received_at, order_evidence.c.position, order_evidence.c.sha256)
)
_OF_ORDER_BY = _OF_ORDER.where(order_evidence.c.received_at <= sa.bindparam("received_by"))


async def of_order(
    connection: AsyncConnection, platform_id: str, order_number: str, received_by: datetime | None = None
) -> tuple[NewEvidence, ...]:
    """Every file received for an order (up to a moment), in the order of arrival."""
    rows = await connection.execute(
        _OF_ORDER if received_by is None else _OF_ORDER_BY,
        {"of_platform": platform_id, "of_number": order_number, "received_by": received_by},
    )
    return tuple(NewEvidence(**row._mapping) for row in rows)


async def find_readings(
    connection: AsyncConnection, platform_id: str, sha256s: Sequence[str], reader_version: str
) -> dict[str, KeptReading]:
    """sha256 → what this reader made of the file, for those it has read on this platform."""
    if not sha256s:
        return {}
    rows = await connection.execute(
        sa.select(readings.c.sha256, readings.c.outcome, readings.c.identity).where(
            readings.c.platform_id == platform_id,
            readings.c.sha256 == sa.any_(sa.cast(list(sha256s), sa.ARRAY(sa.Text))),
            readings.c.reader_version == reader_version,
        )
    )
    kind: Any = ReadOutcome
    return {
        row.sha256: KeptReading(
            outcome=from_data(kind, row.outcome),
            identity=from_data(Identity, row.identity) if row.identity is not None else None,
        )
        for row in rows
    }


async def save_reading(
    tx: AsyncConnection, platform_id: str, sha256: str, reader_version: str, reading: KeptReading, at: datetime
) -> None:
    """Keep the first reading of a reader version. One that failed for a passing reason is not kept."""
    outcome, card = reading.outcome, reading.identity
    if isinstance(outcome, Failed) and outcome.reason in OUR_FAULT:
        return
    await tx.execute(
        _NEW_READING,
        {
            "platform_id": platform_id, "sha256": sha256, "reader_version": reader_version,
            "outcome": to_data(outcome, ReadOutcome), "identity": to_data(card) if card else None, "recorded_at": at,
        },
    )  # fmt: skip
