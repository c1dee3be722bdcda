"""The life of a case, declared once: every move, from where, to where, by whom, and what it records.

What stands here is what the store lets happen, what a refusal names, and what ARCHITECTURE.md draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.cases import FINAL_STATES, CaseState
from service.domain.errors import IllegalMove

_S = CaseState


class Party(StrEnum):
    """In whose part somebody acts. A platform's key speaks for the platform, and for its buyer where it says so."""

    PREREVIEW = "prereview"
    BUYER = "buyer"
    PLATFORM = "platform"
    REVIEWER = "reviewer"
    SENIOR = "senior"


class Action(StrEnum):
    BEGIN_ASSESSMENT = "begin_assessment"
    APPROVE_AUTOMATICALLY = "approve_automatically"
    SEND_TO_REVIEW = "send_to_review"
    ASK_FOR_MATERIALS = "ask_for_materials"
    ASK_SUPPLIER = "ask_supplier"
    REASSESS = "reassess"
    OFFER = "offer"
    COUNTER = "counter"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    APPROVE = "approve"
    APPROVE_PARTIALLY = "approve_partially"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    REOPEN = "reopen"
    CONFIRM_PAYMENT = "confirm_payment"
    FAIL_PAYMENT = "fail_payment"
    RETURN_TO_REVIEW = "return_to_review"
    REVERSE = "reverse"
    APPEAL = "appeal"
    BEGIN_SECOND_REVIEW = "begin_second_review"
    UPHOLD = "uphold"
    ESCALATE = "escalate"
    REQUEST_ARBITRATION = "request_arbitration"
    RULE_APPROVED = "rule_approved"
    RULE_PARTIALLY = "rule_partially"
    RULE_REJECTED = "rule_rejected"
    CLOSE = "close"


class Change(StrEnum):
    """What changes a case where it is: a new version, audit entry and event, but no new state."""

    REASSESSING = "reassessing"
    REASSESSED = "reassessed"
    APPROVAL_PROPOSED = "approval_proposed"
    OPINIONS_DIFFER = "opinions_differ"
    HANDED_UP = "handed_up"
    CHASED = "chased"

    @property
    def event(self) -> str:
        return f"case.{self.value}"


@dataclass(frozen=True, slots=True)
class Move:
    """One action from any of ``sources`` to one of ``targets``.

    ``event``: the type under which the platform is told. ``records``: what has to be given and is kept with it.
    """

    action: Action
    sources: frozenset[CaseState]
    targets: tuple[CaseState, ...]
    parties: frozenset[Party]
    event: str
    records: tuple[str, ...] = ()

    @property
    def target(self) -> CaseState:
        """The only target; of a move with several the caller chooses."""
        (only,) = self.targets
        return only


BEFORE_DECISION = frozenset({_S.ACCEPTED, _S.ASSESSING})
UNDER_REVIEW = frozenset({_S.IN_REVIEW, _S.AWAITING_MATERIALS, _S.AWAITING_SUPPLIER, _S.COUNTERED})
GRANTED = frozenset({_S.AUTO_APPROVED, _S.APPROVED, _S.PARTIALLY_APPROVED})
LIVE = frozenset(CaseState) - FINAL_STATES
# What is learned anew goes through an assessment of its own in the first, and beside the person at work in the second.
REASSESSED = frozenset({_S.AWAITING_MATERIALS, _S.AWAITING_SUPPLIER, _S.REOPENED})
REASSESSED_BESIDE = frozenset(
    {_S.IN_REVIEW, _S.COUNTERED, _S.OFFERED, _S.APPEALED, _S.IN_SECOND_REVIEW, _S.ARBITRATION}
)

_OURS = frozenset({Party.PREREVIEW})
_BUYER = frozenset({Party.BUYER, Party.PLATFORM})
_PLATFORM = frozenset({Party.PLATFORM})
_REVIEWERS = frozenset({Party.REVIEWER, Party.SENIOR})
_SENIOR = frozenset({Party.SENIOR})


