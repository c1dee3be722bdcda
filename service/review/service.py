"""The use cases the faces call: accept, assess, look up, record events, score."""

from __future__ import annotations

import asyncio
import ipaddress
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from service.domain.actors import PREREVIEW_JOB, Actor, ActorKind
from service.domain.assessment import Assessment, Risk
from service.domain.cases import Case, CaseState
from service.domain.clock import FUTURE_TOLERANCE, Clock
from service.domain.errors import (
    ConfigurationError,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    RequestInFlight,
    Unavailable,
)
from service.domain.history import HistoryEvent
from service.domain.identifiers import case_number, new_id
from service.policy import Policy
from service.review import spans
from service.review.assessing import Assessed, Assessor, PlatformContext
from service.review.health import Health
from service.review.operations import WorkDone
from service.review.policies import parsed
from service.review.receiving import Receiving
from service.review.requests import (
    Answer,
    AnswerKind,
    Caller,
    CaseView,
    Readiness,
    RecordedEvents,
    Scope,
    Submission,
)
from service.review.shadowing import Shadowing
from service.review.submissions import body_digest, refuse_future
from service.review.verdicts import due_after, question_of, state_after
from service.review.viewing import view_of, view_of_case
from service.scoring import Champion
from service.store import (
    Accepted,
    AcceptRequest,
    AlreadyDecided,
    Decided,
    DecideRequest,
    InFlight,
    KeyReused,
    Linked,
    Outdated,
    Replayed,
    Store,
)

log = structlog.get_logger(__name__)

# Attempts of the job before a case goes to a person unread: a page that kills its reader must not do so for ever.
ATTEMPTS = 3

# How often a case is assessed again because something came in meanwhile, before it is left to the job.
ROUNDS = 3

# An assessment that took longer looks again at the platform's mode and policy before it is stored.
FRESH_SECONDS = 0.1


