"""What was done to a case, one step at a time, and what one person proposed for another to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.actors import Actor
from service.domain.assessment import BuyerAnswer
from service.domain.cases import CaseState
from service.domain.lifecycle import Action, Party
from service.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of a case, which had ``version`` after it.

    ``action``: of the machine, or what changed the case where it is (see ``service.domain.lifecycle.Change``).
    ``reason`` is internal; ``buyer`` is what the buyer was told. ``data``: what was offered, asked, stated, answered.
    """

    version: int
    action: str
    party: Party
    actor: Actor
    from_state: CaseState
    to_state: CaseState
    at: datetime
    reason: str = ""
    buyer: BuyerAnswer | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A grant of ``amount`` (after the fee) that another person has to confirm by asking for the same."""

    action: Action
    actor: Actor
    amount: Money
    reason: str
    proposed_at: datetime
