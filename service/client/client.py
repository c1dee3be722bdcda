"""The client: one method for each thing a platform does, retries that cannot decide anything twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from service.client.errors import NotReached, PrereviewProblem
from service.client.results import EventsRecorded, PreReview

File = Path | str | tuple[str, bytes]

_FIRST_WAIT = 0.2
_LONGEST_WAIT = 10.0
_RETRIED_STATUSES = frozenset({429, 502, 503, 504})


class PrereviewClient:
    """Talks to one service with one key. Safe to share between threads; close it, or use it in a ``with``.

    ``timeout`` is in seconds for connecting, sending and receiving each; the service answers within its own deadline,
    so leave it above that. ``attempts`` counts the first one. A request is sent again when the connection fails, the
    service is unavailable, or the first request with the same key is still being answered, always with the same
    Idempotency-Key: nothing can be decided twice.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = 30.0,
        attempts: int = 5,
        language: str = "zh",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {api_key}", "Accept-Language": language},
            timeout=timeout,
            transport=transport,
        )
        self._attempts = max(1, attempts)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def submit(
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
        parts = [("claim", ("claim.json", json.dumps(claim).encode(), "application/json"))]
        parts += [("evidence", (name, data, "application/octet-stream")) for name, data in map(_loaded, files)]
        headers = {"Idempotency-Key": idempotency_key}
        if respond_async:
            headers["Prefer"] = "respond-async"
        response = self._send("POST", "/v1/pre-reviews", files=parts, headers=headers)
        return PreReview.from_json(response.json(), replayed=response.headers.get("Idempotent-Replayed") == "true")

    def case(self, case_id: str) -> PreReview:
        """The case as it stands now."""
        return PreReview.from_json(self._send("GET", f"/v1/cases/{case_id}").json())

    def wait(self, case_id: str, *, seconds: float = 60.0, every: float = 1.0) -> PreReview:
        """The case once it is decided, or as it stands after ``seconds``."""
        deadline = time.monotonic() + seconds
        case = self.case(case_id)
        while case.pending and time.monotonic() < deadline:
            self._sleep(every)
            case = self.case(case_id)
        return case

    def events(self, batch: Sequence[Mapping[str, Any]]) -> EventsRecorded:
        """Report history, 1,000 events at most; those known by their ``event_id`` are not recorded again."""
        return EventsRecorded.from_json(self._send("POST", "/v1/events", json={"events": list(batch)}).json())

    def policy(self) -> dict[str, Any]:
        """The rules in force on your platform, as they may be published."""
        rules: dict[str, Any] = self._send("GET", "/v1/policy").json()
        return rules

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        failure: Exception | None = None
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(_wait(attempt, failure))
            try:
                response = self._http.request(method, path, **request)
            except httpx.TransportError as broken:
                failure = broken
                continue
            if response.is_success:
                return response
            problem = _problem(response)
            if not _retried(problem):
                raise problem
            failure = problem
        if isinstance(failure, PrereviewProblem):
            raise failure
        raise NotReached(
            f"No answer from {self._http.base_url} in {self._attempts} attempts ({failure!r}). Send the request again "
            "later with the same Idempotency-Key."
        ) from failure


def _loaded(file: File) -> tuple[str, bytes]:
    if isinstance(file, tuple):
        return file
    path = Path(file)
    return path.name, path.read_bytes()


def _problem(response: httpx.Response) -> PrereviewProblem:
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {
            "title": response.reason_phrase,
            "detail": f"HTTP {response.status_code} without a problem document",
        }
    return PrereviewProblem(response.status_code, document, _retry_after(response))


def _retry_after(response: httpx.Response) -> float | None:
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdecimal() else None


def _retried(problem: PrereviewProblem) -> bool:
    return problem.status in _RETRIED_STATUSES or problem.type == "request-in-flight"


def _wait(attempt: int, failure: Exception | None) -> float:
    """As long as the service asked, else doubling; the random part keeps many clients from coming back together."""
    asked = failure.retry_after if isinstance(failure, PrereviewProblem) else None
    base = asked if asked is not None else _FIRST_WAIT * 2.0 ** (attempt - 1)
    return min(base, _LONGEST_WAIT) + random.uniform(0.0, _FIRST_WAIT)  # noqa: S311
