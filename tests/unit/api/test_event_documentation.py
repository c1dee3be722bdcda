"""Every event that can be told stands in the OpenAPI document, with a true example."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs
import pytest

import service
from service.api import webhook_examples as examples
from service.api.app import create_api
from service.api.schemas import webhooks as schemas
from service.domain.event_catalogue import DISABLED_TYPE, EVENT_TYPES, FIELDS, SCHEMA_VERSION, TEST_TYPE
from service.domain.lifecycle import MOVES, Change
from service.domain.outcomes import LEARNED
from service.store.outgoing import OutgoingEvent

if TYPE_CHECKING:
    from service.review.use_cases import UseCases

DOCUMENT: dict[str, Any] = create_api(cast("UseCases", None)).openapi()


def test_every_event_of_a_case_s_life_is_told_and_documented() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert {move.event for move in MOVES.values()} <= set(EVENT_TYPES)
    assert set(DOCUMENT["webhooks"]) == set(EVENT_TYPES)


def test_what_is_not_declared_cannot_be_told() -> None:
    """Nobody could subscribe to it, and it would lose its fields on the way out."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert OutgoingEvent(type="case.reminder", occurred_at=now, data={}).type == "case.reminder"
    with pytest.raises(ValueError, match=r"case\.materials_due_soon"):
        OutgoingEvent(type="case.materials_due_soon", occurred_at=now, data={})


def test_what_is_declared_is_told_somewhere() -> None:
    """A type nobody writes is one that platforms wait for in vain."""
    home = Path(service.__file__).parent
    texts = [
        path.read_text(encoding="utf-8")
        for room in ("review", "store")
        for path in (home / room).rglob("*.py")
        if "outgoing" in (text := path.read_text(encoding="utf-8")) or "OutgoingEvent" in text
    ]
    written = {name for name in EVENT_TYPES for text in texts if f'"{name}"' in text}
    written |= {move.event for move in MOVES.values()} | {change.event for change in Change}
    written |= {f"case.{kind.value}" for kind in LEARNED} | {TEST_TYPE, DISABLED_TYPE}
    assert set(EVENT_TYPES) - written == set()


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
