"""Files found again on other orders: by their bytes, by what they print, by how they look. One platform at a time.

Whoever records a picture locks its fact keys first, many keys to a lock, and takes its number under the lock. Of two
claims that bring the same facts at once one therefore waits for the other to commit and has the higher number, and
looks up everything below its own: they cannot both find nothing. Keys of the picture's hash are not locked, since a
popular app's pages have them in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.codec import from_data, to_data
from service.domain.reuse import PageFacts, Picture, Sighting
from service.store.tables import picture_keys, pictures

# The latest pictures looked at for each key, however many have it: what a whole shop's customers share is no lead.
PER_KEY = 16
# Orders looked at for each picture that shares a key, and for each file with the same bytes.
_ORDERS_A_PICTURE, _ORDERS_A_FILE = 8, 64
# Pictures handed on for each page, those with the most facts in common first.
PER_PAGE = 24

# Locks of a platform's keys: the server has some 6,400 for everybody, and a claim may bring a thousand keys.
LOCKS = 256

_LOCK = sa.text(
    "SELECT pg_advisory_xact_lock(hashtext(:platform_id), lock) "
    "FROM (SELECT unnest(CAST(:locks AS int[])) AS lock ORDER BY 1) AS sorted"
)
_NEXT_NUMBERS = sa.text("SELECT nextval('picture_numbers') FROM generate_series(1, :count)")
_RECORD_KEYS = sa.text(
    "INSERT INTO picture_keys (platform_id, key, number) "
    "SELECT :platform_id, key, number "
    "FROM unnest(CAST(:keys AS bigint[]), CAST(:numbers AS bigint[])) AS fresh (key, number) "
    "ON CONFLICT DO NOTHING"
)
_KNOWN = sa.text(
    "SELECT sha256, number FROM pictures WHERE platform_id = :platform_id AND sha256 = ANY (CAST(:sha256s AS text[]))"
)
# By the moment alone a claim would be missed that came later and was looked up first, while this one's files were
# still being written.
_SAME_BYTES = sa.text(
    """
    SELECT wanted.sha256, sent.order_number, sent.case_id, sent.account_id
    FROM unnest(CAST(:sha256s AS text[])) AS wanted (sha256)
    LEFT JOIN pictures ON pictures.platform_id = :platform_id AND pictures.sha256 = wanted.sha256
        AND pictures.number < :seen_to
    CROSS JOIN LATERAL (
        SELECT order_number, case_id, account_id, received_at FROM order_evidence
        WHERE order_evidence.platform_id = :platform_id AND order_evidence.sha256 = wanted.sha256
            AND order_number <> :order_number
            AND (received_at < :as_of OR received_at <= pictures.recorded_at)
        ORDER BY received_at, order_number LIMIT :orders_a_file
    ) AS sent
    ORDER BY sent.received_at, sent.order_number
    """
)
_SHARING = sa.text(
    """
    WITH hits AS (
        -- A key few pictures have says more than one that many have.
        SELECT found.number, array_agg(wanted.key) AS shared, sum(wanted.is_fact / found.pictures) AS facts
        FROM unnest(CAST(:keys AS bigint[]), CAST(:are_facts AS float8[])) AS wanted (key, is_fact)
        CROSS JOIN LATERAL (
            SELECT number, count(*) OVER () AS pictures FROM (
                SELECT number FROM picture_keys
                WHERE platform_id = :platform_id AND picture_keys.key = wanted.key AND number < :seen_to
                    AND number <> ALL (CAST(:own AS bigint[]))
                ORDER BY number DESC LIMIT :per_key
            ) AS latest
        ) AS found
        GROUP BY found.number
        ORDER BY facts DESC, count(*) DESC, found.number DESC LIMIT :per_page
    )
    SELECT hits.number, hits.shared, pictures.sha256, pictures.facts, pictures.picture_hash,
        sent.order_number, sent.case_id, sent.account_id
    FROM hits
    JOIN pictures ON pictures.platform_id = :platform_id AND pictures.number = hits.number
    CROSS JOIN LATERAL (
        SELECT order_number, case_id, account_id FROM order_evidence
        WHERE order_evidence.platform_id = :platform_id AND order_evidence.sha256 = pictures.sha256
            AND order_number <> :order_number
            AND (received_at <= pictures.recorded_at OR received_at < :as_of)
        ORDER BY received_at, order_number LIMIT :orders_a_picture
    ) AS sent
    ORDER BY hits.facts DESC, cardinality(hits.shared) DESC, hits.number DESC, sent.order_number
    """
)


async def record(
    tx: AsyncConnection, platform_id: str, fresh: Sequence[Picture], locked: Iterable[int], at: datetime
) -> int:
    """Record pictures that are new here and return the number below which all is visible to their claim.

    ``locked``: every fact key of the claim, of pictures known before as well. The transaction must end before looking
    up.
    """
    locks = sorted({key % LOCKS for key in locked})
    if locks:
        await tx.execute(_LOCK, {"platform_id": platform_id, "locks": locks})
    numbers = (await tx.execute(_NEXT_NUMBERS, {"count": len(fresh) + 1})).scalars().all()
    seen_to: int = min(numbers)
    ordered = sorted(fresh, key=lambda picture: picture.sha256)
    rows = [_row(platform_id, picture, number, at) for picture, number in zip(ordered, numbers[1:], strict=True)]
    if not rows:
        return seen_to
    taken = await tx.execute(
        insert(pictures).values(rows).on_conflict_do_nothing().returning(pictures.c.number, pictures.c.found_by)
    )
    pairs = [(key, row.number) for row in taken for key in row.found_by]
    if pairs:
        await tx.execute(
            _RECORD_KEYS,
            {"platform_id": platform_id, "keys": [key for key, _ in pairs], "numbers": [number for _, number in pairs]},
        )
    return seen_to


def _row(platform_id: str, picture: Picture, number: int, at: datetime) -> dict[str, Any]:
    return {
        "platform_id": platform_id, "sha256": picture.sha256, "number": number, "facts": to_data(picture.stored),
        "found_by": sorted({*picture.found_by}), "picture_hash": picture.picture_hash,
        "recorded_at": at,
    }  # fmt: skip


async def known(connection: AsyncConnection, platform_id: str, sha256s: Sequence[str]) -> dict[str, int]:
    """sha256 → number of those recorded here."""
    rows = await connection.execute(_KNOWN, {"platform_id": platform_id, "sha256s": list(sha256s)})
    return {row.sha256: row.number for row in rows}


async def same_bytes(
    connection: AsyncConnection,
    platform_id: str,
    order_number: str,
    sha256s: Sequence[str],
    *,
    seen_to: int,
    as_of: datetime,
) -> dict[str, list[Sighting]]:
    """sha256 → other orders the very file had been received for before ``as_of``, or before it was recorded with a
    number below ``seen_to``; first ones first."""
    rows = await connection.execute(
        _SAME_BYTES,
        {
            "platform_id": platform_id, "order_number": order_number, "sha256s": list(sha256s), "as_of": as_of,
            "seen_to": seen_to, "orders_a_file": _ORDERS_A_FILE,
        },
    )  # fmt: skip
    found: dict[str, list[Sighting]] = {}
    for row in rows:
        found.setdefault(row.sha256, []).append(Sighting(**row._mapping, same_bytes=True))
    return found


async def sharing(
    connection: AsyncConnection,
    platform_id: str,
    order_number: str,
    picture: Picture,
    *,
    own: Sequence[int],
    seen_to: int,
    as_of: datetime,
) -> list[Sighting]:
    """Files of other orders that share a key with ``picture``, numbered below ``seen_to``; best leads first.

    ``own``: numbers of the order's own pictures.
    """
    facts, keys = set(picture.fact_keys), list(picture.looked_up_by)
    if not keys:
        return []
    rows = await connection.execute(
        _SHARING,
        {
            "platform_id": platform_id, "order_number": order_number, "keys": keys, "own": list(own),
            "seen_to": seen_to, "as_of": as_of, "per_key": PER_KEY, "orders_a_picture": _ORDERS_A_PICTURE,
            "are_facts": [float(key in facts) for key in keys], "per_page": PER_PAGE,
        },
    )  # fmt: skip
    return [_sighting(row) for row in rows]


def _sighting(row: Any) -> Sighting:
    return Sighting(
        sha256=row.sha256,
        order_number=row.order_number,
        case_id=row.case_id,
        account_id=row.account_id,
        shared=frozenset(row.shared),
        facts=from_data(PageFacts, row.facts),
        picture_hash=row.picture_hash,
    )


async def forget(tx: AsyncConnection, platform_id: str, sha256s: Sequence[str]) -> int:
    """Take away all that files are found by, before their evidence goes; returns how many pictures went."""
    wanted = sa.and_(
        pictures.c.platform_id == platform_id, pictures.c.sha256 == sa.any_(sa.cast(list(sha256s), ARRAY(sa.Text)))
    )
    rows = (await tx.execute(sa.delete(pictures).where(wanted).returning(pictures.c.number, pictures.c.found_by))).all()
    for row in rows:
        await tx.execute(
            sa.delete(picture_keys).where(
                picture_keys.c.platform_id == platform_id,
                picture_keys.c.key == sa.any_(sa.cast(row.found_by, ARRAY(sa.BigInteger))),
                picture_keys.c.number == row.number,
            )
        )
    return len(rows)
