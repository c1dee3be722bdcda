"""Which held-out layouts were opened, and that the others stay sealed."""

from __future__ import annotations

from hashlib import sha256

from training.screens.layouts import HELD_OUT_SETS, OPENED, is_spent


def test_the_half_of_the_fourth_set_with_the_lower_hashes_was_opened() -> None:
    names = sorted((layout.name for layout in HELD_OUT_SETS["fourth"]), key=lambda name: sha256(name.encode()).digest())
    assert set(names[: len(names) // 2]) == OPENED


def test_what_was_not_looked_at_tells_no_failures() -> None:
    sealed = [layout.name for layout in HELD_OUT_SETS["fourth"] if not is_spent(layout.name)]
    assert len(sealed) == len(HELD_OUT_SETS["fourth"]) // 2
    assert all(is_spent(layout.name) for name in ("first", "second", "third") for layout in HELD_OUT_SETS[name])
