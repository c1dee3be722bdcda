"""Every event that can be told stands in the OpenAPI document, with a true example."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs
import pytest

import service
from service.api import create_api
from service.api import webhook_examples as examples
from service.api.schemas import webhooks as schemas
from service.domain.event_catalogue import EVENT_TYPES, FIELDS, SCHEMA_VERSION
from service.domain.lifecycle import MOVES

if TYPE_CHECKING:
    from service.review.use_cases import UseCases

DOCUMENT: dict[str, Any] = create_api(cast("UseCases", None)).openapi()


def test_every_event_of_a_case_s_life_is_told_and_documented() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert {move.event for move in MOVES.values()} <= set(EVENT_TYPES)
    assert set(DOCUMENT["webhooks"]) == set(EVENT_TYPES)


def test_every_event_written_anywhere_is_declared() -> None:
    """One that is not would lose its fields on the way out."""
    literal = re.compile(r"""["']((?:case|incident|anomaly|webhook)\.[a-z_]+)["']""")
    told = set()
    for path in Path(service.__file__).parent.rglob("*.py"):
        text = path.read_text()
        if "OutgoingEvent" in text:
            told |= set(literal.findall(text))
    actions_of_the_audit_trail = {name for name in told if name not in EVENT_TYPES}
    assert not {name for name in actions_of_the_audit_trail if name.startswith(("incident.", "anomaly."))}
    assert {"case.accepted", "case.claim_linked", "webhook.disabled"} <= set(EVENT_TYPES)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_examples_fit_their_schemas(name: str) -> None:
    operation = DOCUMENT["webhooks"][name]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    example = content["examples"]["typical"]["value"]
    jsonschema_rs.validate(content["schema"], example)
    schemas.EventOut.model_validate(example)
    assert (example["type"], example["schema_version"]) == (name, SCHEMA_VERSION)
    assert set(example["data"]) <= set(EVENT_TYPES[name].fields)


def test_no_field_can_carry_a_reason_a_risk_or_a_person() -> None:
    named = set(FIELDS)
    assert not {name for name in named if re.search(r"reason|risk|score|statement|message|phone|account|payer", name)}
    assert all(set(declared.fields) <= named for declared in EVENT_TYPES.values())


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (schemas.WebhookIn, examples.WEBHOOK_IN),
        (schemas.WebhookChangeIn, examples.CHANGE),
        (schemas.SecretIn, examples.ROTATE),
        (schemas.ReplayIn, examples.REPLAY),
        (schemas.WebhookOut, examples.WEBHOOK),
        (schemas.WebhookMadeOut, examples.WEBHOOK_MADE),
        (schemas.SecretOut, examples.ROTATED),
        (schemas.DeliveriesOut, examples.DELIVERIES),
        (schemas.ReplayOut, examples.REPLAYED),
        (schemas.FeedOut, examples.FEED),
    ],
)
def test_examples_are_true_to_their_models(model: Any, example: dict[str, Any]) -> None:
    parsed = model.model_validate(example)
    if not issubclass(model, schemas.Strict):
        assert parsed.model_dump(mode="json") == example
