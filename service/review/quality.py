"""Judgements that lean on nothing: who must judge a case before its score is shown, and what they then said.

Cases are mixed so that none stands out: those of the audit sample, a share of ordinary ones drawn by lot, those that
wait for a second person, and golden ones whose answer is known. All look alike until the first judgement. The lot is
drawn once, from a secret and the case alone, and kept: it hangs on nothing that says how risky a case is, and loading
a page again draws nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.actors import Actor, same_person
from service.domain.cases import CaseState
from service.domain.clock import Clock
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.domain.lifecycle import UNDER_REVIEW, Action, Change, Party
from service.domain.quality import Disagreement, Judgement, Occasion, QualitySettings, Verdict
from service.domain.queues import ASSIGNED, NEAR, Lane, QueuedCase
from service.domain.users import Role, User
from service.policy import Policy
from service.policy.audit import uniform
from service.policy.deadlines import deadline_of
from service.review.audit_sample import QUEUED, AuditSample
from service.review.auditing import Auditing
from service.review.deciding import part_worked_out
from service.review.desk import Acting
from service.review.golden import FIRST_REVIEW_VERSION, Golden
from service.review.opinions import share_not_due, would_be_granted
from service.review.quality_figures import QualityFigures
from service.review.requests import CaseView, PolicyOf
from service.review.viewing import view_of_case
from service.store import Store, case_locks, quality
from service.store.quality import Look, Unsettled

# The longest a policy may let the audit sample wait; what is older is settled.
_SETTLED_AFTER = timedelta(days=365)
# A counter-offer cannot be answered by who does not see the offer.
_FIRST_LOOK = UNDER_REVIEW - {CaseState.COUNTERED}
# Said of a case without saying what anybody holds of it.
_NEUTRAL = frozenset({Action.ASK_FOR_MATERIALS, Action.ASK_SUPPLIER, Change.CHASED, Change.REASSESSED})
_BESIDE = 20


class Then(StrEnum):
    """What follows a judgement. SHOW: score and reasons are shown from now on; whoever judged goes on to decide.
    DO: carry out what was asked for now, still unseen. NEXT: nothing follows, the next case may be taken."""

    SHOW = "show"
    DO = "do"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """``learned``: a golden case it was; what there is to learn is told at /console/quality/learned?case={learned}."""

    then: Then
    learned: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A case as one person may see it now. ``blind``: without score, reasons, and what others hold of it.

    ``judge_by``: of a blind one, when its judgement is due, whatever the case itself waits for. ``exists``: it can be
    worked on; False for what is only there to be judged. Of that, nothing recorded after ``view.case.as_of`` may be
    shown, nor any event of the case it is made from (``source``).
    """

    view: CaseView
    blind: bool
    judge_by: datetime | None = None
    exists: bool = True
    source: uuid.UUID | None = None


