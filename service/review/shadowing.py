"""The shadow model at work: it scores what the champion has decided, after the answer, and never decides.

The request only puts what it saw into a queue (some microseconds). A task scores, asks the policy twice and writes a
batch in a transaction of its own. Whatever fails there is logged and counted; a queue that is full drops what comes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import structlog

from service import policy
from service.domain.assessment import Assessment, PlatformMode, Risk
from service.domain.cases import Case
from service.domain.certificate import Certificate
from service.domain.shadow import ShadowScore
from service.policy import DecideInput, Policy
from service.scoring import Bundle, Shadow
from service.store import Store

log = structlog.get_logger(__name__)

QUEUE = 1_000
BATCH = 64
LINGER_SECONDS = 1.0
"""How long a batch waits for more: a transaction costs the process ten times what scoring a claim does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a decision was made from: ``row`` in FEATURES order, the policy and its input, the champion's certificate
    in it."""

    row: Sequence[float]
    policy: Policy
    given: DecideInput


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """Claims since the process began: ``dropped`` because the queue was full, ``failed`` in scoring or storing."""

    scored: int
    dropped: int
    failed: int


class Shadowing:
    """One per process; nothing it does is waited for."""

    def __init__(self, store: Store, shadow: Shadow) -> None:
        self._store = store
        self._shadow = shadow
        self._waiting: deque[tuple[Case, Assessment, Asked]] = deque()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._scored = self._dropped = self._failed = 0

    @property
    def counts(self) -> ShadowCounts:
        return ShadowCounts(self._scored, self._dropped, self._failed)

    def offer(self, case: Case, assessment: Assessment, asked: Asked | None) -> None:
        """Have the shadow look at a decided case some time soon. Raises nothing and waits for nothing."""
        if asked is None or self._shadow.current() is None:
            return
        if len(self._waiting) >= QUEUE:
            self._dropped += 1
            return
        self._waiting.append((case, assessment, asked))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Write what is waiting."""
        self._closing.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=5)

    async def _work(self) -> None:
        while self._waiting:
            if len(self._waiting) < BATCH:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), LINGER_SECONDS)
            batch = list(islice(self._waiting, BATCH))
            try:
                scores = await asyncio.to_thread(self._score, batch)
                await self._store.learning.add_shadow_scores(scores)
                self._scored += len(scores)
            except Exception as error:  # a shadow has no say, not even by failing
                self._failed += len(batch)
                log.error("shadow scores were lost", claims=len(batch), error=repr(error))
            for _ in batch:
                self._waiting.popleft()

    def _score(self, batch: Sequence[tuple[Case, Assessment, Asked]]) -> list[ShadowScore]:
        bundle = self._shadow.current()
        if bundle is None:
            return []
        scores = []
        for case, assessment, asked in batch:
            try:
                scores.append(_score(bundle, case, assessment, asked))
            except Exception as error:
                self._failed += 1
                log.error("a shadow score failed", case_id=str(case.id), error=repr(error))
        return scores


def _score(bundle: Bundle, case: Case, assessment: Assessment, asked: Asked) -> ShadowScore:
    # Without its explanation, which costs ten times as much and which nobody would read.
    probability = float(bundle.probabilities([asked.row])[0])
    risk = Risk(probability=probability, log_odds=0.0, base=0.0, contributions=(), model=bundle.version)
    given = asked.given
    theirs = _approval(asked.policy, given, given.certificate)
    ours = _approval(
        asked.policy,
        replace(given, risk=risk, serving=replace(given.serving, model=bundle.version), bundle_healthy=True),
        bundle.certificate,
    )
    return ShadowScore(
        platform_id=case.platform_id,
        case_id=case.id,
        assessment_id=assessment.id,
        model=bundle.version,
        probability=probability,
        approval_class=ours[0],
        champion=given.serving.model,
        champion_probability=given.risk.probability if given.risk is not None else None,
        champion_class=theirs[0],
        amount_minor=next(
            (amount for _, amount in (ours, theirs) if amount is not None), case.claim.amount_claimed.minor
        ),
        currency=case.claim.amount_claimed.currency,
        recorded_at=assessment.assessed_at,
    )


def _approval(rules: Policy, given: DecideInput, certificate: Certificate | None) -> tuple[str | None, int | None]:
    """The class the rule would approve in, and the grant; what is of the moment (mode, draws, breaker) is left out."""
    mode = PlatformMode.DEMO if given.mode is PlatformMode.DEMO else PlatformMode.LIVE
    outcome = policy.decide(
        rules,
        replace(given, certificate=certificate, mode=mode, audit_drawn=False, breaker_tripped=False, share_draw=0.0),
    )
    verdict = outcome.verdict
    return verdict.approval_class, verdict.grant.amount.minor if verdict.grant is not None else None
