"""The OpenAPI document: every answer has an example, and every example is true to its model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

from service.api import examples, policy_examples
from service.api.app import create_api
from service.api.problems import MEDIA_TYPE
from service.api.schemas.answers import CaseOut, ReadinessOut
from service.api.schemas.batches import BatchOut
from service.api.schemas.casework import WithdrawIn
from service.api.schemas.claims import ClaimIn
from service.api.schemas.events import EventsIn, EventsOut
from service.api.schemas.listing import CasesOut
from service.api.schemas.policy import (
    ActIn,
    ApproveIn,
    ComparisonOut,
    DryRunIn,
    DryRunOut,
    EndIn,
    ProposeIn,
    VersionOut,
)
from service.api.schemas.pre_checks import PreCheckIn, PreCheckOut
from service.api.schemas.scores import ScoresIn, ScoresOut

if TYPE_CHECKING:
    from service.review.use_cases import UseCases

# The document is made of routes and models alone; no use case is called for it.
DOCUMENT: dict[str, Any] = create_api(cast("UseCases", None)).openapi()
ACTIONS = (
    "withdraw",
    "reopen",
    "counter",
    "accept-offer",
    "decline-offer",
    "request-arbitration",
    "reverse",
    "close",
    "evidence",
    "appeal",
    "supplier-answer",
    "corrections",
    "approve",
    "approve-partially",
    "reject",
    "offer",
    "ask-for-materials",
    "ask-supplier",
    "send-to-review",
    "begin-second-review",
    "uphold",
    "escalate",
    "rule-approved",
    "rule-partially",
    "rule-rejected",
)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def test_every_answer_of_every_operation_has_an_example() -> None:
    lacking = [
        f"{name} {status} {media_type}"
        for name, operation in operations()
        for status, answer in operation["responses"].items()
        for media_type, content in (answer.get("content") or {"no content": {}}).items()
        if not content.get("examples") and status not in ("204", "304")
    ]
    assert lacking == []


def test_every_operation_is_named_and_tagged_and_keys_are_asked_for_under_v1() -> None:
    for name, operation in operations():
        assert operation["summary"], name
        assert operation["operationId"], name
        assert operation["tags"], name
        assert ("security" in operation) == ("/v1/" in name), name
    assert DOCUMENT["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_errors_are_problems_with_the_status_they_are_listed_under() -> None:
    for name, operation in operations():
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            assert set(answer["content"]) == {MEDIA_TYPE}, name
            for slug, example in answer["content"][MEDIA_TYPE]["examples"].items():
                assert example["value"]["status"] == int(status), f"{name} {slug}"
                assert example["value"]["type"].endswith(f":{slug}")


def test_every_reference_leads_somewhere() -> None:
    known = {f"#/components/{kind}/{name}" for kind in ("schemas", "headers") for name in DOCUMENT["components"][kind]}
    assert set(references(DOCUMENT["paths"])) | set(references(DOCUMENT["components"])) <= known


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (ClaimIn, examples.CLAIM),
        (EventsIn, examples.EVENTS),
        (ScoresIn, examples.SCORES),
        (CaseOut, examples.APPROVED),
        (CaseOut, examples.IN_REVIEW),
        (CaseOut, examples.MATERIALS_NEEDED),
        (CaseOut, examples.PENDING),
        (CaseOut, examples.LINKED),
        (BatchOut, examples.BATCH_ANSWER),
        (CasesOut, examples.CASES),
        (WithdrawIn, examples.WITHDRAW),
        (CaseOut, examples.WITHDRAWN),
        (EventsOut, examples.EVENTS_RECORDED),
        (ScoresOut, examples.SCORES_ANSWER),
        (ProposeIn, policy_examples.POLICY_PROPOSAL),
        (ActIn, policy_examples.POLICY_ACT),
        (ApproveIn, policy_examples.POLICY_APPROVAL),
        (EndIn, policy_examples.POLICY_END),
        (DryRunIn, policy_examples.DRY_RUN),
        (DryRunOut, policy_examples.DRY_RUN_DONE),
        (PreCheckIn, policy_examples.PRE_CHECK),
        (PreCheckOut, policy_examples.PRE_CHECKED),
        (VersionOut, policy_examples.POLICY_VERSION),
        (VersionOut, policy_examples.POLICY_SIGNED),
        (ComparisonOut, policy_examples.POLICY_COMPARISON),
        (ReadinessOut, examples.READY),
        (ReadinessOut, examples.DEGRADED),
    ],
)
def test_examples_are_true_to_their_models(model: Any, example: dict[str, Any]) -> None:
    parsed = model.model_validate(example)
    if model in (CaseOut, EventsOut, ScoresOut, ReadinessOut, VersionOut, ComparisonOut, DryRunOut, PreCheckOut):
        assert parsed.model_dump(mode="json") == example


def test_no_page_is_served_that_would_load_scripts_from_elsewhere() -> None:
    app = create_api(cast("UseCases", None))
    assert (app.docs_url, app.redoc_url) == (None, None)
