"""A day's entries put together to a year's: frozen dataclasses of equally long arrays and tuples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from itertools import chain
from typing import Any, TypeVar

import numpy as np

Columns = TypeVar("Columns")


def joined(parts: Sequence[Columns]) -> Columns:
    """One value with the entries of all parts in their order; ValueError for none."""
    if not parts:
        raise ValueError("nothing to join: a year has days, even those without entries")
    first: Any = parts[0]
    whole: Columns = type(first)(
        **{one.name: _joined([getattr(part, one.name) for part in parts]) for one in fields(first)}
    )
    return whole


def _joined(values: list[Any]) -> Any:
    if isinstance(values[0], np.ndarray):
        return np.concatenate(values)
    if is_dataclass(values[0]):
        return joined(values)
    return tuple(chain.from_iterable(values))


def taken(whole: Columns, chosen: Any) -> Columns:
    """The entries at the positions ``chosen`` (int array [n] or boolean mask), in that order."""
    numbers = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
    picked: Any = whole
    part: Columns = type(picked)(**{one.name: _taken(getattr(picked, one.name), numbers) for one in fields(picked)})
    return part


def _taken(value: Any, numbers: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value[numbers]
    if is_dataclass(value):
        return taken(value, numbers)
    return tuple(value[number] for number in numbers)
