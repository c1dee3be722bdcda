"""Golden cases: closed ones with a proven truth, put again before people who have not met them.

Whoever judges one cannot tell, and learns afterwards. What is put before them has an id, a number and a time of its own
and is no case: no use case finds it, so nothing is granted, told, counted or learned of it (``service.store.golden``).
"""

from __future__ import annotations

import random
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.actors import Actor
from service.domain.cases import CaseState
from service.domain.clock import Clock
from service.domain.errors import InvalidRequest, NotFound
from service.domain.identifiers import case_number, new_id
from service.domain.labels import LabelSource
from service.domain.lifecycle import LIVE
from service.domain.quality import GoldenCase, Placement, Verdict
from service.domain.queues import NEAR, Lane, QueuedCase
from service.policy import Policy
from service.policy.audit import uniform
from service.policy.deadlines import deadline_of
from service.review.requests import CaseView, PolicyOf
from service.review.viewing import view_of_case
from service.store import CaseRecord, Connection, Store, golden, quality

MADE_WITHIN = timedelta(days=30)
"""Its pages carry their dates: of an older one anybody would see that it is not new."""
_PROOFS = (LabelSource.RECORD, LabelSource.CHARGEBACK, LabelSource.ADJUDICATION, LabelSource.APPEAL)
_DELAY = (timedelta(minutes=2), timedelta(minutes=40))
FIRST_REVIEW_VERSION = 2
"""Of a case that was accepted, and assessed and sent to a person in one step: as nearly all have it that wait."""
_SHOWN = 20
_LESSONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What somebody learns who judged a golden case. ``right``: on the same side as the truth."""

    golden: GoldenCase
    placement: Placement
    right: bool


class Golden:
    """``secret``: of the lots by which golden cases follow decisions."""

    def __init__(self, store: Store, clock: Clock, policy_of: PolicyOf, secret: bytes) -> None:
        self._store = store
        self._clock = clock
        self._policy_of = policy_of
        self._secret = secret

    # --- by who makes them ------------------------------------------------------------------------------------
    async def make(self, platform_id: str, case_id: uuid.UUID, note: str, actor: Actor) -> GoldenCase:
        """Of a closed case. The answer is what was proven, never what somebody thinks: a record, a chargeback, a
        senior between two, an appeal. ``note``: what there is to learn from it.

        NotFound; InvalidRequest where nothing is proven, the case is open or too old, or no note is given.
        """
        now = self._clock.now()
        if not note.strip():
            raise InvalidRequest("Write what there is to learn from the case.", extra={"code": "golden_note"})
        record = await self._store.load_case(platform_id, case_id)
        if record is None:
            raise NotFound("There is no case with this id on your platform.")
        self._refuse(record, now)
        kept = await self._store.casework.assessments(platform_id, case_id)
        proof = await self._proof(platform_id, case_id)
        if not kept or proof is None:
            raise InvalidRequest(
                "Nothing proves how this case should have been decided: a record, a chargeback, an appeal or a senior "
                "between two must have told.",
                extra={"code": "golden_proof"},
            )
        made = GoldenCase(
            id=new_id(),
            case_id=case_id,
            number=record.case.number,
            verdict=_answer(proof[1]),
            loss_share=proof[1],
            proof=proof[0],
            note=note.strip()[:2_000],
            made_by=actor,
            made_at=now,
        )
        async with self._store.transaction() as tx:
            # The first assessment: what was found later came with what had been found out.
            if not await golden.make(tx, platform_id, made, kept[0].assessment.id):
                raise InvalidRequest("This case is a golden one already.", extra={"code": "golden_twice"})
        return made

    async def retire(self, platform_id: str, golden_id: uuid.UUID, actor: Actor) -> bool:
        """Put it before nobody any more; False where it is in use no longer."""
        async with self._store.transaction() as tx:
            return await golden.retire(tx, platform_id, golden_id, actor, self._clock.now())

    async def listed(self, platform_id: str) -> tuple[GoldenCase, ...]:
        """Those in use first; at most 100."""
        async with self._store.reading() as connection:
            return await golden.listed(connection, platform_id)

    async def case_of(self, platform_id: str, number: str) -> uuid.UUID:
        """The id of a case by its number; NotFound."""
        record = await self._store.case_by_number(platform_id, number)
        if record is None:
            raise NotFound("There is no case of this number on your platform.")
        return record.case.id

    # --- by who meets them ------------------------------------------------------------------------------------
    async def waiting(self, platform_id: str, reviewer: Actor) -> tuple[QueuedCase, ...]:
        """What was put before somebody, as queues show cases."""
        placed = await self.placed(platform_id, reviewer)
        return tuple([_queued(await self.view(platform_id, each), self._clock.now()) for each in placed])

    async def placed(self, platform_id: str, reviewer: Actor) -> tuple[Placement, ...]:
        """What waits for somebody, oldest first; at most 20."""
        async with self._store.reading() as connection:
            return await golden.placed(connection, platform_id, reviewer, self._clock.now(), _SHOWN)

    async def placement(self, platform_id: str, placement_id: uuid.UUID, reviewer: Actor) -> Placement | None:
        """What was put before this person under this id; None for anybody else's, and for any real case."""
        async with self._store.reading() as connection:
            return await golden.placement(connection, platform_id, placement_id, reviewer)

    async def view(self, platform_id: str, placed: Placement) -> CaseView:
        """As a case that waits for its first review, with nothing of what became of it."""
        source = await view_of_case(self._store, platform_id, placed.case_id)
        kept = await self._store.casework.assessments(platform_id, placed.case_id)
        first = next(each for each in kept if each.assessment.id == placed.assessment_id)
        assessment = replace(first.assessment, case_id=placed.id)
        case = replace(
            source.case,
            id=placed.id,
            number=placed.number,
            claim=first.claim,
            state=CaseState.IN_REVIEW,
            accepted_at=placed.accepted_at,
            as_of=assessment.as_of,
            due_at=placed.accepted_at,
            evidence=tuple(item.sha256 for item in assessment.evidence),
            version=FIRST_REVIEW_VERSION,
            under_review=False,
            answered=(),
            corrected_at=(),
        )
        policy = await self._policy_of(platform_id)
        due = deadline_of(policy, CaseState.IN_REVIEW, placed.accepted_at)
        return CaseView(case=case, assessment=assessment, deadline=due)

    async def judge(
        self, platform_id: str, placed: Placement, reviewer: Actor, verdict: Verdict, share: float | None
    ) -> bool:
        """Keep what they say; False where they have said something before."""
        async with self._store.transaction() as tx:
            return await golden.judge(tx, platform_id, placed.id, reviewer, verdict, share, self._clock.now())

    async def lesson(self, platform_id: str, placement_id: uuid.UUID, reviewer: Actor) -> Lesson:
        """NotFound before it was judged, and for anybody else's."""
        placed = await self.placement(platform_id, placement_id, reviewer)
        if placed is None or placed.judged_at is None:
            raise NotFound("There is nothing to learn here.")
        async with self._store.reading() as connection:
            known = await golden.get(connection, platform_id, placed.golden_id)
        assert known is not None
        return Lesson(golden=known, placement=placed, right=same_side(placed.loss_share, known.loss_share))

    async def lessons(self, platform_id: str, reviewer: Actor) -> tuple[Lesson, ...]:
        """What somebody learned lately, newest first; at most ten."""
        async with self._store.reading() as connection:
            judged = await golden.judged(connection, platform_id, reviewer, _LESSONS)
        return tuple(
            Lesson(golden=known, placement=placed, right=same_side(placed.loss_share, known.loss_share))
            for placed, known in judged
        )

    async def after_decision(
        self, tx: Connection, platform_id: str, case_id: uuid.UUID, reviewer: Actor, policy: Policy
    ) -> bool:
        """Draw, once for each decision of somebody, whether a golden case follows; it comes after a while.

        The lot hangs on a secret, the case and the person, so that nothing they do draws it anew.
        """
        settings = await quality.settings(tx, platform_id)
        lot = uniform(self._secret, platform_id, f"{case_id.hex}:{reviewer.name}", purpose="golden")
        if lot * 1000 >= settings.golden_permille:
            return False
        now = self._clock.now()
        known = await golden.candidates(tx, platform_id, reviewer, now - MADE_WITHIN)
        if not known:
            return False
        chance = random.SystemRandom()
        delay = timedelta(seconds=chance.uniform(_DELAY[0].total_seconds(), _DELAY[1].total_seconds()))
        placement_id, accepted_at = _later(new_id(), delay), now + delay
        number = case_number(placement_id, accepted_at, policy.time_zone)
        return await golden.place(
            tx, platform_id, reviewer, secrets.choice(known), case_id, placement_id, number, accepted_at
        )

    def _refuse(self, record: CaseRecord, now: datetime) -> None:
        if record.case.state in LIVE and record.case.state not in _CLOSED:
            raise InvalidRequest("The case is still open.", extra={"code": "golden_open"})
        if record.case.accepted_at < now - MADE_WITHIN:
            raise InvalidRequest(
                f"The case is older than {MADE_WITHIN.days} days: its pages would show that it is not new.",
                extra={"code": "golden_old"},
            )

    async def _proof(self, platform_id: str, case_id: uuid.UUID) -> tuple[LabelSource, float] | None:
        async with self._store.reading() as connection:
            return await golden.proof(connection, platform_id, case_id, _PROOFS)