class ReviewService:
    """One per process; holds no state of a case between calls."""

    def __init__(
        self,
        store: Store,
        assessor: Assessor,
        champion: Champion,
        shadowing: Shadowing,
        health: Health,
        clock: Clock,
        done: WorkDone,
        *,
        answer_deadline_seconds: float,
        assessing_at_once: int,
    ) -> None:
        """``assessing_at_once``: claims answered in their request; those beyond get 202 and are the worker's."""
        self._store = store
        self._receiving = Receiving(store)
        self._assessor = assessor
        self._champion = champion
        self._shadowing = shadowing
        self._health = health
        self._clock = clock
        self._done = done
        self._deadline = answer_deadline_seconds
        self._at_once = assessing_at_once
        self._running: set[asyncio.Task[CaseView]] = set()
        self._zones: dict[str, ZoneInfo] = {}

    # --- who is calling ---------------------------------------------------------------------------------------
    async def authenticate(self, token: str, address: str | None = None) -> Caller | None:
        """The caller behind an API key; None where it is unknown, has ended, or is not for use from ``address``."""
        key = await self._store.authenticate(token, self._clock.now())
        if key is None or not _is_within(address, key.terms.networks):
            return None
        scopes = frozenset(Scope(name) for name in key.scopes)
        actor = Actor(ActorKind.KEY, str(key.id))
        return Caller(
            key_id=str(key.id),
            platform_id=key.platform_id,
            scopes=scopes,
            actor=actor,
            rate_class=key.terms.rate_class,
        )

    # --- claims -----------------------------------------------------------------------------------------------
    async def submit(self, caller: Caller, submission: Submission) -> Answer:
        """Accept a claim and answer it; once accepted nothing can lose it.

        Raises InvalidClaim, IdempotencyKeyReused, RequestInFlight, Unavailable (nothing was accepted then).
        """
        now = self._clock.now()
        zone = await self._zone(caller.platform_id)
        refuse_future(submission, now)
        later = submission.respond_async or len(self._running) >= self._at_once
        with spans.span("accept", files=len(submission.files)) as one:
            request = await self._accept_request(caller, submission, zone, now, later=later)
            outcome = await self._store.accept(request)
            spans.note(one, outcome=type(outcome).__name__)
        match outcome:
            case Accepted():
                return await self._answer(_accepted(request), later=later)
            case Replayed(case_id=case_id, linked_claim_id=linked):
                view = await self._view(caller.platform_id, case_id)
                kind = AnswerKind.LINKED if linked else AnswerKind.REPLAYED
                return Answer(kind=kind, view=view, linked_claim_id=linked)
            case Linked(case_id=case_id, linked_claim_id=linked):
                view = await self._view(caller.platform_id, case_id)
                return Answer(kind=AnswerKind.LINKED, view=view, linked_claim_id=linked)
            case InFlight(case_id=case_id):
                raise RequestInFlight(
                    "The first request with this Idempotency-Key has not been answered yet. Ask again in a moment, "
                    f"or poll /v1/cases/{case_id}.",
                    extra={"case_id": str(case_id)},
                    retry_after=1,
                )
            case KeyReused():
                raise IdempotencyKeyReused(
                    "This Idempotency-Key was used for a claim with other content. Use a new key for a new claim."
                )
        raise AssertionError(outcome)

    async def case(self, caller: Caller, case_id: uuid.UUID) -> CaseView:
        """A case of the caller's own platform; NotFound otherwise, also for another platform's case."""
        return await self._view(caller.platform_id, case_id)

    async def finish(self, platform_id: str, case_id: uuid.UUID, *, attempt: int) -> Assessment | None:
        """Finish an accepted case: the job's way. From the last attempt on, a person decides without more reading."""
        record = await self._store.load_case(platform_id, case_id)
        if record is None:
            log.error("no such case to assess", case_id=str(case_id))
            return None
        if not record.to_assess:
            return record.assessment
        with spans.of_case("job", case_id, attempt=attempt):
            view = await self._decide(record.case, last_resort=attempt >= ATTEMPTS)
        return view.assessment

    # --- history, policy, scores, health ----------------------------------------------------------------------
    async def record_events(self, caller: Caller, events: Sequence[HistoryEvent]) -> RecordedEvents:
        """Record a batch, each event once; what was sent before counts as duplicate."""
        now = self._clock.now()
        for position, event in enumerate(events):
            if event.occurred_at > now + FUTURE_TOLERANCE:
                raise InvalidRequest(
                    "An event lies in the future; check the sender's clock and time zone.",
                    extra={"errors": [{"path": f"events[{position}].occurred_at", "message": "is in the future"}]},
                )
        accepted, duplicates = await self._store.record_events(caller.platform_id, events, now)
        return RecordedEvents(accepted=accepted, duplicates=duplicates, recorded_at=now)

    async def policy_of(self, platform_id: str) -> Policy:
        """The platform's policy in force now; NotFound where it has none."""
        return (await self._platform(platform_id)).policy

    async def score(self, rows: Sequence[Sequence[float | None]]) -> list[Risk]:
        """Risk and contributions of feature rows (order of FEATURES; None is missing)."""
        bundle = self._champion.current()
        if bundle is None:
            raise Unavailable(f"No risk model is in service: {self._champion.problem}", retry_after=60)
        matrix = np.array(rows, dtype=np.float64)
        return await asyncio.to_thread(bundle.assess_many, matrix)

    @property
    def assessing(self) -> int:
        """Claims being assessed in their requests, or beyond their deadline."""
        return len(self._running)

    async def readiness(self) -> Readiness:
        return await self._health.readiness()

    async def close(self) -> None:
        """Wait for assessments that outlived their request, and for what the shadow has still to write."""
        if self._running:
            await asyncio.wait(self._running, timeout=self._deadline)
        await self._shadowing.close()

    # --- inside -----------------------------------------------------------------------------------------------
    async def _accept_request(
        self, caller: Caller, submission: Submission, zone: ZoneInfo, now: datetime, *, later: bool
    ) -> AcceptRequest:
        files = await self._receiving.keep(caller.platform_id, submission.files)
        case_id = new_id()
        return AcceptRequest(
            platform_id=caller.platform_id,
            idempotency_key=submission.idempotency_key,
            body_digest=body_digest(submission.claim_data, [file.sha256 for file in files]),
            claim=submission.claim,
            claim_data=dict(submission.claim_data),
            files=files,
            actor=caller.actor,
            case_id=case_id,
            number=case_number(case_id, now, zone),
            now=now,
            due_at=now + timedelta(seconds=self._deadline),
            assess_in_seconds=0 if later else self._deadline,
        )

    async def _answer(self, case: Case, *, later: bool) -> Answer:
        view = None
        if not later:
            task = asyncio.create_task(self._decide(case))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            try:
                view = await asyncio.wait_for(asyncio.shield(task), self._deadline)
            except TimeoutError:
                log.warning("answer deadline passed", case_id=str(case.id))
            except Exception as error:  # accepted is accepted: the job finishes what failed here
                log.error("assessment failed; the job will finish it", case_id=str(case.id), error=repr(error))
        view = view or await self._view(case.platform_id, case.id)
        kind = AnswerKind.PENDING if view.assessment is None else AnswerKind.CREATED
        return Answer(kind=kind, view=view)

    async def _decide(self, case: Case, *, last_resort: bool = False) -> CaseView:
        """Assess a pending case and store the decision, unless somebody else was quicker.

        Unavailable where so much was sent in meanwhile that every round was outdated when it ended: the job goes on.
        """
        for _ in range(ROUNDS):
            view = await self._decide_once(case, last_resort=last_resort)
            if view is not None:
                return view
            record = await self._store.load_case(case.platform_id, case.id)
            assert record is not None
            if not record.to_assess:
                return view_of(record)
            case = record.case
        raise Unavailable("The case keeps changing while it is assessed.", retry_after=1)

    async def _decide_once(self, case: Case, *, last_resort: bool) -> CaseView | None:
        """None where something new was learned of the case while it was assessed."""
        with spans.of_case("assess", case.id) as one:
            assessed, in_force = await self._assess(case, last_resort=last_resort)
            assessment, fallback = assessed.assessment, assessed.fallback
            spans.note(one, faults=len(assessment.faults))
        self._done.assessed(assessment)
        request = DecideRequest(
            platform_id=case.platform_id,
            case_id=case.id,
            assessment=assessment,
            fallback=fallback,
            reservations=assessed.reservations,
            new_state=state_after(assessment),
            fallback_state=state_after(fallback),
            actor=PREREVIEW_JOB,
            now=assessment.assessed_at,
            audit_drawn=assessment.audit_drawn,
            draw_probability=assessment.draw_probability,
            deadline=due_after(in_force, assessment),
            fallback_deadline=due_after(in_force, fallback),
            question=question_of(in_force, assessment),
            fallback_question=question_of(in_force, fallback),
        )
        with spans.of_case("decide", case.id) as one:
            decided = await self._store.decide(request)
            spans.note(one, outcome=type(decided).__name__)
            if isinstance(decided, Decided):
                spans.note(one, decision=decided.assessment.verdict.decision.value)
        if isinstance(decided, Outdated):
            return None
        if isinstance(decided, AlreadyDecided) or case.under_review:
            return await self._view(case.platform_id, case.id)
        stands = decided.assessment
        self._done.decided(stands, assessment)
        self._shadowing.offer(case, stands, assessed.asked)
        evidence = tuple(item.sha256 for item in stands.evidence)
        state = state_after(stands)
        if state is CaseState.AWAITING_SUPPLIER:
            return await self._view(case.platform_id, case.id)
        return CaseView(
            case=replace(case, state=state, evidence=evidence, version=case.version + 1),
            assessment=stands,
            grant=stands.verdict.grant,
            deadline=due_after(in_force, stands),
        )

    async def _assess(self, case: Case, *, last_resort: bool) -> tuple[Assessed, Policy | None]:
        """Under the mode and policy in force when it ends: reading takes long enough for someone to stop a platform."""
        try:
            platform = await self._platform(case.platform_id)
        except (NotFound, ConfigurationError) as error:
            if not last_resort:
                raise
            log.error("no policy to decide by; a person does", case_id=str(case.id), error=error.detail)
            return self._assessor.without_policy(case, self._clock.now()), None
        while True:
            begun = time.monotonic()
            assessed = await self._assessor.assess(case, platform, self._clock.now(), last_resort=last_resort)
            if time.monotonic() - begun < FRESH_SECONDS:
                return assessed, platform.policy
            newer = await self._platform(case.platform_id)
            if newer == platform:
                return assessed, platform.policy
            platform = newer  # what was read is kept, so the second round is short

    async def _view(self, platform_id: str, case_id: uuid.UUID) -> CaseView:
        return await view_of_case(self._store, platform_id, case_id)

    async def _zone(self, platform_id: str) -> ZoneInfo:
        """Remembered: a platform's zone never changes, and a platform with a policy keeps one."""
        if platform_id not in self._zones:
            self._zones[platform_id] = (await self._platform(platform_id)).zone
        return self._zones[platform_id]

    async def _platform(self, platform_id: str) -> PlatformContext:
        found = await self._store.platform_in_force(platform_id, self._clock.now())
        if found is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        record, version = found
        return PlatformContext(
            id=record.id,
            zone=ZoneInfo(record.zone),
            currency=record.currency,
            mode=record.mode,
            breaker_tripped=record.breaker is not None,
            threshold_limits=record.threshold_limits,
            policy=parsed(version.text),
        )


def _is_within(address: str | None, networks: Sequence[str]) -> bool:
    """An address that is not known is within no network."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network) for network in networks)


def _accepted(request: AcceptRequest) -> Case:
    """The case as it was stored a moment ago."""
    return Case(
        id=request.case_id,
        number=request.number,
        platform_id=request.platform_id,
        claim=request.claim,
        state=CaseState.ACCEPTED,
        accepted_at=request.now,
        as_of=request.now,
        due_at=request.due_at,
    )
