"""The reviewers' queues: lanes, filters, the next case, the lock on a case, search, and several cases at once."""

from __future__ import annotations

from service.console.desk import Room
from service.console.queue_desk.routes import ROUTES
from service.console.queue_desk.summary import LOOKING, summary
from service.domain.assessment import Text

__all__ = ["QUEUES", "summary"]

QUEUES = Room(
    path="/queues",
    name=Text(zh="待办", en="Queues"),
    about=Text(zh="等待人工处理的退款单，按通道排列。", en="What waits for a person, lane by lane."),
    roles=frozenset(LOOKING),
    routes=ROUTES,
    key="q",
)