_CLOSED = frozenset({CaseState.APPROVED, CaseState.PARTIALLY_APPROVED, CaseState.PAID, CaseState.AUTO_APPROVED})


def same_side(share: float | None, truth: float) -> bool:
    """Whether both hold most of the sum to be due, or both hold most of it not to be."""
    return share is not None and (share >= 0.5) == (truth >= 0.5)


def _answer(share: float) -> Verdict:
    if share <= 0.01:
        return Verdict.APPROVE
    return Verdict.REJECT if share >= 0.99 else Verdict.APPROVE_PARTIALLY


def _later(of: uuid.UUID, delay: timedelta) -> uuid.UUID:
    """The id as it would have been made so much later: ids of version 7 begin with their time in milliseconds."""
    milliseconds = (of.int >> 80) + int(delay.total_seconds() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (of.int & ((1 << 80) - 1)))


def _queued(view: CaseView, now: datetime) -> QueuedCase:
    assessment = view.assessment
    assert assessment is not None
    known = {lane.value for lane in Lane}
    lane = assessment.verdict.lane
    due = view.deadline.due_at if view.deadline is not None else view.case.accepted_at
    return QueuedCase(
        case_id=view.case.id,
        number=view.case.number,
        lane=Lane.NEAR_BREACH if due <= now + NEAR else Lane(lane) if lane in known else Lane.STANDARD,
        state=view.case.state,
        reason=view.case.claim.reason,
        amount=view.case.claim.amount_claimed,
        accepted_at=view.case.accepted_at,
        due_at=due,
        chased_at=None,
        incident_id=None,
        urgent_at=due,
        version=view.case.version,
        product=view.case.claim.order.product.name,
        seller_id=view.case.claim.order.seller_id or "",
    )
