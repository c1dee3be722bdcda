"""What is sent again, when, and what a refusal says: the same for both clients."""

from __future__ import annotations

import random

import httpx

from service.client.errors import NotReached, PrereviewProblem

FIRST_WAIT = 0.2
LONGEST_WAIT = 10.0
_RETRIED_STATUSES = frozenset({429, 502, 503, 504})


def refusal(response: httpx.Response) -> PrereviewProblem:
    """The problem document of an answer that is none of success."""
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


def is_retried(problem: PrereviewProblem) -> bool:
    return problem.status in _RETRIED_STATUSES or problem.type == "request-in-flight"


def wait(attempt: int, failure: Exception | None) -> float:
    """Seconds: as long as the service asked, else doubling; the random part keeps clients from coming back together."""
    asked = failure.retry_after if isinstance(failure, PrereviewProblem) else None
    base = asked if asked is not None else FIRST_WAIT * 2.0 ** (attempt - 1)
    return min(base, LONGEST_WAIT) + random.uniform(0.0, FIRST_WAIT)  # noqa: S311


def given_up(base_url: object, attempts: int, failure: Exception | None) -> Exception:
    """What to raise after the last attempt."""
    if isinstance(failure, PrereviewProblem):
        return failure
    return NotReached(
        f"No answer from {base_url} in {attempts} attempts ({failure!r}). Send the request again later with the same "
        "Idempotency-Key."
    )


def _retry_after(response: httpx.Response) -> float | None:
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdecimal() else None
