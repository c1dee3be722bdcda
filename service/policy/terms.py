"""When the steps of a case are due on a platform, and when its money arrives."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.domain.assessment import Arrival
from service.domain.calendar import Due, due, reminders
from service.domain.clock import as_utc
from service.domain.deadlines import DeadlineKind
from service.policy.parts import Term
from service.policy.schema import Policy


def due_at(policy: Policy, deadline: DeadlineKind, start: datetime) -> Due:
    """When the step that began at ``start`` is due, by the platform's calendar and zone. ValueError if naive."""
    return due(start, policy.term(deadline), policy.time_zone, policy.calendar.calendar)


def reminders_of(policy: Policy, start: datetime, end: datetime) -> tuple[datetime, ...]:
    """When to remind of something due at ``end`` that began at ``start``, earliest first (UTC)."""
    return reminders(start, end, policy.deadlines.remind_hours_before)


def arrives_by(policy: Policy, arrival: Arrival, paid_at: datetime) -> datetime:
    """The latest moment (UTC) at which money paid at ``paid_at`` should be there."""
    if arrival.minutes is not None:
        return as_utc(paid_at) + timedelta(minutes=arrival.minutes)
    term = Term(hours=arrival.hours, working_days=arrival.working_days)
    return due(paid_at, term, policy.time_zone, policy.calendar.calendar).at