def _move(
    action: Action,
    sources: frozenset[CaseState] | CaseState,
    targets: CaseState | tuple[CaseState, ...],
    parties: frozenset[Party],
    event: str,
    *records: str,
) -> Move:
    return Move(
        action,
        frozenset({sources}) if isinstance(sources, CaseState) else sources,
        (targets,) if isinstance(targets, CaseState) else targets,
        parties,
        f"case.{event}",
        records,
    )


_A = Action
MOVES: dict[Action, Move] = {
    move.action: move
    for move in (
        _move(_A.BEGIN_ASSESSMENT, _S.ACCEPTED, _S.ASSESSING, _OURS, "assessing"),
        _move(
            _A.APPROVE_AUTOMATICALLY, BEFORE_DECISION, _S.AUTO_APPROVED, _OURS, "auto_approved", "assessment", "grant"
        ),
        _move(
            _A.SEND_TO_REVIEW,
            BEFORE_DECISION | {_S.AWAITING_MATERIALS, _S.AWAITING_SUPPLIER, _S.OFFERED},
            _S.IN_REVIEW,
            _OURS | _REVIEWERS,
            "in_review",
            "reason",
        ),
        _move(
            _A.ASK_FOR_MATERIALS,
            BEFORE_DECISION | {_S.IN_REVIEW, _S.COUNTERED, _S.AWAITING_SUPPLIER},
            _S.AWAITING_MATERIALS,
            _OURS | _REVIEWERS,
            "materials_requested",
            "materials",
            "message",
            "deadline",
        ),
        _move(
            _A.ASK_SUPPLIER,
            BEFORE_DECISION | {_S.IN_REVIEW, _S.COUNTERED},
            _S.AWAITING_SUPPLIER,
            _OURS | _REVIEWERS,
            "supplier_asked",
            "question",
            "deadline",
        ),
        _move(
            _A.REASSESS,
            REASSESSED,
            _S.ASSESSING,
            _OURS | _BUYER | _REVIEWERS,
            "assessing",
            "reason",
        ),
        _move(
            _A.OFFER,
            frozenset({_S.IN_REVIEW, _S.COUNTERED}),
            _S.OFFERED,
            _REVIEWERS,
            "offer_made",
            "amount",
            "message",
            "reason",
            "deadline",
        ),
        _move(_A.COUNTER, _S.OFFERED, _S.COUNTERED, _BUYER, "offer_countered", "amount", "statement"),
        _move(
            _A.ACCEPT_OFFER,
            _S.OFFERED,
            (_S.PARTIALLY_APPROVED, _S.APPROVED),
            _BUYER,
            "offer_accepted",
            "amount",
            "grant",
        ),
        _move(_A.DECLINE_OFFER, _S.OFFERED, _S.IN_REVIEW, _BUYER, "offer_declined"),
        _move(
            _A.APPROVE,
            UNDER_REVIEW | {_S.IN_SECOND_REVIEW},
            _S.APPROVED,
            _REVIEWERS,
            "approved",
            "grant",
            "message",
            "reason",
        ),
        _move(
            _A.APPROVE_PARTIALLY,
            UNDER_REVIEW | {_S.IN_SECOND_REVIEW},
            _S.PARTIALLY_APPROVED,
            _REVIEWERS,
            "partially_approved",
            "grant",
            "message",
            "reason",
        ),
        _move(_A.REJECT, UNDER_REVIEW, _S.REJECTED, _REVIEWERS, "rejected", "clause", "message", "reason"),
        _move(
            _A.WITHDRAW,
            BEFORE_DECISION | UNDER_REVIEW | {_S.OFFERED, _S.REOPENED},
            _S.WITHDRAWN,
            _BUYER,
            "withdrawn",
        ),
        # A deadline passed: unanswered material or offer, or an obligation of the grant nobody confirmed.
        _move(_A.LAPSE, frozenset({_S.AWAITING_MATERIALS, _S.OFFERED}) | GRANTED, _S.LAPSED, _OURS, "lapsed", "reason"),
        _move(_A.REOPEN, _S.LAPSED, _S.REOPENED, _BUYER | _REVIEWERS, "reopened", "reason"),
        _move(
            _A.CONFIRM_PAYMENT,
            GRANTED | {_S.PAYMENT_FAILED},
            _S.PAID,
            _PLATFORM,
            "paid",
            "amount",
            "occurred_at",
        ),
        _move(_A.FAIL_PAYMENT, GRANTED, _S.PAYMENT_FAILED, _PLATFORM, "payment_failed", "reason", "occurred_at"),
        # What was granted cannot be carried out: the payment failed for good, or what was to be taken back is used.
        _move(
            _A.RETURN_TO_REVIEW,
            GRANTED | {_S.PAYMENT_FAILED},
            _S.IN_REVIEW,
            _OURS,
            "returned_to_review",
            "reason",
        ),
        _move(
            _A.REVERSE,
            GRANTED | {_S.PAID, _S.PAYMENT_FAILED},
            _S.REVERSED,
            _PLATFORM | _SENIOR,
            "reversed",
            "reason",
            "loss_share",
        ),
        _move(_A.APPEAL, _S.REJECTED, _S.APPEALED, _BUYER, "appealed", "statement", "evidence"),
        _move(_A.BEGIN_SECOND_REVIEW, _S.APPEALED, _S.IN_SECOND_REVIEW, _REVIEWERS, "in_second_review"),
        _move(
            _A.UPHOLD, _S.IN_SECOND_REVIEW, _S.REJECTED, _REVIEWERS, "rejection_upheld", "clause", "message", "reason"
        ),
        _move(_A.ESCALATE, _S.IN_SECOND_REVIEW, _S.ARBITRATION, _REVIEWERS, "in_arbitration", "reason"),
        _move(_A.REQUEST_ARBITRATION, _S.REJECTED, _S.ARBITRATION, _BUYER | _SENIOR, "in_arbitration", "statement"),
        _move(_A.RULE_APPROVED, _S.ARBITRATION, _S.APPROVED, _SENIOR, "ruled", "ruling", "grant", "message", "reason"),
        _move(
            _A.RULE_PARTIALLY,
            _S.ARBITRATION,
            _S.PARTIALLY_APPROVED,
            _SENIOR,
            "ruled",
            "ruling",
            "grant",
            "message",
            "reason",
        ),
        _move(_A.RULE_REJECTED, _S.ARBITRATION, _S.CLOSED, _SENIOR, "ruled", "ruling", "message", "reason"),
        _move(_A.CLOSE, _S.REJECTED, _S.CLOSED, _OURS | _SENIOR, "closed", "reason"),
    )
}


