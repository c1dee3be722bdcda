"""Which held-out layouts were opened, and that the others stay sealed."""

from __future__ import annotations

from hashlib import sha256

import pytest

from training.screens.layouts import HELD_OUT_SETS, OPENED, is_spent

HALVED, SEALED = ("fourth",), ("seventh",)


@pytest.mark.parametrize("name", HALVED)
def test_the_half_of_a_set_with_the_lower_hashes_was_opened(name: str) -> None:
    names = sorted((layout.name for layout in HELD_OUT_SETS[name]), key=lambda name: sha256(name.encode()).digest())
    half = len(names) // 2
    assert set(names[:half]) == OPENED


def test_what_was_not_looked_at_tells_no_failures() -> None:
    for name, layouts in HELD_OUT_SETS.items():
        sealed = [layout.name for layout in layouts if not is_spent(layout.name)]
        assert len(sealed) == (len(layouts) // 2 if name in HALVED else len(layouts) if name in SEALED else 0)
