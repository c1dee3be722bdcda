"""Requests made from the OpenAPI document: every answer is one the document tells of, and none is a server error."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from api_service import Service
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


# With a status the run must have met, else it has shown nothing. (No made-up row names all features, no made-up id is
# a case's.)
OPERATIONS = [
    ("/v1/pre-reviews", "POST", 201),
    ("/v1/cases/{case_id}", "GET", 404),
    ("/v1/events", "POST", 200),
    ("/v1/policy", "GET", 200),
    ("/v1/policy/versions", "GET", 200),
    ("/v1/policy/versions/{version}/dry-run", "POST", 404),
    ("/v1/pre-checks", "POST", 200),
    ("/v1/policy/versions", "POST", 422),
    ("/v1/policy/versions/{version}", "GET", 404),
    ("/v1/policy/versions/{version}/differences", "GET", 404),
    ("/v1/policy/versions/{version}/approve", "POST", 404),
    ("/v1/webhooks", "POST", 422),
    ("/v1/webhooks", "GET", 200),
    ("/v1/webhooks/{webhook_id}", "GET", 404),
    ("/v1/webhooks/{webhook_id}", "PATCH", 404),
    ("/v1/webhooks/{webhook_id}", "DELETE", 404),
    ("/v1/webhooks/{webhook_id}/secrets", "POST", 404),
    ("/v1/webhooks/{webhook_id}/test", "POST", 404),
    ("/v1/webhooks/{webhook_id}/deliveries", "GET", 404),
    ("/v1/webhooks/{webhook_id}/replay", "POST", 404),
    ("/v1/feed", "GET", 409),
    ("/v1/cases/{case_id}/reveals", "POST", 404),
    ("/v1/cases/{case_id}/consent-withdrawal", "POST", 404),
    ("/v1/platform/resume", "POST", 409),
    ("/v1/platform/budgets", "GET", 200),
    ("/v1/scores", "POST", 422),
    ("/livez", "GET", 200),
    ("/readyz", "GET", 200),
    ("/metrics", "GET", 200),
]


@pytest.fixture(scope="module")
def document(service: Service) -> Any:
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")


@pytest.mark.proof
@pytest.mark.parametrize(("path", "method", "met"), OPERATIONS)
def test_the_document_tells_the_truth(service: Service, document: Any, path: str, method: str, met: int) -> None:
    key = {"Authorization": f"Bearer {service.keys['full']}"}

    seen: set[int] = set()

    # schemathesis' own pytest plugin asks pytest for a private attribute that 9.2 no longer has.
    @given(case=document[path][method].as_strategy())
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        if case.query and str(case.query.get("wait", 0)).isdecimal():
            case.query.pop("wait", None)  # a request that waits as long as it was told to is no finding
        seen.add(case.call_and_validate(headers=key, checks=CHECKS).status_code)

    holds()
    assert met in seen
