"""The queues as they are shown: lanes, and cases line by line. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.console.case_page.head import time_left
from service.console.figures import length, moment, money
from service.console.foreign_text import visible
from service.console.words import LANES, REASONS, STATES, named
from service.domain.cases import CaseState
from service.domain.queues import NEAR, Lane, LaneGlance, QueuedCase


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLine:
    """``count``: "1,000+" beyond what is counted. ``oldest``: its age; ``due``: of the most urgent, in words."""

    lane: str
    name: str
    count: str
    late: str
    oldest: str
    due: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """``seen``: "id:version", what is chosen for something done to several. ``holder``: the login of who has it;
    ``handed``: they were given it by ``handed_by``."""

    id: str
    seen: str
    number: str
    amount: str
    reason: str
    product: str
    seller: str
    lane: str
    state: str
    age: str
    applied: str
    due: str
    due_at: str
    due_iso: str
    tone: str
    chased: bool
    incident: bool
    mine: bool
    holder: str
    handed_by: str
    held_until: str
    held_by: str
    held_reason: str
    woken: bool
    being_decided: bool


def lane_lines(lanes: Sequence[LaneGlance], now: datetime, language: str) -> tuple[LaneLine, ...]:
    return tuple(_lane(each, now, language) for each in lanes)


def case_lines(
    cases: Sequence[QueuedCase], *, login: str, zone: str, now: datetime, language: str
) -> tuple[CaseLine, ...]:
    """``login``: whose page it is."""
    return tuple(_case(each, login, zone, now, language) for each in cases)


def counted(cases: int, more: bool) -> str:
    return f"{cases:,}+" if more else f"{cases:,}"


def _lane(lane: LaneGlance, now: datetime, language: str) -> LaneLine:
    late = bool(lane.late)
    return LaneLine(
        lane=lane.lane.value,
        name=named(LANES, lane.lane, language),
        count=counted(lane.cases, lane.more),
        late=counted(lane.late, lane.more and lane.late == lane.cases) if late else "",
        oldest=length((now - lane.oldest).total_seconds(), language) if lane.oldest is not None else "",
        due=time_left(now, lane.due_at, language) if lane.due_at is not None else "",
        tone="bad" if late else "warn" if lane.lane is Lane.NEAR_BREACH and lane.cases else "",
    )


def _case(case: QueuedCase, login: str, zone: str, now: datetime, language: str) -> CaseLine:
    due = moment(case.due_at, zone, now, language)
    applied = moment(case.accepted_at, zone, now, language)
    held = moment(case.held_until, zone, now, language)
    assert applied is not None
    return CaseLine(
        id=str(case.case_id),
        seen=f"{case.case_id}:{case.version}",
        number=case.number,
        amount=money(case.amount.minor, case.amount.currency),
        reason=named(REASONS, case.reason, language),
        product=visible(case.product, 60),
        seller=visible(case.seller_id, 40),
        lane=named(LANES, case.lane, language),
        state="" if case.state is CaseState.IN_REVIEW else named(STATES, case.state, language),
        age=length((now - case.accepted_at).total_seconds(), language),
        applied=applied.at,
        due=time_left(now, case.due_at, language) if case.due_at is not None else "",
        due_at=due.at if due is not None else "",
        due_iso=due.iso if due is not None else "",
        tone=_tone(case.due_at, now),
        chased=case.chased_at is not None,
        incident=case.incident_id is not None,
        mine=case.holder == login,
        holder=case.holder or "",
        handed_by=case.handed_by or "",
        held_until=held.at if held is not None else "",
        held_by=case.held_by or "",
        held_reason=visible(case.held_reason or "", 200),
        woken=case.held_until is not None and case.held_until <= now,
        being_decided=case.being_decided,
    )


def _tone(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    left = due_at - now
    return "bad" if left < timedelta(0) else "warn" if left <= NEAR else ""
