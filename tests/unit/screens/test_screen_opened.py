"""What was not looked at stays sealed."""

from __future__ import annotations

from training.screens.layouts import HELD_OUT_SETS, SPENT, is_spent


def test_what_was_not_looked_at_tells_no_failures() -> None:
    for name, layouts in HELD_OUT_SETS.items():
        assert {is_spent(layout.name) for layout in layouts} == {name in SPENT}
