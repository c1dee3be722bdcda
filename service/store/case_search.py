"""Cases by any id they have: exactly, as it could be misread, with two characters changed about, by its beginning.

Every spelling is one look into one index and gives a few cases; nothing is scanned.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.finding import SHORTEST_BEGINNING, FoundCase, IdKind, Likeness, folded, transposed
from service.domain.money import Money
from service.store.database import utc

_OF_ONE = 20
# After the last character of any: what begins with X stands from X up to X and this.
_LAST = "\U0010ffff"

_FIND = sa.text(
    """
    WITH wanted AS (
        SELECT spelling, likeness FROM unnest(:spellings, :likenesses) AS given (spelling, likeness)
    ), hits AS (
        SELECT hit.case_id, hit.kind, wanted.likeness
        FROM wanted CROSS JOIN LATERAL (
            SELECT case_id, kind FROM case_keys
            WHERE platform_id = :platform_id AND folded = wanted.spelling
            ORDER BY case_id DESC, kind LIMIT :of_one
        ) AS hit
        UNION ALL
        (SELECT case_id, kind, 3 FROM case_keys
        WHERE platform_id = :platform_id AND folded > :beginning AND folded < :behind AND :begins
        ORDER BY folded, case_id DESC LIMIT :of_one)
    ), best AS (
        SELECT case_id, kind, min(likeness) AS likeness FROM hits GROUP BY case_id, kind
        ORDER BY min(likeness), case_id DESC LIMIT 100
    )
    SELECT best.kind, best.likeness, c.id, c.number, c.state, c.accepted_at, c.order_number, c.account_id,
        c.claim ->> 'reference' AS reference, c.claim -> 'order' ->> 'trade_number' AS payment,
        c.claim ->> 'reason' AS reason, c.claim -> 'amount_claimed' AS claimed
    FROM best JOIN cases c ON c.platform_id = :platform_id AND c.id = best.case_id
    """
).bindparams(
    sa.bindparam("spellings", type_=ARRAY(sa.Text)),
    sa.bindparam("likenesses", type_=ARRAY(sa.Integer)),
)
_LIKENESS = (Likeness.EXACT, Likeness.LOOK_ALIKE, Likeness.TRANSPOSED, Likeness.BEGINS)
_BY_ID = sa.text(
    """
    SELECT 'case' AS kind, 0 AS likeness, id, number, state, accepted_at, order_number, account_id,
        claim ->> 'reference' AS reference, claim -> 'order' ->> 'trade_number' AS payment,
        claim ->> 'reason' AS reason, claim -> 'amount_claimed' AS claimed
    FROM cases WHERE platform_id = :platform_id AND id = :id
    """
)


async def find(connection: AsyncConnection, platform_id: str, text: str, limit: int) -> tuple[FoundCase, ...]:
    """The best first, the newest of those; a case once, by the id that fits best."""
    rows: list[sa.Row[Any]] = []
    case_id = _as_case_id(text)
    if case_id is not None:
        rows += (await connection.execute(_BY_ID, {"platform_id": platform_id, "id": case_id})).all()
    fold = folded(text)
    if fold:
        rows += (await connection.execute(_FIND, _asked(platform_id, fold))).all()
    found: dict[uuid.UUID, FoundCase] = {}
    for each in sorted((_found(row, text) for row in rows), key=_rank):
        found.setdefault(each.case_id, each)
    return tuple(found.values())[:limit]


def _asked(platform_id: str, fold: str) -> dict[str, Any]:
    others = transposed(fold)
    return {
        "platform_id": platform_id, "spellings": [fold, *others], "likenesses": [1, *(2 for _ in others)],
        "of_one": _OF_ONE, "beginning": fold, "behind": fold + _LAST, "begins": len(fold) >= SHORTEST_BEGINNING,
    }  # fmt: skip


def _found(row: sa.Row[Any], text: str) -> FoundCase:
    kind = IdKind(row.kind)
    values = {
        IdKind.CASE: str(row.id), IdKind.NUMBER: row.number, IdKind.ORDER: row.order_number,
        IdKind.PAYMENT: row.payment, IdKind.REFERENCE: row.reference, IdKind.ACCOUNT: row.account_id,
    }  # fmt: skip
    value = values.get(kind) or ""
    exact = value.casefold() == text.strip().casefold()
    return FoundCase(
        case_id=row.id,
        number=row.number,
        kind=kind,
        likeness=Likeness.EXACT if exact else _LIKENESS[row.likeness],
        value=value,
        state=CaseState(row.state),
        reason=ReasonCode(row.reason),
        amount=Money(row.claimed["minor"], row.claimed["currency"]),
        accepted_at=utc(row.accepted_at),
    )


def _rank(found: FoundCase) -> tuple[int, float, str]:
    return list(Likeness).index(found.likeness), -found.accepted_at.timestamp(), found.number


def _as_case_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None