class Quality:
    """``secret``: of the lots; who knows it foresees them."""

    def __init__(
        self,
        store: Store,
        auditing: Auditing,
        golden: Golden,
        clock: Clock,
        policy_of: PolicyOf,
        secret: bytes,
    ) -> None:
        if not secret:
            raise ValueError("the draw needs a secret, or it could be foreseen; set one in the settings")
        self._store = store
        self._auditing = auditing
        self.golden = golden
        self.figures = QualityFigures(store, clock)
        self._clock = clock
        self._policy_of = policy_of
        self._secret = secret
        self.sample = AuditSample(store, clock)

    def now(self) -> datetime:
        return self._clock.now()

    async def sight(self, platform_id: str, case_id: uuid.UUID, user: User) -> Sight:
        """The case as ``user`` may see it now; pages show nothing else of it. NotFound.

        Whatever would tell one blind case from another is alike: state, version, deadline, and who has done what.
        """
        look = await self._look(platform_id, case_id, user.actor)
        judges = user.may([Role.REVIEWER], change=True)
        if look.placed and judges:
            placed = await self.golden.placement(platform_id, case_id, user.actor)
            if placed is not None:
                view = await self.golden.view(platform_id, placed)
                due = view.deadline.due_at if view.deadline is not None else None
                return Sight(view=view, blind=True, judge_by=due, exists=False, source=placed.case_id)
        view = await view_of_case(self._store, platform_id, case_id)
        if judges and await self._blind(platform_id, case_id, look, user.actor, _senior(user)):
            policy = await self._policy_of(platform_id)
            hidden = _hidden(view, policy, self._clock.now())
            return Sight(view=hidden, blind=True, judge_by=hidden.deadline.due_at if hidden.deadline else None)
        if judges and _unheard(look, user.actor):
            view = replace(view, proposal=None, steps=tuple(step for step in view.steps if step.action not in _VIEWS))
        return Sight(view=view, blind=False)

    async def blind(self, platform_id: str, case_id: uuid.UUID, user: User) -> bool:
        """Whether ``user`` has to judge the case before score, reasons, and what others said of it are shown to them.

        One statement, by index; a second one when a case is opened for the first time, which keeps its lot. False for
        who judges no cases, and for what the platform does not have.
        """
        if not user.may([Role.REVIEWER], change=True):
            return False
        look = await self._look(platform_id, case_id, user.actor)
        return await self._blind(platform_id, case_id, look, user.actor, _senior(user))

    async def first_judgement(
        self, acting: Acting, case_id: uuid.UUID, verdict: Verdict, amount: int | None = None
    ) -> Judged:
        """Take what somebody says of a case they have not seen the score of. Sent twice, it counts once.

        ``amount`` (minor units): of a partial approval. What is asked for instead of a judgement (material, a senior)
        is UNDECIDED. NotFound for a case neither the platform nor the user has.
        """
        look = await self._look(acting.platform_id, case_id, acting.actor)
        if look.placed:
            return await self._learn(acting, case_id, verdict, amount)
        if look.state is None:
            if await self.learned(acting.platform_id, case_id, acting.actor):
                return Judged(then=Then.NEXT, learned=case_id)
            raise NotFound("There is no case with this id on your platform.")
        senior = acting.party is Party.SENIOR
        if not await self._blind(acting.platform_id, case_id, look, acting.actor, senior):
            return Judged(then=Then.SHOW)
        if verdict is Verdict.UNDECIDED and look.state in _FIRST_LOOK:
            return Judged(then=Then.DO)
        judgement = await self._judgement(acting, case_id, verdict, amount, look)
        async with self._store.transaction() as tx:
            new = await quality.judge(tx, judgement)
        if _second(look, acting.actor):
            return Judged(then=Then.DO)
        if new and look.sampled and judgement.loss_share is not None:
            await self._audit(acting, case_id, judgement.loss_share, senior=look.audited >= 2)
            self.sample.changed(acting.platform_id)
        return Judged(then=Then.SHOW)

    async def learned(self, platform_id: str, case_id: uuid.UUID, reviewer: Actor) -> bool:
        """Whether it was a golden case that they have judged: what is left of it is what there was to learn."""
        placed = await self.golden.placement(platform_id, case_id, reviewer)
        return placed is not None and placed.judged_at is not None

    async def only_judged(self, user: User, case_id: uuid.UUID) -> bool:
        """Whether the case waits for nothing but their judgement: a golden one, or one of the audit sample that was
        decided. No queue has it, and nothing else is done to it."""
        look = await self._look(user.platform_id, case_id, user.actor)
        if not user.may([Role.REVIEWER], change=True):
            return False
        beside = look.sampled and look.state not in QUEUED and look.state not in _FIRST_LOOK
        return look.placed or (beside and await self._blind(user.platform_id, case_id, look, user.actor, _senior(user)))

    async def waiting(self, platform_id: str, user: User) -> tuple[QueuedCase, ...]:
        """What waits for ``user`` to be judged beside the queues, as queues show cases: golden ones, and those of the
        audit sample that were decided and need another judge. Most urgent first; at most 40."""
        if not user.may([Role.REVIEWER], change=True):
            return ()
        policy, now = await self._policy_of(platform_id), self._clock.now()
        sampled = await self.sample.for_judge(platform_id, user.actor, policy, senior=_senior(user))
        found = [_queued(each, policy, now) for each in sampled[:_BESIDE]]
        found += await self.golden.waiting(platform_id, user.actor)
        return tuple(sorted(found, key=lambda each: each.position))

    async def disagreement(self, platform_id: str, case_id: uuid.UUID) -> Disagreement | None:
        """The open one on a case."""
        async with self._store.reading() as connection:
            return await quality.disagreement(connection, platform_id, case_id)

    async def disagreements(self, platform_id: str) -> tuple[Disagreement, ...]:
        """What waits for a senior, oldest first; at most 50."""
        async with self._store.reading() as connection:
            return await quality.open_disagreements(connection, platform_id)

    async def settings(self, platform_id: str) -> QualitySettings:
        async with self._store.reading() as connection:
            return await quality.settings(connection, platform_id)

    async def change_settings(self, platform_id: str, wanted: QualitySettings, reason: str, actor: Actor) -> None:
        """From the next case that is opened on; ValueError for shares outside [0, 1000]."""
        for permille in (wanted.blind_permille, wanted.golden_permille):
            if not 0 <= permille <= 1000:
                raise ValueError(f"a share is between 0 and 1000 in a thousand, not {permille}")
        async with self._store.transaction() as tx:
            await quality.change_settings(tx, platform_id, wanted, reason, actor, self._clock.now())

    async def _look(self, platform_id: str, case_id: uuid.UUID, reviewer: Actor) -> Look:
        drawn_after = self._clock.now() - _SETTLED_AFTER
        async with self._store.reading() as connection:
            return await quality.look(connection, platform_id, case_id, reviewer, drawn_after=drawn_after)

    async def _blind(self, platform_id: str, case_id: uuid.UUID, look: Look, reviewer: Actor, senior: bool) -> bool:
        if look.placed:
            return True
        if look.state is None or _adjudicates(look, reviewer):
            return False
        if _second(look, reviewer):
            return True
        if look.judged:
            return False
        if look.sampled and (look.audited < 2 or senior):
            return True
        if look.state not in _FIRST_LOOK:
            return False
        return look.drawn if look.drawn is not None else await self._draw(platform_id, case_id, look.blind_permille)

    async def _draw(self, platform_id: str, case_id: uuid.UUID, permille: int) -> bool:
        lot = drawn_blind(self._secret, platform_id, case_id, permille)
        async with self._store.transaction() as tx:
            return await quality.keep_draw(tx, platform_id, case_id, lot, permille, self._clock.now())

    async def _judgement(
        self, acting: Acting, case_id: uuid.UUID, verdict: Verdict, amount: int | None, look: Look
    ) -> Judgement:
        view = await view_of_case(self._store, acting.platform_id, case_id)
        amount, share = await self._share(acting.platform_id, view, verdict, amount)
        return Judgement(
            id=new_id(),
            platform_id=acting.platform_id,
            case_id=case_id,
            reviewer=acting.actor,
            occasion=Occasion.SECOND if _second(look, acting.actor) else Occasion.FIRST,
            verdict=verdict,
            loss_share=share,
            amount_minor=amount,
            currency=view.case.claim.amount_claimed.currency,
            score_seen=look.judged,
            judged_at=self._clock.now(),
        )

    async def _audit(self, acting: Acting, case_id: uuid.UUID, share: float, *, senior: bool) -> None:
        try:
            await self._auditing.judge(acting.platform_id, case_id, share, acting.actor, senior=senior)
        except (Conflict, NotFound):
            return  # settled meanwhile, or no longer of the sample: what was said is kept all the same

    async def _learn(self, acting: Acting, case_id: uuid.UUID, verdict: Verdict, amount: int | None) -> Judged:
        placed = await self.golden.placement(acting.platform_id, case_id, acting.actor)
        if placed is None:
            raise NotFound("There is no case with this id on your platform.")
        view = await self.golden.view(acting.platform_id, placed)
        _, share = await self._share(acting.platform_id, view, verdict, amount)
        await self.golden.judge(acting.platform_id, placed, acting.actor, verdict, share)
        async with self._store.transaction() as tx:
            await case_locks.release(tx, acting.platform_id, case_id, acting.actor.name.removeprefix("user:"))
        return Judged(then=Then.NEXT, learned=placed.id)

    async def _share(
        self, platform_id: str, view: CaseView, verdict: Verdict, amount: int | None
    ) -> tuple[int | None, float | None]:
        """The part they would grant (minor units; None unless it is a part), and the share they hold not to be due."""
        if verdict is not Verdict.APPROVE_PARTIALLY:
            return None, {Verdict.APPROVE: 0.0, Verdict.REJECT: 1.0}.get(verdict)
        if amount is None:
            policy = await self._policy_of(platform_id)
            part = part_worked_out(policy, view.case.claim, view.case.accepted_at, view.assessment)
            if part is None:
                raise InvalidRequest("The policy works out no part for this claim: name the amount.")
            amount = part.amount.minor
        return amount, share_not_due(amount, would_be_granted(view.assessment, view.case.claim).minor)


