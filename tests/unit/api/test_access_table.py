"""Every operation is declared in the access table, and every write can be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from service.api.app import create_api
from tests.access_table import ACCESS, EVERYBODY, REPEATABLE, operations

if TYPE_CHECKING:
    from service.review.use_cases import UseCases

DOCUMENT: dict[str, Any] = create_api(cast("UseCases", None)).openapi()


def test_every_operation_is_declared() -> None:
    assert {name for name, _ in operations(DOCUMENT)} == set(ACCESS)


def test_only_what_is_declared_open_goes_without_a_key() -> None:
    for name, operation in operations(DOCUMENT):
        assert ("security" in operation) == (ACCESS[name] is not EVERYBODY), name


def test_every_write_takes_an_idempotency_key() -> None:
    for name, operation in operations(DOCUMENT):
        keys = [item for item in operation.get("parameters", ()) if item["name"] == "Idempotency-Key"]
        writes = not name.startswith("GET ") and name not in REPEATABLE
        assert [item["required"] for item in keys] == ([True] if writes else []), name
