"""By when the next step of a case is due, as its platform's policy says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.domain.calendar import due, reminders
from service.domain.cases import CaseState
from service.domain.deadlines import Deadline, DeadlineKind
from service.policy.schema import Policy

AWAITED: Mapping[CaseState, DeadlineKind] = {
    CaseState.IN_REVIEW: DeadlineKind.REVIEW,
    CaseState.COUNTERED: DeadlineKind.REVIEW,
    CaseState.AWAITING_MATERIALS: DeadlineKind.MATERIALS,
    CaseState.AWAITING_SUPPLIER: DeadlineKind.SUPPLIER,
    CaseState.OFFERED: DeadlineKind.OFFER,
    CaseState.AUTO_APPROVED: DeadlineKind.PAYMENT,
    CaseState.APPROVED: DeadlineKind.PAYMENT,
    CaseState.PARTIALLY_APPROVED: DeadlineKind.PAYMENT,
    CaseState.PAYMENT_FAILED: DeadlineKind.PAYMENT,
    CaseState.REJECTED: DeadlineKind.APPEAL,
    CaseState.APPEALED: DeadlineKind.REVIEW,
    CaseState.IN_SECOND_REVIEW: DeadlineKind.REVIEW,
    CaseState.ARBITRATION: DeadlineKind.ARBITRATION,
}
"""What a case in a state waits for; of the others nothing is due."""


def deadline_of(
    policy: Policy, state: CaseState, now: datetime, *, obligations: bool = False, asks_seller: bool = False
) -> Deadline | None:
    """When the step is due that a case waits for which came into ``state`` at ``now``; None where none is.

    ``obligations``: the grant rests on something the platform has to confirm first. ``asks_seller``: it is the seller
    who was asked, not the supplier.
    """
    kind = AWAITED.get(state)
    if kind is DeadlineKind.PAYMENT and obligations:
        kind = DeadlineKind.OBLIGATION
    if kind is DeadlineKind.SUPPLIER and asks_seller:
        kind = DeadlineKind.SELLER_REPLY
    return None if kind is None else deadline(policy, kind, now)


def deadline(policy: Policy, kind: DeadlineKind, start: datetime) -> Deadline:
    """The deadline that begins at ``start``, with its first reminder."""
    over = due(start, policy.term(kind), policy.time_zone, policy.calendar.calendar)
    return Deadline(kind=kind, due_at=over.at, remind_at=next_reminder(policy, start, over.at), certain=over.certain)


def next_reminder(policy: Policy, after: datetime, due_at: datetime) -> datetime | None:
    """The first moment after ``after`` at which to remind of what is due at ``due_at``."""
    return next(iter(reminders(after, due_at, policy.deadlines.remind_hours_before)), None)
