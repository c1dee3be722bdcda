"""What a case page is given beside the case and the policy: who looks, when, and what was looked up for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from service.domain.certificate import Certificate
from service.domain.history import HistoryEvent
from service.domain.holding import Held
from service.domain.lifecycle import Party
from service.domain.linking import LinkedAccount, Shared
from service.domain.queues import Lane

__all__ = ["RECHARGED_ACCOUNT", "Fault", "LinkedAccount", "Shared", "Surroundings"]

RECHARGED_ACCOUNT = "recharged_account"
"""Named in ``Surroundings.revealed`` once the reader had the recharged account shown, which is logged."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form that was sent. ``field``: empty for the form as a whole."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """``party``: REVIEWER or SENIOR; ``may_act`` False for readers only.

    ``blind``: the reader has not judged yet, so score, reasons and recommendation stay out of the page altogether;
    ``judge_by``: when that judgement is due, whatever the case itself waits for.
    ``certificate``: the one in service, for trying other outcomes. ``events``: of the account, ``linked``: others.
    ``pictures``: address before a file's SHA-256. ``revealed``: SHA-256 of identity pages shown in clear, and
    RECHARGED_ACCOUNT; every reveal was logged. ``cards``: SHA-256 of twins that are identity cards. ``acted_on``: the
    version a refused form was made for.
    ``typed``: what that form held, so that nothing is typed twice, ``materials``: those that were ticked, ``fault``:
    what was wrong with it. ``once``: makes a second submit harmless. ``held``: a decision that waits on the case, for
    ``held_seconds`` more.
    """

    now: datetime
    language: str = "zh"
    party: Party = Party.REVIEWER
    may_act: bool = True
    blind: bool = False
    judge_by: datetime | None = None
    lane: Lane | None = None
    certificate: Certificate | None = None
    events: tuple[HistoryEvent, ...] = ()
    linked: tuple[LinkedAccount, ...] = ()
    pictures: str = "evidence"
    revealed: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    acted_on: int | None = None
    typed: dict[str, str] = field(default_factory=dict)
    materials: frozenset[str] = frozenset()
    fault: Fault | None = None
    held: Held | None = None
    held_seconds: float = 0.0
    once: str = ""