def _senior(user: User) -> bool:
    return Role.SENIOR in user.roles


def drawn_blind(secret: bytes, platform_id: str, case_id: uuid.UUID, permille: int) -> bool:
    """The lot of one case: ``permille`` of a thousand are drawn, whatever they are."""
    return uniform(secret, platform_id, case_id.hex, purpose="blind") * 1000 < permille


def _queued(case: Unsettled, policy: Policy, now: datetime) -> QueuedCase:
    due = _next_due(case.accepted_at, policy, now)
    due_at = due.due_at if due is not None else case.accepted_at
    lane = next((each for each in ASSIGNED if each == case.lane and each is not Lane.INCIDENT), Lane.STANDARD)
    return QueuedCase(
        case_id=case.case_id,
        number=case.number,
        lane=Lane.NEAR_BREACH if due_at <= now + NEAR else lane,
        state=CaseState.IN_REVIEW,
        reason=case.reason,
        amount=case.amount,
        accepted_at=case.accepted_at,
        due_at=due_at,
        chased_at=None,
        incident_id=None,
        urgent_at=due_at,
        version=FIRST_REVIEW_VERSION,
        product=case.product,
        seller_id=case.seller_id,
    )


_VIEWS = frozenset({Change.APPROVAL_PROPOSED, Change.OPINIONS_DIFFER})


