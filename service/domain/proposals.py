"""What one person asks for and another must agree to before it takes effect: each lets money through, or says less of
it may pass."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.actors import Actor

VALID_FOR = timedelta(days=3)
"""After that a proposal was made in another situation, and is made anew."""


class ProposalKind(StrEnum):
    """RESUME: a stopped platform goes on. RESET_BREAKER: a tripped breaker lets approvals pass again. TIGHTEN: risk
    approves only up to a lower threshold than is certified."""

    RESUME = "resume"
    RESET_BREAKER = "reset_breaker"
    TIGHTEN = "tighten"


class ProposalEnd(StrEnum):
    """WITHDRAWN: by who proposed it; REFUSED: by another."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """``threshold`` in [0, 1] and ``certificate``, under which it is to hold: of TIGHTEN alone. ``ended_as`` None: it
    waits for a second person."""

    id: uuid.UUID
    platform_id: str
    kind: ProposalKind
    reason: str
    proposed_by: Actor
    proposed_at: datetime
    threshold: float | None = None
    certificate: str | None = None
    ended_as: ProposalEnd | None = None
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None

    @property
    def valid_until(self) -> datetime:
        return self.proposed_at + VALID_FOR

    def waits(self, now: datetime) -> bool:
        """Whether somebody may still agree to it."""
        return self.ended_as is None and now < self.valid_until
