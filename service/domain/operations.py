"""How the whole deployment stands, over all platforms: no figure here tells one platform's volume from another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.domain.queues import Lane


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many there are; age of the oldest in seconds, 0 where there is none."""

    count: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LaneBacklog:
    """Cases that wait for a person; ``overdue``: their promised time is over."""

    cases: int = 0
    oldest_seconds: float = 0.0
    overdue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationStanding:
    """``first``: accepted and not decided yet, so that their Idempotency-Key is in flight; ``again``: to be assessed
    anew beside their state. ``deadlines``: past and not handled yet, by kind. ``jobs``: by state; a ``scheduled`` one
    only guards a request that is being answered. ``platforms``: by mode. ``anomalies``: ever found, by kind.
    """

    lanes: Mapping[Lane, LaneBacklog]
    first: Backlog
    again: Backlog
    deadlines: Mapping[str, Backlog]
    jobs: Mapping[str, int]
    oldest_job_seconds: float
    platforms: Mapping[str, int]
    breakers: int
    incidents: int
    incidents_unconfirmed: int
    obligations: Backlog
    anomalies: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetStanding:
    """The largest share any entity of a kind has taken of a budget's window, by kind; 1: nothing more fits. ``full``:
    how many entities of the kind stand there."""

    fullest: Mapping[str, float] = field(default_factory=dict)
    full: Mapping[str, int] = field(default_factory=dict)
