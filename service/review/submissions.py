"""What a submission must hold, and what makes two of them the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from service.domain.clock import FUTURE_TOLERANCE
from service.domain.codec import digest
from service.domain.errors import InvalidClaim
from service.review.requests import Submission


def body_digest(claim_data: Mapping[str, Any], hashes: Iterable[str]) -> str:
    """One digest per meaning of a request: the canonical claim JSON and the sorted SHA-256 of its files."""
    return digest({"claim": claim_data, "files": sorted(hashes)})


def refuse_future(submission: Submission, now: datetime) -> None:
    """A record from the future is a wrong clock or zone, and would stretch every time limit."""
    order, fulfilment = submission.claim.order, submission.claim.fulfilment
    moments = {
        "order.ordered_at": order.ordered_at,
        "order.paid_at": order.paid_at,
        "order.confirmed_at": order.confirmed_at,
        "fulfilment.delivered_at": fulfilment.delivered_at,
        "fulfilment.activated_at": fulfilment.activated_at,
        "consent.given_at": submission.claim.consent.given_at if submission.claim.consent else None,
    }
    errors = [
        {"path": path, "message": "is in the future; check the sender's clock and time zone"}
        for path, moment in moments.items()
        if moment is not None and moment > now + FUTURE_TOLERANCE
    ]
    if errors:
        raise InvalidClaim("The claim has errors; each is listed with its path.", extra={"errors": errors})
