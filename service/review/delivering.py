"""The worker's part in telling platforms: give events their places, and bring each to whoever wants it.

By the real clock, whatever the service's own says: a receiver refuses a message that was not signed just now.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import structlog
from opentelemetry.trace import Span, SpanKind

from service.delivery import Message, Result, SecretBox, SecretUnreadable, Sender, next_attempt
from service.domain.clock import Clock, SystemClock
from service.domain.event_catalogue import envelope
from service.review import spans
from service.store import Store
from service.store.feed import Feed
from service.store.webhook_deliveries import Attempt, Claimed, Deliveries

log = structlog.get_logger(__name__)

PLACE_EVERY = 0.2
"""Seconds between looks for events that have committed; what one takes to reach the feed is about this."""
SEND_EVERY = 0.25
IN_FLIGHT = 200
"""Deliveries one worker sends at once."""
LEASE = timedelta(seconds=60)
"""Well above what an attempt may take; a worker that dies leaves its deliveries due again after it."""
OUR_FAULT_AGAIN = timedelta(minutes=5)
KEPT = timedelta(days=30)
_PRUNE_EVERY = 600.0
_AFTER_ERROR = 2.0
_LAST_SECONDS = 5.0
_random = secrets.SystemRandom()


class Delivering:
    """Any number of workers may run it at once."""

    def __init__(self, store: Store, sender: Sender, box: SecretBox, *, clock: Clock | None = None) -> None:
        self._feed = Feed(store.database)
        self._deliveries = Deliveries(store.database)
        self._sender = sender
        self._box = box
        self._clock = clock or SystemClock()
        self._sending: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. What is being sent then gets 5 s to end; what does not is sent again after its lease."""
        loops = (
            self._forever(self.place, PLACE_EVERY),
            self._forever(self.send, SEND_EVERY, self._wake),
            self._forever(self.prune, _PRUNE_EVERY),
        )
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop)
        finally:
            if self._sending:
                await asyncio.wait(self._sending, timeout=_LAST_SECONDS)
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def place(self) -> bool:
        """Give places to events that have committed; whether there may be more."""
        placed = await self._feed.place(self._clock.now())
        if placed:
            self._wake.set()
        return placed > 0

    async def send(self) -> bool:
        """Begin sending what is due and there is room for; whether there may be more."""
        room = IN_FLIGHT - len(self._sending)
        if room <= 0:
            return False
        claimed = await self._deliveries.claim(self._clock.now(), room=room, lease_for=LEASE)
        for one in claimed:
            task = asyncio.create_task(self._deliver(one))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return False

    async def prune(self) -> bool:
        """Forget old deliveries that are over."""
        return await self._deliveries.prune(self._clock.now() - KEPT) > 0

    async def drained(self) -> None:
        """Return when nothing is being sent by this process."""
        while self._sending:
            await asyncio.gather(*self._sending, return_exceptions=True)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._wake.set()

    async def _deliver(self, claimed: Claimed) -> None:
        event, about = claimed.event, {"webhook_id": str(claimed.endpoint_id), "event_id": str(claimed.event.id)}
        if event.case_id is not None:
            about["case_id"] = str(event.case_id)
        with structlog.contextvars.bound_contextvars(**about):
            try:
                with spans.span("webhook", SpanKind.CLIENT, webhook_id=claimed.endpoint_id, event_id=event.id) as one:
                    attempt = await self._attempt(claimed)
                    _note(one, claimed, attempt)
                await self._deliveries.note(claimed, attempt)
            except Exception as error:  # the lease ends, and it is sent again
                log.error("a delivery could not be noted", error=repr(error))

    async def _attempt(self, claimed: Claimed) -> Attempt:
        now = self._clock.now()
        try:
            message = self._message(claimed, now)
        except SecretUnreadable as error:
            log.error("a webhook cannot be signed", detail=error.detail)
            return Attempt(at=now, delivered=False, problem="secret", again_at=now + OUR_FAULT_AGAIN, counts=False)
        result = await self._sender.send(message)
        return outcome(result, claimed.attempts + 1, self._clock.now(), _random.random())

    def _message(self, claimed: Claimed, now: datetime) -> Message:
        if not claimed.sealed:
            raise SecretUnreadable("the endpoint has no secret in force")
        opened = [self._box.open(claimed.platform_id, claimed.endpoint_id, sealed) for sealed in claimed.sealed]
        body = orjson.dumps(envelope(claimed.event))
        return Message(
            id=str(claimed.event.id),
            platform_id=claimed.platform_id,
            url=claimed.url,
            body=body,
            secrets=opened,
            sent_at=now,
        )

    async def _forever(
        self, step: Callable[[], Awaitable[bool]], every: float, wake: asyncio.Event | None = None
    ) -> None:
        while True:
            try:
                more = await step()
            except Exception as error:  # the next round may find the database back
                log.error("telling platforms is held up", step=getattr(step, "__name__", ""), error=repr(error))
                await asyncio.sleep(_AFTER_ERROR)
                continue
            if more:
                continue
            if wake is None:
                await asyncio.sleep(every)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), every)
                # Several may end together; one look serves them all.
                await asyncio.sleep(0.01)
            wake.clear()


def _note(one: Span, claimed: Claimed, attempt: Attempt) -> None:
    spans.note(one, attempt=claimed.attempts + 1, delivered=attempt.delivered)
    if claimed.event.case_id is not None:
        spans.note(one, case_id=claimed.event.case_id)
    if attempt.status is not None:
        spans.note(one, status=attempt.status)
    if not attempt.delivered:
        spans.failed(one, attempt.problem or "refused")


def outcome(result: Result, attempts: int, now: datetime, chance: float) -> Attempt:
    """What is noted of the ``attempts``-th attempt, which ended at ``now``; ``chance`` in [0, 1) spreads retries."""
    if result.delivered:
        return Attempt(at=now, delivered=True, status=result.status)
    again = None if result.gone else next_attempt(attempts, now, chance, result.retry_after)
    return Attempt(
        at=now,
        delivered=False,
        status=result.status,
        problem=result.problem or "refused",
        again_at=again,
        gone=result.gone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStanding:
    """Over all platforms; ages in seconds, 0 where nothing waits.

    ``unplaced``: events that committed and have no place in the feed yet. ``overdue_seconds``: of the oldest due
    delivery to an endpoint that is not failing.
    """

    unplaced: int
    unplaced_seconds: float
    due: int
    overdue_seconds: float
    dead: int
    failing: int
    disabled: int


class DeliveryWatch:
    """How far telling lags, looked at now and then by every process; ``seen``: at the last look."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """``clock``: the one events are written by."""
        self._feed = Feed(store.database)
        self._deliveries = Deliveries(store.database)
        self._clock = clock
        self.seen: DeliveryStanding | None = None

    async def look(self) -> DeliveryStanding:
        lag = await self._feed.lag(self._clock.now())
        counts = await self._deliveries.counts(SystemClock().now())
        self.seen = DeliveryStanding(
            unplaced=lag.waiting,
            unplaced_seconds=lag.oldest.total_seconds(),
            due=counts.due,
            overdue_seconds=counts.overdue.total_seconds(),
            dead=counts.dead,
            failing=counts.failing,
            disabled=counts.disabled,
        )
        return self.seen
