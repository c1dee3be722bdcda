"""What ``decide`` is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.assessment import Party, PlatformMode, Reservation, Risk, Verdict
from service.domain.certificate import Certificate, Serving
from service.domain.checks import CheckResult
from service.domain.claims import Claim
from service.domain.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideInput:
    """Everything a decision may depend on besides the policy.

    ``as_of``: aware. ``evidence`` and ``checks``: of all pages ever received for the order, not only of this claim's,
    so that leaving a page out never helps; one result per CheckCode. ``faults``: short codes of what failed on the
    way. ``reused_orders``: other orders of the platform that a page of this order was sent for. ``breaker_tripped``:
    the audit found too much wrong, so nothing is approved. ``answered``: parties that were asked and have answered, or
    have let their time pass. ``claimed_at``: when the claim was made, where that was before ``as_of``: what the buyer
    was late for, or had used by then, hangs on it. ``under_review``: a person has the case, so nothing is approved.
    ``share_draw`` in [0, 1): the order's lot where only a share of claims is approved; None is in no share.
    ``threshold_limits``: what thresholds were tightened to, by certificate (``certificate.threshold_at_work``).
    """

    claim: Claim
    as_of: datetime
    evidence: tuple[Evidence, ...]
    checks: tuple[CheckResult, ...]
    risk: Risk | None
    certificate: Certificate | None
    serving: Serving
    mode: PlatformMode
    platform_id: str
    bundle_healthy: bool
    audit_drawn: bool = False
    faults: tuple[str, ...] = ()
    reused_orders: int = 0
    breaker_tripped: bool = False
    answered: tuple[Party, ...] = ()
    claimed_at: datetime | None = None
    under_review: bool = False
    share_draw: float | None = None
    threshold_limits: Mapping[str, float] = field(default_factory=dict)

    @property
    def counted_at(self) -> datetime:
        """The moment the buyer's own time limits and use are counted to."""
        return self.claimed_at or self.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``verdict`` stands if every reservation finds room, else ``fallback`` does.

    Only approvals reserve; elsewhere ``fallback`` is ``verdict``. ``would_have_been``: what the rules said where
    observing mode, the roll-out, the audit draw or a reviewer's work sent the claim to a person instead.
    ``audited_later``: an approval that was drawn, and is judged after it. ``held_back``: outside the roll-out's share.
    """

    verdict: Verdict
    fallback: Verdict
    reservations: tuple[Reservation, ...] = ()
    would_have_been: Verdict | None = None
    audited_later: bool = False
    held_back: bool = False
