"""What `prereview keys` refuses before it touches anything."""

from __future__ import annotations

import uuid

import pytest
from typer.testing import CliRunner

from service.cli.keys import app


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rotate", "not-an-id", "--platform", "demo"], "not a key id"),
        (["rotate", str(uuid.uuid4()), "--platform", "demo", "--overlap", "a while"], "30m, 24h or 7d"),
        (["rotate", str(uuid.uuid4()), "--platform", "demo", "--overlap", "-1h"], "30m, 24h or 7d"),
        (["create", "--platform", "demo", "--lifetime", "90"], "30m, 24h or 7d"),
        (["create", "--platform", "demo", "--rate-class", "endless"], "large, standard, unlimited"),
        (["revoke", "not-an-id", "--platform", "demo"], "not a key id"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_way_to_write_it(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
