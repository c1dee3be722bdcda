"""Requests made from the OpenAPI document, for each of its operations: no answer is undocumented or a server error."""

from __future__ import annotations

import asyncio
import copy
import json
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from access_table import ACCESS
from api_service import CLOCK_START, FOUNDER, Service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_platform import own_platforms
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.api import examples
from service.review.requests import Scope
from service.store import EmbeddedPostgres, KeyTerms, Store

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


# A status the run must have met, else it has shown nothing. (No made-up row names all features.)
MET = {
    "POST /v1/pre-reviews": 201,
    "GET /v1/cases/{case_id}": 200,
    "GET /v1/cases": 200,
    "POST /v1/events": 200,
    "GET /v1/policy": 200,
    "GET /v1/policy/versions": 200,
    "GET /v1/policy/versions/{version}": 200,
    "POST /v1/policy/versions/{version}/dry-run": 404,
    "POST /v1/pre-checks": 200,
    "POST /v1/policy/versions": 422,
    "POST /v1/policy/versions/{version}/approve": 404,
    "POST /v1/webhooks": 422,
    "GET /v1/webhooks": 200,
    "GET /v1/feed": 409,
    "POST /v1/cases/{case_id}/reveals": 404,
    "POST /v1/cases/{case_id}/consent-withdrawal": 404,
    "POST /v1/incidents": 201,
    "POST /v1/platform/stop": 200,
    "POST /v1/platform/resume": 409,
    "GET /v1/platform/budgets": 200,
    "GET /v1/queues": 200,
    "POST /v1/scores": 422,
    "GET /livez": 200,
    "GET /readyz": 200,
    "GET /metrics": 200,
}
# Cases to act on, so that not every made-up request ends at an unknown id: one for a person, one that lacks something.
CLAIMED = ("unauthorised", "other", "not_delivered")


@schemathesis.serializer("application/x-ndjson")
def one_a_line(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Text as it was made up; a list (of a schema with items) a line for each item."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return b"".join(json.dumps(item).encode() + b"\n" for item in (value if isinstance(value, list) else [value]))


@dataclass(frozen=True, slots=True)
class Target:
    """A platform of the fuzz's own, which it may stop, with cases in several states."""

    key: str
    cases: tuple[str, ...]


@pytest.fixture(scope="module")
def target(service: Service, postgres: EmbeddedPostgres) -> Target:
    url = postgres.url(service.database)
    own_platforms(url, str(service.evidence), "fuzz")

    async def make_key() -> str:
        store = Store(url, str(service.evidence))
        await store.open()
        scopes = tuple(scope.value for scope in Scope)
        _, key = await store.create_key("fuzz", "fuzz", scopes, FOUNDER, CLOCK_START, KeyTerms(rate_class="large"))
        await store.close()
        return key

    service.keys["fuzz"] = key = asyncio.run(make_key())
    made = []
    for number, reason in enumerate(CLAIMED):
        data = copy.deepcopy(examples.CLAIM)
        data["order"]["order_number"] = f"FUZZ{number:04}"
        data.update(reference=f"RF-FUZZ{number:04}", reason=reason)
        answer = service.submit(data, key="fuzz")
        assert answer.status_code in (201, 202), answer.text
        made.append(answer.json()["case_id"])
    return Target(key=key, cases=tuple(made))


@pytest.fixture(scope="module")
def document(service: Service) -> Any:
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")


@pytest.mark.proof
@pytest.mark.parametrize("operation", ACCESS)
def test_the_document_tells_the_truth(target: Target, document: Any, operation: str) -> None:
    method, path = operation.split(" ")
    known = {"case_id": target.cases, "version": ("1",)}
    key = {"Authorization": f"Bearer {target.key}"}

    seen: set[int] = set()

    # schemathesis' own pytest plugin asks pytest for a private attribute that 9.2 no longer has.
    @given(case=document[path][method].as_strategy(), data=st.data())
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any, data: st.DataObject) -> None:
        if case.query and str(case.query.get("wait", 0)).isdecimal():
            case.query.pop("wait", None)  # a request that waits as long as it was told to is no finding
        for name in known.keys() & (case.path_parameters or {}).keys():
            if data.draw(st.integers(0, 3), label="a known one"):
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]), label=name)
        seen.add(case.call_and_validate(headers=key, checks=CHECKS).status_code)

    holds()
    assert MET.get(operation) in seen | {None}