def moves_from(state: CaseState, party: Party | None = None) -> tuple[Move, ...]:
    """What may happen to a case in ``state``, in the order of the declaration; ``party``: by that party alone."""
    return tuple(move for move in MOVES.values() if state in move.sources and (party is None or party in move.parties))


def legal_move(state: CaseState, action: Action, party: Party, target: CaseState | None = None) -> Move:
    """The declared move; IllegalMove, with the legal ones named, where it is none.

    ``target`` has to be given where a move has several.
    """
    move = MOVES[action]
    legal = [each.action.value for each in moves_from(state, party)]
    if state not in move.sources:
        raise IllegalMove(_sentence(f"A case that is {state.value} cannot go through {action.value}", legal, party))
    if party not in move.parties:
        by = ", ".join(sorted(each.value for each in move.parties))
        raise IllegalMove(_sentence(f"{action.value} is for: {by}", legal, party))
    if target is not None and target not in move.targets:
        raise IllegalMove(_sentence(f"{action.value} does not lead to {target.value}", legal, party))
    return move


def _sentence(refusal: str, legal: list[str], party: Party) -> str:
    what = (
        f"Possible for {party.value} now: {', '.join(legal)}." if legal else f"Nothing is possible for {party.value}."
    )
    return f"{refusal}. {what}"


def diagram() -> str:
    """The machine as a Mermaid state diagram; ARCHITECTURE.md holds it, and a test holds the two together."""
    lines = ["stateDiagram-v2", "    [*] --> accepted"]
    for move in MOVES.values():
        for source in sorted(move.sources, key=list(CaseState).index):
            lines += [f"    {source.value} --> {target.value}: {move.action.value}" for target in move.targets]
    lines += [f"    {state.value} --> [*]" for state in CaseState if not moves_from(state)]
    return "\n".join(lines)
