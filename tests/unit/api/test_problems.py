"""Errors as RFC 9457 problems, with the headers their kind asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.api import errors, problems
from service.domain import errors as domain_errors
from service.domain.errors import InvalidClaim, PrereviewError, RequestInFlight, Unauthenticated, Unavailable


def every_error(base: type[PrereviewError] = PrereviewError) -> list[type[PrereviewError]]:
    assert errors
    assert domain_errors
    found = [base]
    for kind in base.__subclasses__():
        found += every_error(kind)
    return found


def test_no_two_errors_share_a_type_and_all_have_a_status_and_title() -> None:
    kinds = [kind for kind in every_error() if kind.__module__.startswith("service.")]
    slugs = [kind.type for kind in kinds]
    assert len(set(slugs)) == len(slugs)
    assert all(400 <= kind.status < 600 and kind.title for kind in kinds)


def test_document_has_the_standard_members_and_the_extra_ones() -> None:
    error = InvalidClaim("Mend it.", extra={"errors": [{"path": "a", "message": "b"}], "status": 200})
    assert problems.document(error, "r-1") == {
        "type": "urn:prereview:problem:invalid-claim",
        "title": "The claim has errors",
        "status": 422,
        "detail": "Mend it.",
        "errors": [{"path": "a", "message": "b"}],
        "request_id": "r-1",
    }


@pytest.mark.parametrize(
    ("error", "headers"),
    [
        (Unavailable("x"), {"retry-after": "2"}),
        (Unavailable("x", retry_after=30), {"retry-after": "30"}),
        (RequestInFlight("x"), {"retry-after": "1"}),
        (Unauthenticated("x"), {"www-authenticate": 'Bearer realm="prereview"'}),
        (errors.ScopeMissing("x"), {"www-authenticate": 'Bearer realm="prereview", error="insufficient_scope"'}),
        (InvalidClaim("x"), {}),
    ],
)
def test_headers(error: PrereviewError, headers: dict[str, str]) -> None:
    response = problems.response(error)
    sent: dict[str, Any] = dict(response.headers)
    assert {name: sent.get(name) for name in ("retry-after", "www-authenticate") if name in sent} == headers
    assert sent["content-type"] == "application/problem+json"
    assert json.loads(bytes(response.body))["status"] == response.status_code == error.status
