"""What an assessment concluded, and everything it saw."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.checks import CheckResult
from service.domain.claims import Route
from service.domain.evidence import Evidence
from service.domain.money import Money
from service.domain.reuse import Reuse


class Decision(StrEnum):
    """The answer to the platform; its own enum, apart from case states. We never auto-reject."""

    AUTO_APPROVED = "auto_approved"
    MANUAL_REVIEW = "manual_review"
    MATERIALS_NEEDED = "materials_needed"


class Recommendation(StrEnum):
    """What the rules would tell a reviewer."""

    APPROVE = "approve"
    APPROVE_PARTIALLY = "approve_partially"
    REVIEW = "review"
    REJECT = "reject"
    ASK_FOR_MATERIALS = "ask_for_materials"


class ObligationKind(StrEnum):
    """What the platform must confirm before the grant is released."""

    VOID_CODE = "void_code"
    RECALL_TOP_UP = "recall_top_up"


class PlatformMode(StrEnum):
    """observing: everything to a person, the would-be decision is stored. demo: simulated certificates count."""

    OBSERVING = "observing"
    LIVE = "live"
    STOPPED = "stopped"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same sentence for both kinds of reader."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One feature's share of the margin, in log-odds; positive raises risk."""

    feature: str
    value: float | None
    log_odds: float
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """``probability`` calibrated; base + all contributions = ``log_odds`` exactly (the float32 residual is in base)."""

    probability: float
    log_odds: float
    base: float
    contributions: tuple[Contribution, ...]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One internal reason: a clause that fired, a failed check, or a feature that moved the risk."""

    code: str
    text: Text
    clause: str | None = None
    contribution: float | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingMaterial:
    """What to send: ``code`` is a kind of evidence; the text is written for the buyer."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerAnswer:
    """Plain words for the buyer: what was decided, what is missing, what to do next; never how risk was judged."""

    message: Text
    next: Text
    missing: tuple[MissingMaterial, ...] = ()


class Party(StrEnum):
    """Who takes part in a refund; ``unclear`` until a person has said whose doing it was."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    SUPPLIER = "supplier"
    UNCLEAR = "unclear"


class PaidFrom(StrEnum):
    """Whose money the buyer is paid out of; ``escrow``: the seller's, still frozen."""

    ESCROW = "escrow"
    PLATFORM = "platform"
    SELLER = "seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """Who is liable, out of whose money the buyer is paid, and what is to be recovered afterwards.

    ``freeze``: receipt was not confirmed, so the seller's money stays frozen until the case is over. ``recover`` is
    zero where ``recover_from`` is None. ``clause``: the policy's clause, or ``reasons.<code>.fault``.
    """

    party: Party
    paid_from: PaidFrom
    recover: Money
    recover_from: Party | None = None
    freeze: bool = False
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The longest a payment should take once it is made; exactly one of the three is given."""

    minutes: int | None = None
    hours: int | None = None
    working_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the platform is to pay. ``amount`` is after ``fee``; never above paid less already refunded.

    ``funding_source``: where the original payment came from, for the original route only: money goes back there or
    nowhere. ``withdrawable``: of the balance route. ``basis``: the clauses and settings that made the amount.
    """

    amount: Money
    fee: Money
    route: Route
    obligations: tuple[ObligationKind, ...] = ()
    arrival: Arrival | None = None
    withdrawable: bool | None = None
    funding_source: str | None = None
    liability: Liability | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Room to take from a budget before an approval stands: ``limit_*`` over ``window_hours`` for one entity."""

    budget: str
    entity: str
    window_hours: int
    amount: Money
    limit_amount: int | None
    limit_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Outcome of policy.decide(): a decision with everything that goes with it.

    ``offer``: part of the sum that the policy would let a person offer; nothing is offered by itself. ``ask``: who is
    to be asked before a person decides. ``senior``: only a senior reviewer may decide; ``second_review``: two must
    agree.
    """

    decision: Decision
    recommendation: Recommendation
    reasons: tuple[Reason, ...]
    buyer: BuyerAnswer
    grant: Grant | None = None
    refundable: Grant | None = None
    approval_class: str | None = None
    lane: str = "standard"
    clauses: tuple[str, ...] = ()
    offer: Grant | None = None
    ask: tuple[Party, ...] = ()
    senior: bool = False
    second_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything a decision saw and said, stored whole so that replay can repeat it.

    ``history`` is what the aggregates gave at ``as_of``; ``reuse``: its pages on other orders, for reviewers, as found
    among the pictures numbered below ``reuse_seen_to``; ``faults`` names what failed on the way. ``under_review``: a
    person had the case already, so that nothing was approved; ``answered``: who had been asked and had. ``held_back``:
    outside the share of claims that is approved yet. ``audit_drawn``, ``draw_probability`` and ``audited_later`` (drawn
    and approved first) are shown to nobody before judgement.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    as_of: datetime
    assessed_at: datetime
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    checks: tuple[CheckResult, ...]
    features: Mapping[str, float]
    risk: Risk | None
    threshold: float | None
    certificate: str | None
    would_have_been: Verdict | None = None
    history: Mapping[str, float | None] = field(default_factory=dict)
    reused_orders: int = 0
    reused_accounts: int = 0
    reuse: tuple[Reuse, ...] = ()
    reuse_seen_to: int | None = None
    faults: tuple[str, ...] = ()
    mode: PlatformMode | None = None
    breaker_tripped: bool = False
    under_review: bool = False
    answered: tuple[Party, ...] = ()
    audit_drawn: bool = False
    draw_probability: float = 0.0
    audited_later: bool = False
    held_back: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)
