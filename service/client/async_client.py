"""The same client for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from service.client import calls, retrying
from service.client.calls import Call, File
from service.client.errors import PrereviewProblem
from service.client.results import CaseSummary, EventsRecorded, FeedPage, LineError, PreReview, Upload
from service.client.uploading import pieces

T = TypeVar("T")


class AsyncPrereviewClient:
    """As PrereviewClient, with ``await``; of one event loop. Close it, or use it in an ``async with``.

    ``timeout`` is in seconds for connecting, sending and receiving each; the service answers within its own deadline,
    so leave it above that. ``attempts`` counts the first one. A request is sent again when the connection fails, the
    service is unavailable, or the first request with the same key is still being answered, always with the same
    Idempotency-Key: nothing can be done twice.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = 30.0,
        attempts: int = 5,
        language: str = "zh",
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {api_key}", "Accept-Language": language},
            timeout=timeout,
            transport=transport,
        )
        self._attempts = max(1, attempts)
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def submit(
        self,
        claim: Mapping[str, Any],
        files: Iterable[File] = (),
        *,
        idempotency_key: str,
        respond_async: bool = False,
    ) -> PreReview:
        """Send a claim with its screenshots. ``files``: paths, or pairs of name and bytes.

        ``idempotency_key``: yours, one for each claim, stored before the first call, so that a restart of your side
        sends the same one. Raises PrereviewProblem (refused) or NotReached (no answer).
        """
        return await self._send(calls.submit(claim, files, idempotency_key, respond_async=respond_async))

    async def pre_check(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        """Whether a claim can qualify, what to send, what to expect; nothing is stored."""
        return await self._send(calls.pre_check(claim))

    async def case(self, case_id: str) -> PreReview:
        """The case as it stands now."""
        return await self._send(calls.case(case_id))

    async def wait(self, case_id: str, *, seconds: float = 60.0, every: float = 1.0) -> PreReview:
        """The case once it is decided, or as it stands after ``seconds``."""
        deadline = time.monotonic() + seconds
        case = await self.case(case_id)
        while case.pending and time.monotonic() < deadline:
            await self._sleep(every)
            case = await self.case(case_id)
        return case

    async def cases(self, **filters: Any) -> AsyncIterator[CaseSummary]:
        """Every case that fits, newest first, page by page: ``state``, ``lane``, ``order_number``, ``account_id``,
        ``reason``, ``reference``, ``accepted_after``, ``accepted_before`` (ISO 8601), ``limit`` (a page)."""
        cursor: str | None = None
        while True:
            page = await self._send(calls.cases(filters, cursor))
            for each in page.cases:
                yield each
            cursor = page.next_cursor
            if cursor is None:
                return

    async def act(
        self,
        case_id: str,
        action: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **said: Any,
    ) -> PreReview:
        """One of the case's actions, e.g. ``act(id, "accept-offer")`` or ``act(id, "counter", amount=1500)``.

        ``as_``: in whose part (``buyer``, ``platform``, ``reviewer``, ``senior``). Without ``idempotency_key`` one is
        made for this call and its retries; give your own where your side may restart in between.
        """
        body = {name.rstrip("_"): value for name, value in said.items()}
        return await self._send(calls.act(case_id, action, body, idempotency_key, if_match))

    async def add_evidence(
        self, case_id: str, files: Iterable[File], *, idempotency_key: str | None = None, **said: Any
    ) -> PreReview:
        """Files for a live case; it is assessed anew."""
        body = {name.rstrip("_"): value for name, value in said.items()}
        return await self._send(calls.act_with_files(case_id, "evidence", body, files, idempotency_key, None))

    async def appeal(
        self,
        case_id: str,
        statement: str = "",
        files: Iterable[File] = (),
        *,
        idempotency_key: str | None = None,
    ) -> PreReview:
        """Against a rejection, with something new: a statement, files, or both."""
        said = {"statement": statement}
        return await self._send(calls.act_with_files(case_id, "appeal", said, files, idempotency_key, None))

    async def tell_outcome(
        self,
        case_id: str,
        kind: str,
        *,
        reference: str,
        occurred_at: datetime,
        amount: int | None = None,
        note: str = "",
    ) -> PreReview:
        """What became of the case: ``paid`` (with its amount), ``payment_failed``, ``code_voided``, ``chargeback``, …

        ``reference``: yours, one for each message; it is the idempotency key as well.
        """
        said = {"kind": kind, "reference": reference, "occurred_at": occurred_at.isoformat(), "amount": amount}
        return await self._send(calls.act(case_id, "outcomes", {**said, "note": note}, f"outcome-{reference}", None))

    async def status_page(self, case_id: str) -> str:
        """The address of the buyer's page: whoever has it may act as the buyer."""
        return await self._send(calls.status_page(case_id))

    async def events(self, batch: Sequence[Mapping[str, Any]]) -> EventsRecorded:
        """Report history, 1,000 events at most; those known by their ``event_id`` are not recorded again."""
        return await self._send(calls.events(batch))

    async def upload_events(
        self, name: str, lines: Iterable[Mapping[str, Any] | bytes], *, piece: int = 20_000
    ) -> Upload:
        """Report any number of events under a name of yours, and go on where an earlier call of this name broke off.

        ``lines`` must be the same, in the same order, each time. ``errors`` of the answer: at most 1,000.
        """
        reached = await self._reached(name)
        errors: list[LineError] = []
        standing = Upload(upload=name, lines=reached, accepted=0, duplicates=0, refused=0)
        for batch in pieces(lines, reached, piece):
            standing = await self._send(calls.upload(name, batch, standing.lines + 1))
            errors += standing.errors[: 1_000 - len(errors)]
        return replace(standing, errors=tuple(errors))

    async def feed(self, after: int = 0, *, limit: int = 100, types: Sequence[str] = (), wait: int = 0) -> FeedPage:
        """What happened, in order, after a cursor; keep ``next`` once the events are handled."""
        return await self._send(calls.feed(after, limit, types, wait))

    async def anomalies(self, **filters: Any) -> dict[str, Any]:
        """Duplicate payments and the like, newest first: ``kind``, ``limit``, ``cursor``."""
        return await self._send(calls.document("/v1/anomalies", **filters))

    async def ledger(self, since: datetime, until: datetime, seller_id: str | None = None) -> dict[str, Any]:
        """Who is liable for what was granted, and whose goods fail how often."""
        span = {"since": since.isoformat(), "until": until.isoformat(), "seller_id": seller_id}
        return await self._send(calls.document("/v1/ledger", **span))

    async def policy(self) -> dict[str, Any]:
        """The rules in force on your platform, as they may be published."""
        return await self._send(calls.document("/v1/policy"))

    async def _reached(self, name: str) -> int:
        try:
            return (await self._send(calls.upload_standing(name))).lines
        except PrereviewProblem as problem:
            if problem.status == 404:
                return 0
            raise

    async def _send(self, call: Call[T]) -> T:
        failure: Exception | None = None
        for attempt in range(self._attempts):
            if attempt:
                await self._sleep(retrying.wait(attempt, failure))
            try:
                response = await self._http.request(call.method, call.path, **call.sent)
            except httpx.TransportError as broken:
                failure = broken
                continue
            if response.is_success:
                return call.read(response)
            problem = retrying.refusal(response)
            if not retrying.is_retried(problem):
                raise problem
            failure = problem
        raise retrying.given_up(self._http.base_url, self._attempts, failure) from failure
