"""Who is asked before a person decides: the seller on platforms that contact the seller first, or the supplier."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.assessment import Party, Text, Verdict
from service.domain.claims import Claim, FulfilmentState, GoodsKind, ReasonCode, UseState
from service.domain.deadlines import DeadlineKind
from service.policy.clause_parts import AskWhen, ConfirmationClause
from service.policy.findings import Effect, Finding, Told
from service.policy.inputs import DecideInput
from service.policy.schema import Policy

_NAMES = {Party.SELLER: Text(zh="卖家", en="the seller"), Party.SUPPLIER: Text(zh="供应商", en="the supplier")}
DEADLINES = {Party.SELLER: DeadlineKind.SELLER_REPLY, Party.SUPPLIER: DeadlineKind.SUPPLIER}


def to_ask(policy: Policy, given: DecideInput) -> tuple[ConfirmationClause, ...]:
    """The clauses that hold and whose party has neither answered nor let its time pass, one for each party.

    None while the payment is disputed elsewhere: that locks our side.
    """
    found: dict[Party, ConfirmationClause] = {}
    if given.claim.order.disputed:
        return ()
    for clause in policy.confirmations:
        if clause.ask not in given.answered and clause.concerns(given.claim) and _wanted(clause, given.claim):
            found.setdefault(clause.ask, clause)
    return tuple(found.values())


def confirmation_findings(policy: Policy, given: DecideInput) -> Iterator[Finding]:
    for clause in to_ask(policy, given):
        term, name = policy.term(DEADLINES[clause.ask]).text, _NAMES[clause.ask]
        yield Finding(
            code=f"ask_{clause.ask.value}",
            effect=Effect.NEEDS_PERSON if clause.before == "approval" else Effect.TELLS,
            text=Text(zh=f"先询问{name.zh}，时限 {term.zh}", en=f"{name.en} is asked first and has {term.en}"),
            clause=clause.id,
            told=Told.ASKED,
            wording=clause.text,
        )


def question(policy: Policy, verdict: Verdict) -> str:
    """What the first to be asked is asked: the wording of the clause that has them asked, in both languages; empty
    where nobody is, or another policy had them asked."""
    asked = next(iter(verdict.ask), None)
    clauses = {reason.clause for reason in verdict.reasons if asked and reason.code == f"ask_{asked.value}"}
    found = next((clause for clause in policy.confirmations if clause.id in clauses), None)
    return "" if found is None else f"{found.zh}\n{found.en}"


def log_knows(claim: Claim) -> bool:
    """Whether the platform's own log tells if the goods arrived and, of what can be used later, if and by whom."""
    state, use, kind = claim.fulfilment.state, claim.fulfilment.use, claim.order.product.kind
    if state is not FulfilmentState.DELIVERED:
        return state in (FulfilmentState.FAILED, FulfilmentState.NOT_DELIVERED)
    if claim.reason is ReasonCode.CODE_ALREADY_USED and use is UseState.ACTIVATED:
        return claim.fulfilment.used_by_claimant is not None
    return use is not UseState.UNKNOWN or kind in (GoodsKind.TOP_UP, GoodsKind.IN_GAME)


def _wanted(clause: ConfirmationClause, claim: Claim) -> bool:
    return clause.when is AskWhen.ALWAYS or not log_knows(claim)
