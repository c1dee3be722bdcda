"""The audit sample at work: blind judgements come in, and the breaker is held against what they find."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from service import policy
from service.domain.actors import Actor, ActorKind, person_identity, same_person
from service.domain.certificate import Certificate
from service.domain.clock import Clock
from service.domain.errors import Conflict, NotFound
from service.domain.labels import Label, LabelSource, SampledCase
from service.policy import ApprovalClass, Policy
from service.policy.adjudication import Settled, settle, settled
from service.policy.breaker import (
    BreakerState,
    audit_weight,
    loss_trip,
    period_of,
    share_at_least,
    share_at_most,
    update,
)
from service.scoring import Champion
from service.store import Platform, Store

log = structlog.get_logger(__name__)

BREAKER = Actor(ActorKind.JOB, "breaker")
SEQUENCE_POINTS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a platform stands against its promise. Shares of money in [0, 1]; None without a certificate.

    ``settled``: findings that count; ``unsettled``: drawn claims nobody has settled yet; ``late``: counted as wrong
    because nobody did in time. ``share_at_least``: what the findings prove to be wrong; above ``alpha`` it trips.
    """

    platform: str
    tripped_at: datetime | None
    reason: str | None
    certificate: str | None
    alpha: float | None
    delta: float | None
    settled: int
    unsettled: int
    late: int
    mean_loss_share: float | None
    share_at_least: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencePoint:
    """After ``labels`` findings, at ``at``: their mean loss share, and the interval that holds at every moment at once,
    each end with the certificate's confidence."""

    labels: int
    at: datetime
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the audit has found under the certificate, as it came; ``points`` at most ``SEQUENCE_POINTS``."""

    standing: Standing
    points: tuple[SequencePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAudit:
    """A case of the sample for the next reviewer: no score, no verdict, nobody else's judgement."""

    case_id: uuid.UUID
    number: str
    drawn_at: datetime
    due_at: datetime
    judgements: int


class Auditing:
    """Use cases around the audit sample and the breaker."""

    def __init__(self, store: Store, champion: Champion, clock: Clock) -> None:
        self._store = store
        self._champion = champion
        self._clock = clock

    async def open_cases(self, platform_id: str, reviewer: Actor | None = None) -> tuple[OpenAudit, ...]:
        """Drawn cases that are not settled, oldest first; those ``reviewer`` has judged already are left out."""
        _, rules = await self._platform(platform_id)
        within, now = _within(rules), self._clock.now()
        return tuple(
            OpenAudit(
                case_id=case.case_id,
                number=case.number,
                drawn_at=case.drawn_at,
                due_at=case.drawn_at + within,
                judgements=len(_judges(case)),
            )
            # What was drawn before is settled, as wrong if nobody judged it.
            for case in await self._store.learning.audit_sample(platform_id, drawn_after=now - within)
            if settle(case, within=within, now=now) is None
            and not (reviewer and any(same_person(label.reviewer, reviewer) for label in case.labels))
        )

    async def judge(
        self, platform_id: str, case_id: uuid.UUID, loss_share: float, reviewer: Actor, *, senior: bool = False
    ) -> Standing:
        """Record one judgement on a drawn case and hold the breaker against it.

        ``senior``: it settles a case on which two reviewers differ. NotFound for a case outside the sample; Conflict
        for one that is settled, and for a senior judgement before two others, or by one of the two.
        """
        sampled = await self._store.learning.audit_sample(platform_id, case_id=case_id)
        if not sampled:
            raise NotFound(f"case {case_id} is not in the audit sample")
        case = sampled[-1]
        _, rules = await self._platform(platform_id)
        now = self._clock.now()
        if (found := settle(case, within=_within(rules), now=now)) is not None and found.in_time:
            raise Conflict("the case is settled: two reviewers agree, a senior reviewer has ruled, or the record tells")
        if senior:
            _may_settle(case, reviewer)
        label = Label(
            platform_id=platform_id,
            case_id=case_id,
            source=LabelSource.ADJUDICATION if senior else LabelSource.AUDIT,
            reviewer=reviewer,
            loss_share=loss_share,
            recorded_at=now,
            score_seen=False,
        )
        await self._store.learning.add_label(label)
        return await self.watch(platform_id)

    async def watch(self, platform_id: str) -> Standing:
        """Trip the breaker if the findings refute the promise; how the platform stands."""
        standing, why = await self._look(platform_id)
        if why is None or standing.tripped_at is not None:
            return standing
        now = self._clock.now()
        await self._store.trip_breaker(platform_id, why, BREAKER, now)
        log.error("the breaker has tripped: nothing is approved", platform=platform_id, reason=why)
        return replace(standing, tripped_at=now, reason=why)

    async def watch_all(self) -> tuple[Standing, ...]:
        """Every platform in turn; one that cannot be looked at does not keep the others from it."""
        found = []
        for platform in await self._store.platforms():
            try:
                found.append(await self.watch(platform.id))
            except NotFound:
                log.warning("a platform without policy has no breaker", platform=platform.id)
        return tuple(found)

    async def standing(self, platform_id: str) -> Standing:
        """As ``watch``, without acting on it."""
        return (await self._look(platform_id))[0]

    async def observed(self, platform_id: str) -> Observed:
        """How the platform stands, and how it came to."""
        standing, _, found, (rules, since) = await self._found(platform_id)
        points = []
        if standing.delta is not None:
            for number in _spread(len(found), SEQUENCE_POINTS):
                state = _state(found[:number], rules, since)
                points.append(_point(state, found[number - 1].settled_at, standing.delta))
        return Observed(standing=standing, points=tuple(points))

    async def reset(self, platform_id: str, reason: str, actor: Actor, approved_by: Actor) -> None:
        """Conflict where the breaker is not tripped, or where one person would be both."""
        await self._store.reset_breaker(platform_id, reason, actor, approved_by, self._clock.now())

    async def _look(self, platform_id: str) -> tuple[Standing, str | None]:
        standing, why, _, _ = await self._found(platform_id)
        return standing, why

    async def _found(self, platform_id: str) -> tuple[Standing, str | None, Sequence[Settled], tuple[Policy, datetime]]:
        platform, rules = await self._platform(platform_id)
        bundle = self._champion.current()
        certificate = bundle.certificate if bundle is not None else None
        now = self._clock.now()
        cases = await self._promised(platform_id, certificate)
        every = settled(cases, within=_within(rules), now=now)
        reset_at = platform.breaker_since
        found = [one for one in every if reset_at is None or one.settled_at > reset_at]
        since = _began(platform, certificate)
        state = _state(found, rules, since)
        alpha = rules.classes.risk.wrong_share_up_to_permille / 1000
        trip = loss_trip(state, alpha, certificate.delta) if certificate is not None and found else None
        standing = Standing(
            platform=platform_id,
            tripped_at=platform.breaker.at if platform.breaker else None,
            reason=platform.breaker.reason if platform.breaker else None,
            certificate=certificate.id if certificate else None,
            alpha=alpha if certificate else None,
            delta=certificate.delta if certificate else None,
            settled=len(found),
            unsettled=sum(settle(case, within=_within(rules), now=now) is None for case in cases),
            late=sum(not one.in_time for one in found),
            mean_loss_share=state.mean_loss_share if found else None,
            share_at_least=share_at_least(state, certificate.delta) if certificate and found else None,
        )
        return standing, trip.text.en if trip else None, found, (rules, since)

    async def _promised(self, platform_id: str, certificate: Certificate | None) -> tuple[SampledCase, ...]:
        """The promise is about money approved by risk under this certificate; other classes have none."""
        if certificate is None:
            return ()
        return await self._store.learning.audit_sample(
            platform_id, certificate=certificate.id, approval_class=ApprovalClass.RISK.value
        )

    async def _platform(self, platform_id: str) -> tuple[Platform, Policy]:
        found = await self._store.platform_in_force(platform_id, self._clock.now())
        if found is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        return found[0], policy.load_policy(found[1].text)


