"""The case page at work: what is decided there waits for some seconds, and can be taken back."""

from __future__ import annotations

from service.console.case_desk.bar import Bar, held_bar
from service.console.case_desk.routes import ROUTES
from service.console.desk import Room
from service.domain.assessment import Text

__all__ = ["CASES", "Bar", "held_bar"]

CASES = Room(
    path="/cases",
    name=Text(zh="退款单", en="Cases"),
    about=Text(zh="一张退款单的全部内容。", en="Everything of one case."),
    # Led to from the queues, and from wherever a case is named; no entry of its own.
    roles=frozenset(),
    routes=ROUTES,
)
