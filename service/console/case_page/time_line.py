"""The order, the case and the account in one line of time: orders, claims, outcomes, and what people did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.console.case_page.surroundings import Surroundings
from service.console.case_page.words import EVENTS, PARTIES, person
from service.console.foreign_text import visible
from service.console.words import STEPS, named
from service.domain.cases import Case
from service.domain.history import HistoryEvent
from service.domain.lifecycle import Party
from service.domain.steps import Step
from service.review.requests import CaseView

MOMENTS_SHOWN = 60
_TELLING = frozenset({Party.PREREVIEW, Party.PLATFORM})
_SAID = ("statement", "question", "answer", "ruling", "clause")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """``at`` in the platform's zone, ``iso`` with its offset. ``source``: ``order``, ``case`` or ``account``."""

    at: str
    iso: str
    source: str
    what: str
    who: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """Oldest first. ``earlier``: how many older moments are left out."""

    moments: tuple[Moment, ...]
    earlier: int


def time_line(view: CaseView, zone: ZoneInfo, around: Surroundings) -> TimeLine:
    """For who has not judged yet, without what tells the answer: the machine's steps, payments, the case's events."""
    found = sorted(
        (*_order(view.case, around), *_steps(view, around), *_events(view.case, around)), key=lambda each: each[0]
    )
    kept = found[-MOMENTS_SHOWN:]
    return TimeLine(moments=tuple(_moment(zone, *each) for each in kept), earlier=len(found) - len(kept))


_Found = tuple[datetime, str, str, str, str]


def _order(case: Case, around: Surroundings) -> Iterator[_Found]:
    order, fulfilment = case.claim.order, case.claim.fulfilment
    english = around.language == "en"
    for at, zh, en in (
        (order.ordered_at, "下单", "ordered"),
        (order.paid_at, "付款", "paid"),
        (fulfilment.delivered_at, "发货", "delivered"),
        (fulfilment.activated_at, "激活", "activated"),
        (order.confirmed_at, "确认收货", "receipt confirmed"),
        (case.accepted_at, "申请退款", "refund asked for"),
    ):
        if at is not None:
            yield at, "order", en if english else zh, "", ""


def _steps(view: CaseView, around: Surroundings) -> Iterator[_Found]:
    for step in view.steps:
        if not (around.blind and step.party in _TELLING):
            who = f"{named(PARTIES, step.party, around.language)} {person(step.actor)}"
            yield step.at, "case", named(STEPS, step.action, around.language), who, _detail(step)


def _detail(step: Step) -> str:
    said = [visible(str(step.data[name])) for name in _SAID if step.data.get(name)]
    return " · ".join([*([visible(step.reason)] if step.reason else []), *said])


def _events(case: Case, around: Surroundings) -> Iterator[_Found]:
    told = {at for at, *_ in _order(case, around)}
    for event in around.events:
        # What the order's own record says already is not said twice.
        said = event.order_number == case.claim.order.order_number and event.occurred_at in told
        if not said and not (around.blind and event.case_id == case.id):
            yield event.occurred_at, "account", named(EVENTS, event.kind, around.language), "", _of(event)


def _of(event: HistoryEvent) -> str:
    parts = (event.order_number, None if event.amount is None else str(event.amount), event.outcome)
    return " · ".join(visible(part, 64) for part in parts if part)


def _moment(zone: ZoneInfo, at: datetime, source: str, what: str, who: str, detail: str) -> Moment:
    local = at.astimezone(zone)
    return Moment(at=f"{local:%Y-%m-%d %H:%M}", iso=local.isoformat(), source=source, what=what, who=who, detail=detail)
