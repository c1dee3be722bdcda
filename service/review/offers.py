"""Offers of a part, and the buyer's answers to them; none of these is held against anybody."""

from __future__ import annotations

import uuid
from dataclasses import replace

from service.domain.assessment import Grant
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.codec import digest, from_data, to_data
from service.domain.errors import Conflict
from service.domain.history import EventKind
from service.domain.lifecycle import Action
from service.domain.money import Money
from service.domain.steps import Step
from service.policy import buyer_steps
from service.review import deciding, opinions
from service.review.deciding import Decision
from service.review.desk import Acting, Desk, Work
from service.review.requests import CaseView


class Offers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def offer(
        self, acting: Acting, case_id: uuid.UUID, decision: Decision, expected_version: int | None = None
    ) -> CaseView:
        """Offer the part the policy works out, or another with a reason. As for grants, it may need a second person."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await deciding.may_decide(work, Action.OFFER)
            await deciding.needs_identity(work)
            grant = await deciding.part(work, decision)
            if await opinions.confirmed_or_proposed(work, Action.OFFER, grant, decision.reason):
                deadline = work.deadline(CaseState.OFFERED)
                await work.move(
                    Action.OFFER,
                    reason=decision.reason,
                    buyer=buyer_steps.offered(work.policy, grant, deadline, decision.message),
                    deadline=deadline,
                    kept={"grant": to_data(grant), "message": decision.message, "claim": _facts(work.claim)},
                    recorded=_sums(grant.amount),
                    told=_sums(grant.amount),
                )
        return await self._desk.view(acting, case_id)

    async def counter(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        amount_minor: int,
        statement: str = "",
        expected_version: int | None = None,
    ) -> CaseView:
        """The buyer asks for another amount: more than was offered, no more than was claimed."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            amount = Money(amount_minor, work.claim.amount_claimed.currency)
            if work.case.state is CaseState.OFFERED:
                grant = await _standing_offer(work)
                if not grant.amount < amount <= work.claim.amount_claimed:
                    raise Conflict(
                        f"A counter-offer lies above the {grant.amount} offered and is at most the "
                        f"{work.claim.amount_claimed} claimed."
                    )
            await work.move(
                Action.COUNTER,
                deadline=work.deadline(CaseState.COUNTERED),
                buyer=buyer_steps.BY_STATE[CaseState.COUNTERED],
                kept=_sums(amount) | {"statement": statement},
                recorded=_sums(amount),
                told=_sums(amount),
            )
        return await self._desk.view(acting, case_id)

    async def accept(self, acting: Acting, case_id: uuid.UUID, expected_version: int | None = None) -> CaseView:
        """The buyer takes the offer: it is granted as it was offered. Conflict where the claim was corrected since: who
        offered it, and whether two people or a senior had to, was decided on what the record said then."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            grant = await _standing_offer(work) if work.case.state is CaseState.OFFERED else None
            if grant is not None and await _claim_offered_for(work) != _facts(work.claim):
                raise Conflict(
                    "The claim was corrected after this offer was made, so it stands no more. Decline it, or have a "
                    "reviewer take it back with send-to-review and offer anew."
                )
            whole = grant is not None and grant.amount + grant.fee >= work.claim.amount_claimed
            state = CaseState.APPROVED if whole else CaseState.PARTIALLY_APPROVED
            await work.move(
                Action.ACCEPT_OFFER,
                target=state,
                grant=grant,
                buyer=None if grant is None else buyer_steps.granted(work.policy, work.claim, grant, ""),
                deadline=work.deadline(state, obligations=grant is not None and bool(grant.obligations)),
                recorded={} if grant is None else _sums(grant.amount),
                told={} if grant is None else _sums(grant.amount) | {"fee": grant.fee.minor},
            )
            if grant is not None:
                await work.record(EventKind.REFUND_GRANTED, grant.amount)
        return await self._desk.view(acting, case_id)

    async def decline(
        self, acting: Acting, case_id: uuid.UUID, reason: str = "", expected_version: int | None = None
    ) -> CaseView:
        """The buyer does not take it; a reviewer goes on."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await work.move(Action.DECLINE_OFFER, reason=reason, deadline=work.deadline(CaseState.IN_REVIEW))
        return await self._desk.view(acting, case_id)


async def _standing_offer(work: Work) -> Grant:
    return from_data(Grant, (await _last_offer(work)).data["grant"])


async def _claim_offered_for(work: Work) -> str | None:
    return (await _last_offer(work)).data.get("claim")


async def _last_offer(work: Work) -> Step:
    for step in reversed(await work.steps()):
        if step.action == Action.OFFER:
            return step
    raise Conflict("There is no offer on this case.")


def _facts(claim: Claim) -> str:
    """SHA-256 of what an offer rests on; what the buyer says of it may change."""
    return digest(to_data(replace(claim, statement="")))


def _sums(amount: Money) -> dict[str, int | str]:
    return {"amount": amount.minor, "currency": amount.currency}
