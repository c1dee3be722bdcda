from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.simulator.columns import joined, taken
from training.simulator.streams import Floats, Integers


@dataclass(frozen=True)
class Inner:
    text: tuple[str, ...]


@dataclass(frozen=True)
class Outer:
    number: Integers
    share: Floats
    inner: Inner


def _of(numbers: list[int]) -> Outer:
    return Outer(np.array(numbers, dtype=np.int64), np.array(numbers) / 2.0, Inner(tuple(map(str, numbers))))


@given(st.lists(st.lists(st.integers(-5, 5), max_size=4), min_size=1, max_size=5))
def test_joined_keeps_every_entry_in_its_row(parts: list[list[int]]) -> None:
    whole, flat = joined([_of(part) for part in parts]), [number for part in parts for number in part]
    assert whole.number.tolist() == flat
    assert whole.share.tolist() == [number / 2.0 for number in flat]
    assert whole.inner.text == tuple(map(str, flat))


@given(st.lists(st.integers(-5, 5), max_size=8))
def test_taken_keeps_rows_together(numbers: list[int]) -> None:
    mask = np.array([number > 0 for number in numbers], dtype=bool)
    picked = taken(_of(numbers), mask)
    assert picked.number.tolist() == [number for number in numbers if number > 0]
    assert picked.inner.text == tuple(str(number) for number in numbers if number > 0)
    backwards = np.arange(len(numbers))[::-1]
    assert taken(_of(numbers), backwards).inner.text == tuple(map(str, reversed(numbers)))


def test_nothing_cannot_be_joined() -> None:
    with pytest.raises(ValueError, match="nothing to join"):
        joined([])
