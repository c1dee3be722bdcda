"""What a case page is given beside the case and the policy: who looks, when, and what was looked up for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.certificate import Certificate
from service.domain.history import HistoryEvent
from service.domain.lifecycle import Party
from service.domain.queues import Lane


class Shared(StrEnum):
    """What two accounts have in common."""

    DEVICE = "device"
    PAYER = "payer"
    IP = "ip"
    SCREENSHOT = "screenshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAccount:
    """Another account that shares something with the claimant's, and how its refunds went; None: not counted."""

    account: str
    shares: tuple[Shared, ...]
    requested: int | None = None
    granted: int | None = None
    wrong: int | None = None


RECHARGED_ACCOUNT = "recharged_account"
"""Named in ``Surroundings.revealed`` once the reader had the recharged account shown, which is logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """``party``: REVIEWER or SENIOR; ``may_act`` False for readers only.

    ``blind``: the reader has not judged yet, so score, reasons and recommendation stay out of the page altogether;
    ``judge_by``: when that judgement is due, whatever the case itself waits for.
    ``certificate``: the one in service, for trying other outcomes. ``events``: of the account, ``linked``: others.
    ``pictures``: address before a file's SHA-256. ``revealed``: SHA-256 of identity pages shown in clear, and
    RECHARGED_ACCOUNT; every reveal was logged. ``acted_on``: the version a refused form was made for.
    ``typed``: what that form held, so that nothing is typed twice. ``once``: makes a second submit harmless.
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
    acted_on: int | None = None
    typed: dict[str, str] = field(default_factory=dict)
    once: str = ""
