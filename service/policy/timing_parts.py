"""The parts of a policy that speak of time: its working days, how long each step of a case may take, arrival."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from service.domain.assessment import Arrival
from service.domain.calendar import Calendar
from service.domain.claims import Route
from service.policy.parts import Hours, Name, Part, Sentence, Term, Wording


class WorkingCalendar(Part):
    """Which days are working days. ``country`` "none": Monday to Friday without holidays.

    ``closed`` and ``open`` are the platform's own days off and on; they win. ``known_until``: up to this day the lists
    are complete, though the make-up days have not reached the holidays package yet.
    """

    country: Annotated[str, Field(pattern=r"^([A-Z]{2}|none)$")] = "CN"
    subdivision: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()
    day_ends_at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None
    known_until: date | None = None

    @model_validator(mode="after")
    def _is_a_calendar(self) -> Self:
        _ = self.calendar  # ValueError says what is wrong
        return self

    @property
    def calendar(self) -> Calendar:
        return _calendar(self)


@lru_cache(maxsize=64)
def _calendar(given: WorkingCalendar) -> Calendar:
    return Calendar(
        country=None if given.country == "none" else given.country,
        subdivision=given.subdivision,
        closed=frozenset(given.closed),
        open=frozenset(given.open),
        closes_at=time.fromisoformat(given.day_ends_at) if given.day_ends_at is not None else None,
        known_until=given.known_until,
    )


class Deadlines(Part):
    """How long each step may take; review and materials have keys of their own at the top level.

    ``supplier``: to say whether a top-up arrived, a code was activated. ``seller_reply``: where the seller is asked
    first. ``offer``: for the buyer to accept, counter or decline. ``appeal``: after a rejection. ``arbitration``: for
    the ruling. ``payment``: for the platform to confirm that it paid. ``obligation``: for it to confirm that a code was
    voided or a top-up recalled; past it the grant lapses. ``remind_hours_before``: when to remind of each.
    """

    supplier: Term = Term(hours=24)
    seller_reply: Term = Term(hours=48)
    offer: Term = Term(working_days=3)
    appeal: Term = Term(hours=168)
    arbitration: Term = Term(working_days=15)
    payment: Term = Term(working_days=3)
    obligation: Term = Term(hours=24)
    remind_hours_before: tuple[Hours, ...] = (24, 2)


class ArrivesWithin(Part):
    """The longest a payment takes to arrive: minutes, hours or working days."""

    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    hours: Hours | None = None
    working_days: Annotated[int, Field(ge=1, le=60)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.minutes, self.hours, self.working_days)) != 1:
            raise ValueError("give minutes, hours or working_days, and only one of them")
        return self

    @property
    def arrival(self) -> Arrival:
        return Arrival(minutes=self.minutes, hours=self.hours, working_days=self.working_days)


class BankDetail(StrEnum):
    HOLDER = "holder"
    OPENING_BANK = "opening_bank"
    CARD_NUMBER = "card_number"


class RouteRule(Wording):
    """A route offered, with what the buyer is told of its arrival. ``payment_methods`` empty: for all others.

    ``buyer_gives``: what the platform asks the buyer for before it can pay this way, in the official channel alone.
    """

    id: Name | None = None
    route: Route
    payment_methods: tuple[Sentence, ...] = ()
    withdrawable: bool | None = None
    arrives_within: ArrivesWithin | None = None
    buyer_gives: tuple[BankDetail, ...] = ()

    @model_validator(mode="after")
    def _says_whether_withdrawable(self) -> Self:
        if (self.route is Route.BALANCE) != (self.withdrawable is not None):
            raise ValueError("the balance route, and only it, must say withdrawable: true or false")
        return self
