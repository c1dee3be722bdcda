"""Everything the page of one case shows, looked up at once: a bounded number of statements, each from an index."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.actors import Actor
from service.domain.certificate import Certificate
from service.domain.claims import Claim
from service.domain.clock import Clock
from service.domain.errors import NotFound
from service.domain.history import HistoryEvent
from service.domain.holding import Held
from service.domain.linking import LinkedAccount, Shared
from service.domain.users import User
from service.policy import Policy
from service.review.policies import parsed
from service.review.quality import Quality, Sight
from service.review.requests import CaseView
from service.review.sightings import SeenElsewhere
from service.scoring import Champion
from service.store import Store, case_surroundings, held_decisions
from service.store.case_surroundings import Seen

REVEALED_FOR = timedelta(minutes=15)
"""How long somebody sees what they had revealed, before they have to say why again."""
EVENTS_SHOWN = 60
ACCOUNTS_SHOWN = 12
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInFull:
    """``blind``: the reader has to judge, by ``judge_by``, before score, reasons and what others hold are shown.
    ``exists`` False: it is only there to be judged. ``events`` of the account, newest first. ``revealed``: under the
    names of the reveal log; ``cards``: SHA-256 of twins that are identity cards. ``held``: a decision that waits on the
    case; ``mine``: what the reader has to hear of (see HeldDecisions.of_actor).
    ``certificate``: the one in service."""

    view: CaseView
    blind: bool
    judge_by: datetime | None
    exists: bool
    policy: Policy
    now: datetime
    events: tuple[HistoryEvent, ...]
    linked: tuple[LinkedAccount, ...]
    revealed: frozenset[str]
    cards: frozenset[str]
    held: Held | None
    mine: tuple[Held, ...]
    certificate: Certificate | None


class CaseReading:
    def __init__(
        self, store: Store, champion: Champion, sightings: SeenElsewhere, quality: Quality, clock: Clock
    ) -> None:
        self._store = store
        self._champion = champion
        self._quality = quality
        self._sightings = sightings
        self._clock = clock

    async def in_full(self, platform_id: str, case_id: uuid.UUID, reader: User) -> CaseInFull:
        """The case as this person may see it now. NotFound where the platform has no such case for them, also where
        another platform has one."""
        now = self._clock.now()
        sight, in_force = await asyncio.gather(
            self._quality.sight(platform_id, case_id, reader), self._store.policy_at(platform_id, now)
        )
        view = sight.view
        if in_force is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        (events, linked), (revealed, cards, held, mine), told = await asyncio.gather(
            self._account(platform_id, view.case.claim, _seen(sight)),
            self._work(platform_id, view, reader.actor, now),
            self._sightings.told(view),
        )  # fmt: skip
        bundle = self._champion.current()
        return CaseInFull(
            view=told,
            blind=sight.blind,
            judge_by=sight.judge_by,
            exists=sight.exists,
            policy=parsed(in_force.text),
            now=now,
            events=events,
            linked=linked,
            revealed=revealed,
            cards=cards,
            held=held,
            mine=mine,
            certificate=bundle.certificate if bundle is not None else None,
        )

    async def _account(
        self, platform_id: str, claim: Claim, seen: Seen
    ) -> tuple[tuple[HistoryEvent, ...], tuple[LinkedAccount, ...]]:
        account = claim.account
        shared = {Shared.DEVICE: account.device_id, Shared.PAYER: account.payer_id, Shared.IP: account.ip}
        known = {what: value for what, value in shared.items() if value}
        async with self._store.reading() as connection:
            events = await case_surroundings.account_events(connection, platform_id, account.id, EVENTS_SHOWN, seen)
            linked = await case_surroundings.linked_accounts(
                connection, platform_id, account.id, known, ACCOUNTS_SHOWN, seen
            )
        return events, linked

    async def _work(
        self, platform_id: str, view: CaseView, reader: Actor, now: datetime
    ) -> tuple[frozenset[str], frozenset[str], Held | None, tuple[Held, ...]]:
        case_id = view.case.id
        twins = {one.other_sha256 for one in view.assessment.reuse} if view.assessment is not None else set()
        async with self._store.reading() as connection:
            revealed = await case_surroundings.revealed(connection, platform_id, case_id, reader, now - REVEALED_FOR)
            cards = await case_surroundings.identity_pages(connection, platform_id, twins)
            held = await held_decisions.waiting_on(connection, platform_id, case_id)
            mine = await held_decisions.of_actor(connection, platform_id, reader, _SHOWN)
        return revealed, cards, held, mine


def _seen(sight: Sight) -> Seen:
    """Of what is only there to be judged, nothing that came after, and nothing of the case it is made from."""
    return Seen() if sight.exists else Seen(known_by=sight.view.case.as_of, without=sight.source)


def revealed_pages(revealed: Collection[str]) -> frozenset[str]:
    """SHA-256 of the files among what was revealed."""
    return frozenset(name.removeprefix("evidence ") for name in revealed if name.startswith("evidence "))