def _hidden(view: CaseView, policy: Policy, now: datetime) -> CaseView:
    """Without what anybody holds of the case: as one that waits for its first review."""
    waits = view.case.state in _FIRST_LOOK
    steps = tuple(replace(step, reason="") for step in view.steps if waits and step.action in _NEUTRAL)
    state = view.case.state if waits else CaseState.IN_REVIEW
    version = view.case.version if waits else FIRST_REVIEW_VERSION
    deadline = view.deadline if waits and view.deadline is not None else _next_due(view.case.accepted_at, policy, now)
    case = replace(view.case, state=state, version=version, under_review=False)
    return replace(view, case=case, steps=steps, deadline=deadline, grant=None, proposal=None, reassessing=False)


def _next_due(start: datetime, policy: Policy, now: datetime) -> Deadline | None:
    """A review's, counted from the claim on as often as it takes to lie ahead: what is judged after the decision must
    not be the only one that is late by weeks."""
    due = deadline_of(policy, CaseState.IN_REVIEW, start)
    if due is None or due.due_at > now:
        return due
    passed = due.due_at - start
    rounds = (now - start) // passed if passed > timedelta(0) else 0
    return Deadline(kind=DeadlineKind.REVIEW, due_at=start + passed * (rounds + 1))


def _second(look: Look, reviewer: Actor) -> bool:
    """Another has proposed a grant, and they have not said yet what they hold of it."""
    return look.state in _FIRST_LOOK and _unheard(look, reviewer)


def _unheard(look: Look, reviewer: Actor) -> bool:
    proposer = look.proposed_by
    return proposer is not None and not same_person(proposer, reviewer) and not look.second_given


def _adjudicates(look: Look, reviewer: Actor) -> bool:
    """Between two who differ one has to see what each said."""
    return look.differing is not None and not any(same_person(each, reviewer) for each in look.differing)
