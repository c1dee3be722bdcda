"""What stands against an approval when it is stored: one look at all of it, under every lock it takes.

The locks are taken in one order (platform, order, budgets), so waiting never goes round in a circle, and in a statement
before the look: it then sees what was committed by whoever held them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment, Reservation
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.policy import refund_lock
from service.store import budgets, outcomes, standing, together

_REFUSED = ", ".join(f"'{state.value}'" for state in (CaseState.REJECTED, CaseState.CLOSED, CaseState.REVERSED))
_LOCK = (
    f"SELECT CAST({standing.LOCK} AS text) "
    f"UNION ALL SELECT CAST({outcomes.ORDER_LOCK.replace('$1', '$2')} AS text) "
    f"UNION ALL ({budgets.lock_of('$3')})"
).encode()
_LOOK = (
    f"SELECT {outcomes.STANDS_AGAINST}, "  # noqa: S608
    "EXISTS (SELECT 1 FROM cases WHERE platform_id = $1 AND order_number = $2 AND id <> CAST($4 AS uuid) "
    f"AND state IN ({_REFUSED})), "
    f"({budgets.with_room('$6', '$1')}), {standing.LOOK}"
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """``holds``: the platform is still in the mode the approval was made under. ``locked``: why it is none as of this
    transaction: its payment is locked or given back by another case, or a person refused an earlier claim on its order.
    ``room``: every budget has room; ``taken``: what is to be written to take it."""

    holds: bool = True
    locked: str | None = None
    room: bool = True
    taken: Sequence[dict[str, Any]] = ()


async def look(
    tx: AsyncConnection,
    platform_id: str,
    case_id: uuid.UUID,
    claim: Claim,
    assessment: Assessment,
    reservations: Sequence[Reservation],
    now: datetime,
) -> Looked:
    """Under locks that are held until the transaction ends."""
    grant = assessment.verdict.grant
    rows = budgets.rows_of(platform_id, reservations, now)
    await together.fetch(tx, _LOCK, (platform_id, outcomes.turn_of(platform_id, claim), budgets.names_of(rows)))
    amount = grant.amount if grant is not None else claim.amount_claimed
    parameters = outcomes.parameters_of(platform_id, case_id, claim, amount)
    asked = budgets.asked_of(rows, now)
    [(lock, given, other_currency, refused, room, *platform)] = await together.fetch(tx, _LOOK, (*parameters, asked))
    locked = None
    if grant is not None and outcomes.why_not_for(claim, amount, lock, given, other_currency) is not None:
        locked = refund_lock.REFUND_LOCKED
    elif grant is not None and refused:
        locked = refund_lock.REFUSED_BEFORE
    return Looked(holds=standing.holds(assessment, *platform), locked=locked, room=room == len(rows), taken=rows)
