"""The second person: whose word is needed beside one's own, what follows where two differ, and what each has said.

From an amount on a grant needs two people who say the same without knowing of each other. Where they differ, a senior
who is neither of them decides; until then nothing is granted and nothing refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.domain.actors import Actor, same_person
from service.domain.assessment import Assessment, Grant
from service.domain.claims import Claim
from service.domain.codec import to_data
from service.domain.errors import Conflict, Forbidden
from service.domain.identifiers import new_id
from service.domain.labels import LabelSource
from service.domain.lifecycle import Action, Change, Party, legal_move
from service.domain.money import Money
from service.domain.quality import Disagreement, Judgement, Occasion, Verdict
from service.domain.steps import Proposal, Step
from service.review.desk import Work
from service.store import ChangeRequest, quality

# Two who mean the same sum may have worked it out in different ways.
_SAME = 0.01
VERDICTS: Mapping[Action, Verdict] = {
    Action.APPROVE: Verdict.APPROVE,
    Action.RULE_APPROVED: Verdict.APPROVE,
    Action.APPROVE_PARTIALLY: Verdict.APPROVE_PARTIALLY,
    Action.RULE_PARTIALLY: Verdict.APPROVE_PARTIALLY,
    Action.OFFER: Verdict.APPROVE_PARTIALLY,
    Action.REJECT: Verdict.REJECT,
    Action.UPHOLD: Verdict.REJECT,
    Action.RULE_REJECTED: Verdict.REJECT,
}


def needs_second(work: Work, amount: Money) -> bool:
    """Whether the policy wants two people for a grant of ``amount``."""
    rule, claim = work.policy.second_review, work.claim
    if claim.reason in rule.reasons or amount.currency != work.policy.currency:
        return True
    return max(amount.minor, claim.amount_claimed.minor) >= rule.amount_from_minor


async def confirmed_or_proposed(work: Work, action: Action, grant: Grant, reason: str) -> bool:
    """True where the grant may stand now. Else it is kept as a proposal, which another person confirms by asking for
    the same; whatever changes the case meanwhile takes the proposal away. Where another says otherwise, a senior
    decides between the two. Forbidden, Conflict."""
    if await _adjudicated(work, action, grant):
        return True
    if not needs_second(work, grant.amount):
        await _say(work, Occasion.DECISION, action, grant)
        return True
    before = await work.store.casework.proposal(work.tx, work.case)
    if before is not None and not same_person(before.actor, work.acting.actor):
        return await _agreed(work, before, action, grant, reason)
    if before is not None and before.action is action and before.amount == grant.amount:
        raise Conflict(f"You have proposed {grant.amount} already; another person has to confirm it.")
    await _propose(work, action, grant, reason)
    await _say(work, Occasion.DECISION, action, grant)
    return False


async def refusal_stands(work: Work, action: Action, reason: str) -> bool:
    """True where a claim may be refused now. False where another has proposed to grant it: a senior decides between
    the two. Forbidden."""
    if await _adjudicated(work, action, None):
        return True
    before = await work.store.casework.proposal(work.tx, work.case)
    if before is not None and not same_person(before.actor, work.acting.actor):
        return await _agreed(work, before, action, None, reason)
    await _say(work, Occasion.DECISION, action, None)
    return True


async def label(work: Work, source: LabelSource, share: float) -> None:
    """What the decision says the case is. It leans on the score unless the same was said before it was shown."""
    leans = work.acting.score_seen and not any(
        said.loss_share is not None and abs(said.loss_share - share) <= _SAME for said in await _said_unseen(work)
    )
    await work.label(source, share, score_seen=leans)


def would_be_granted(assessment: Assessment | None, claim: Claim) -> Money:
    """What there is to lose: the grant an assessment would have made, else what was claimed."""
    would = None
    if assessment is not None:
        judged = assessment.would_have_been or assessment.verdict
        would = judged.grant or assessment.verdict.refundable
    return would.amount if would is not None else claim.amount_claimed


def share_not_due(granted_minor: int, whole_minor: int) -> float:
    """In [0, 1]: of what would have been granted, the part that is held not to be due."""
    return min(1.0, max(0.0, 1.0 - granted_minor / whole_minor)) if whole_minor > 0 else 0.0


def differing(steps: Sequence[Step]) -> tuple[Actor, ...]:
    """The two who differ on a case and wait for a senior, by its steps; empty where nobody does."""
    proposer: Actor | None = None
    found: tuple[Actor, ...] = ()
    for step in steps:
        if step.action == Change.APPROVAL_PROPOSED:
            proposer = step.actor
        elif step.action == Change.OPINIONS_DIFFER and proposer is not None:
            found = (proposer, step.actor)
        elif step.action in VERDICTS:
            found = ()
    return found


# --- between two ---------------------------------------------------------------------------------------------------


async def _adjudicated(work: Work, action: Action, grant: Grant | None) -> bool:
    """True where two differ on the case and a senior who is neither decides now; False where nobody differs."""
    found = await quality.disagreement(work.tx, work.case.platform_id, work.case.id)
    if found is None:
        return False
    if any(same_person(each, work.acting.actor) for each in (found.first, found.second)):
        raise Forbidden("You and a colleague differ on this case; a senior reviewer who is neither of you decides it.")
    if work.acting.party is not Party.SENIOR:
        raise Forbidden("Two reviewers differ on this case; a senior reviewer decides it, with `as: senior`.")
    legal_move(work.case.state, action, work.acting.party)
    await quality.settle(work.tx, work.case.platform_id, work.case.id, work.now)
    await _say(work, Occasion.ADJUDICATION, action, grant)
    return True


async def _agreed(work: Work, before: Proposal, action: Action, grant: Grant | None, reason: str) -> bool:
    """Whether the second says what the first does, and said so before seeing it where they were asked then."""
    said = next((each for each in reversed(await _said_unseen(work, Occasion.SECOND))
                 if each.judged_at >= before.proposed_at), None)  # fmt: skip
    now_same = before.action is action and grant is not None and before.amount == grant.amount
    then_same = said is None or _same_as(before, said)
    if said is None:
        await _say(work, Occasion.SECOND, action, grant)
    if now_same and then_same:
        return True
    legal_move(work.case.state, action, work.acting.party)
    changed = said is not None and not then_same
    verdict = said.verdict if said is not None and changed else VERDICTS[action]
    amount = said.amount_minor if said is not None and changed else (None if grant is None else grant.amount.minor)
    await _differ(work, before, verdict, amount, reason)
    return False


def _same_as(before: Proposal, said: Judgement) -> bool:
    verdict = VERDICTS[before.action]
    return said.verdict is verdict and (verdict is Verdict.APPROVE or said.amount_minor == before.amount.minor)


async def _differ(work: Work, before: Proposal, verdict: Verdict, amount: int | None, reason: str) -> None:
    recorded = {"proposed": before.action.value, "amount": before.amount.minor, "said": verdict.value}
    change = ChangeRequest(
        change=Change.OPINIONS_DIFFER,
        party=work.acting.party,
        actor=work.acting.actor,
        now=work.now,
        reason=reason,
        recorded=recorded,
        kept={"proposed": before.action.value, "said": verdict.value, "said_minor": amount},
    )
    work.case = await work.store.casework.change(work.tx, work.case, change)
    found = Disagreement(
        case_id=work.case.id,
        first=before.actor,
        first_verdict=VERDICTS[before.action],
        first_minor=before.amount.minor,
        second=work.acting.actor,
        second_verdict=verdict,
        second_minor=amount,
        currency=before.amount.currency,
        opened_at=work.now,
    )
    await quality.differ(work.tx, work.case.platform_id, found)


async def _propose(work: Work, action: Action, grant: Grant, reason: str) -> None:
    legal_move(work.case.state, action, work.acting.party)
    change = ChangeRequest(
        change=Change.APPROVAL_PROPOSED,
        party=work.acting.party,
        actor=work.acting.actor,
        now=work.now,
        reason=reason,
        recorded=sums(grant) | {"proposed": action.value},
        kept={"grant": to_data(grant), "proposed": action.value},
    )
    work.case = await work.store.casework.change(work.tx, work.case, change)
    proposal = Proposal(
        action=action, actor=work.acting.actor, amount=grant.amount, reason=reason, proposed_at=work.now
    )
    await work.store.casework.propose(work.tx, work.case, proposal)


def sums(grant: Grant) -> dict[str, int | str]:
    """What of a grant goes into records and events."""
    return {"amount": grant.amount.minor, "currency": grant.amount.currency}


# --- what was said -------------------------------------------------------------------------------------------------


async def _said_unseen(work: Work, *occasions: Occasion) -> list[Judgement]:
    """By whoever acts, before score and reasons were shown; for SECOND, before the other's word was."""
    wanted = occasions or (Occasion.FIRST, Occasion.SECOND)
    return [
        each
        for each in await quality.of_case(work.tx, work.case.platform_id, work.case.id)
        if each.occasion in wanted
        and same_person(each.reviewer, work.acting.actor)
        and (Occasion.SECOND in occasions or not each.score_seen)
    ]


async def _say(work: Work, occasion: Occasion, action: Action, grant: Grant | None) -> None:
    whole = would_be_granted(await work.assessment(), work.claim)
    verdict = VERDICTS[action]
    judgement = Judgement(
        id=new_id(),
        platform_id=work.case.platform_id,
        case_id=work.case.id,
        reviewer=work.acting.actor,
        occasion=occasion,
        verdict=verdict,
        loss_share=1.0 if grant is None else share_not_due(grant.amount.minor, whole.minor),
        amount_minor=grant.amount.minor if grant is not None and verdict is Verdict.APPROVE_PARTIALLY else None,
        currency=whole.currency,
        score_seen=work.acting.score_seen,
        judged_at=work.now,
    )
    await quality.judge(work.tx, judgement, by_itself=False)
    await work.decided()
