"""The ground under all work on cases: who acts, the case under its lock, and what goes with every move."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from service import policy as rules
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Assessment, BuyerAnswer, Grant
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.clock import Clock
from service.domain.deadlines import Deadline
from service.domain.errors import DecisionHeld, NotFound
from service.domain.history import EventKind
from service.domain.labels import Label, LabelSource
from service.domain.lifecycle import Action, Party
from service.domain.money import Money
from service.domain.steps import Step
from service.policy import Policy
from service.policy.deadlines import deadline_of
from service.review.requests import CaseView
from service.review.viewing import view_of_case
from service.store import Connection, LockedCase, MoveRequest, ReassessRequest, Store, case_moves, held_decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who does something to a case, and in whose part. ``score_seen``: was shown the risk before.

    ``carrying_out``: the decision that waited and takes effect now; no other passes it.
    """

    platform_id: str
    party: Party
    actor: Actor
    score_seen: bool = False
    carrying_out: uuid.UUID | None = None


AfterDecision: TypeAlias = Callable[[Connection, str, uuid.UUID, Actor, Policy], Awaitable[object]]
"""Called in a decision's transaction, with platform, case, whoever decided, and the policy."""


class Desk:
    """Opens cases for work; one per process."""

    def __init__(
        self, store: Store, clock: Clock, *, assess_within_seconds: float, after_decision: AfterDecision | None = None
    ) -> None:
        self.store = store
        self.clock = clock
        self._after_decision = after_decision
        self._within = timedelta(seconds=assess_within_seconds)

    @asynccontextmanager
    async def open(self, acting: Acting, case_id: uuid.UUID, expected_version: int | None) -> AsyncIterator[Work]:
        """The case, locked until the block ends, when everything done in it commits. NotFound, StaleWrite; DecisionHeld
        for a reviewer where a decision of another, or their own, waits on it."""
        now = self.clock.now()
        policy = await self.policy(acting.platform_id, now)
        async with self.store.transaction() as tx:
            case = await self.store.lock_case(tx, acting.platform_id, case_id)
            case_moves.refuse_stale(case, expected_version)
            if acting.party in _PEOPLE:
                await refuse_held(tx, acting, case_id)
            yield Work(
                store=self.store,
                tx=tx,
                case=case,
                policy=policy,
                acting=acting,
                now=now,
                due_at=now + self._within,
                after_decision=self._after_decision,
            )

    async def view(self, acting: Acting, case_id: uuid.UUID) -> CaseView:
        return await view_of_case(self.store, acting.platform_id, case_id)

    async def policy(self, platform_id: str, now: datetime) -> Policy:
        """The policy in force; NotFound for a platform without one."""
        version = await self.store.policy_at(platform_id, now)
        if version is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        return _parsed(version.text)


_PEOPLE = (Party.REVIEWER, Party.SENIOR)


async def refuse_held(tx: Connection, acting: Acting, case_id: uuid.UUID) -> None:
    """DecisionHeld where a decision waits on the case that is not being carried out now."""
    held = await held_decisions.waiting_on(tx, acting.platform_id, case_id)
    if held is not None and held.id != acting.carrying_out:
        raise DecisionHeld(
            f"{held.actor.name} has decided this case ({held.intended.act.value}), which takes effect in some seconds. "
            "Only they can take it back until then; read the case again.",
            extra={"held_by": held.actor.name, "held_until": held.due_at.isoformat()},
        )


@lru_cache(maxsize=64)
def _parsed(text: str) -> Policy:
    return rules.load_policy(text)


@dataclass(slots=True, kw_only=True)
class Work:
    """One case being worked on by one person, within one transaction."""

    store: Store
    tx: Connection
    case: LockedCase
    policy: Policy
    acting: Acting
    now: datetime
    due_at: datetime
    after_decision: AfterDecision | None = None
    _steps: tuple[Step, ...] | None = field(default=None, init=False)

    @property
    def claim(self) -> Claim:
        return self.case.claim

    async def steps(self) -> tuple[Step, ...]:
        """What was done before, oldest first."""
        if self._steps is None:
            self._steps = await self.store.casework.steps(self.tx, self.case)
        return self._steps

    async def assessment(self) -> Assessment | None:
        return await self.store.casework.assessment(self.tx, self.case)

    def deadline(self, state: CaseState, **how: bool) -> Deadline | None:
        """What is due next if the case comes into ``state`` now."""
        return deadline_of(self.policy, state, self.now, **how)

    async def move(
        self,
        action: Action,
        *,
        target: CaseState | None = None,
        reason: str = "",
        buyer: BuyerAnswer | None = None,
        grant: Grant | None = None,
        deadline: Deadline | None = None,
        kept: Mapping[str, Any] | None = None,
        recorded: Mapping[str, Any] | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        """One move of the machine. IllegalMove, Conflict."""
        request = MoveRequest(
            action=action,
            party=self.acting.party,
            actor=self.acting.actor,
            now=self.now,
            target=target,
            reason=reason,
            buyer=buyer,
            grant=grant,
            deadline=deadline,
            kept=kept or {},
            recorded=recorded or {},
            told=told or {},
        )
        self.case = await self.store.move_case(self.tx, self.case, request)
        self._steps = None

    async def reassess(self, cause: str, **what: Any) -> None:
        """Have the case assessed as of now; see ReassessRequest."""
        request = ReassessRequest(
            cause=cause, party=self.acting.party, actor=self.acting.actor, now=self.now, due_at=self.due_at, **what
        )
        self.case = await self.store.casework.reassess(self.tx, self.case, request)
        self._steps = None

    async def record(self, kind: EventKind, amount: Money | None = None) -> None:
        """One of the case's own events into the history; each kind once a case."""
        await self.store.record_on_case(self.tx, self.case, kind, self.now, self.now, amount=amount)

    async def decided(self) -> None:
        """To be called with every decision of a person."""
        if self.after_decision is not None and self.acting.actor.kind is ActorKind.PERSON:
            await self.after_decision(self.tx, self.case.platform_id, self.case.id, self.acting.actor, self.policy)

    async def label(self, source: LabelSource, loss_share: float, *, score_seen: bool | None = None) -> None:
        """``score_seen``: where what somebody was shown is not what their word leans on."""
        label = Label(
            platform_id=self.case.platform_id,
            case_id=self.case.id,
            source=source,
            reviewer=self.acting.actor,
            loss_share=loss_share,
            recorded_at=self.now,
            score_seen=self.acting.score_seen if score_seen is None else score_seen,
        )
        await self.store.casework.label(self.tx, label)