def _state(found: Sequence[Settled], rules: Policy, since: datetime) -> BreakerState:
    """Made anew each time from what is stored: a label corrected later leaves no trace of its first reading."""
    state = BreakerState()
    for one in found:
        weight = audit_weight(one.amount_minor, rules.audit.certain_from_minor, rules.classes.risk.amount_up_to_minor)
        state = update(state, one.loss_share, weight=weight, period=period_of(one.drawn_at, since))
    return state


def _point(state: BreakerState, at: datetime, delta: float) -> SequencePoint:
    return SequencePoint(
        labels=state.labels,
        at=at,
        mean=state.mean_loss_share,
        low=share_at_least(state, delta),
        high=share_at_most(state, delta),
    )


def _spread(count: int, points: int) -> list[int]:
    """Up to ``points`` numbers from 1 to ``count``, evenly apart, the last one among them."""
    return sorted({max(1, round(count * step / points)) for step in range(1, points + 1)}) if count else []


def _began(platform: Platform, certificate: Certificate | None) -> datetime:
    """From when periods are counted: bets begin anew every month from here."""
    moments = [platform.created_at, platform.breaker_since, certificate.issued_at if certificate else None]
    return max(moment for moment in moments if moment is not None)


def _within(rules: Policy) -> timedelta:
    return timedelta(days=rules.audit.settled_within_days)


def _blind(case: SampledCase) -> list[Label]:
    return [label for label in case.labels if label.source is LabelSource.AUDIT]


def _judges(case: SampledCase) -> set[tuple[ActorKind, str]]:
    return {person_identity(label.reviewer) for label in _blind(case)}


def _may_settle(case: SampledCase, reviewer: Actor) -> None:
    judges = _judges(case)
    if len(judges) < 2:
        raise Conflict("two reviewers judge first; a senior reviewer settles what they differ on")
    if person_identity(reviewer) in judges:
        raise Conflict("who judged the case cannot settle it; another senior reviewer must")
