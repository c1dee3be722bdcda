"""A table says where its figures come from, and says nothing where it does not know."""

from __future__ import annotations

import pytest

from training.cli.printing import show


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({"data": "SIMULATED data", "rows": 3}, "Run (SIMULATED data)"),
        ({"data": "PLATFORM", "rows": 3}, "Run (PLATFORM data)"),
        ({"origin": "platform", "rows": 3}, "Run (PLATFORM data)"),
        ({"rows": 3}, "Run"),
    ],
)
def test_the_title_names_the_origin(facts: dict[str, object], title: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(facts, False, title="Run")
    assert capsys.readouterr().out.splitlines()[0].strip() == title
