"""Worlds whose assumptions are drawn anew: how much of a result is the simulator's, and how much holds beyond it.

A world is fixed by the study's seed and its number alone, before anything is fitted to any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from service.domain.errors import ConfigurationError
from training.simulator.parameters import Parameters
from training.simulator.streams import Random, Streams


class WorldKind(StrEnum):
    """``reference``: the parameters as they stand. ``well kept``: the same platform with a form that insists on
    readable pages and suppliers that log. ``drawn``: moved within the ranges. The other two are drawn as well, and then
    have no trace of abuse in anything observable, or abuse by a mechanism nothing was tuned on."""

    REFERENCE = "reference"
    WELL_KEPT = "well kept"
    DRAWN = "drawn"
    NO_SIGNAL = "no signal"
    NOVEL = "novel mechanism"


@dataclass(frozen=True, slots=True)
class RandomisedWorld:
    """``factors``: what each moved parameter was multiplied by, by path (and entry)."""

    number: int
    kind: WorldKind
    seed: int
    parameters: Parameters
    factors: Mapping[str, float]

    @property
    def name(self) -> str:
        return f"{self.number:02d} {self.kind.value}"


class _Range(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    factor: tuple[float, float]
    reason: str = Field(min_length=3)
    at_most: float | None = Field(default=None, gt=0)
    each: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> _Range:
        if not 0 < self.factor[0] <= self.factor[1]:
            raise ValueError(f"the factor of {self.path} must run from a smaller to a larger positive number")
        return self


class _Switch(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    values: dict[str, Any]
    reason: str = Field(min_length=3)


class _Assumptions(BaseModel):
    """``switches``: what a kind of world has of its own, after its ranges were drawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ranges: tuple[_Range, ...]
    switches: dict[WorldKind, _Switch]


def load_assumptions(path: Path | None = None) -> _Assumptions:
    """Documented ranges and switches, the repo's own or a file's; ConfigurationError names what does not fit."""
    text = path.read_text("utf-8") if path else files(__package__).joinpath("randomised.yaml").read_text("utf-8")
    try:
        return _Assumptions.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"the ranges {path or 'randomised.yaml'} have errors: {error}") from error


def study_worlds(base: Parameters, count: int, seed: int) -> tuple[RandomisedWorld, ...]:
    """Two named worlds and ``count`` randomised ones. Numbers 0 and 1 are the reference and the well-kept one, 2 and 3
    those without signal and with a novel mechanism: a study without these says nothing, so ConfigurationError for a
    count below 2. More worlds leave the first ones as they are."""
    if count < 2:
        raise ConfigurationError(
            "a study has at least 2 randomised worlds: one without signal, one whose abuse is novel; ask for more"
        )
    special = [WorldKind.REFERENCE, WorldKind.WELL_KEPT, WorldKind.NO_SIGNAL, WorldKind.NOVEL]
    kinds = special + [WorldKind.DRAWN] * (count - 2)
    return tuple(make_world(base, number, kind, seed) for number, kind in enumerate(kinds))


def make_world(base: Parameters, number: int, kind: WorldKind, seed: int) -> RandomisedWorld:
    """World ``number`` of the study with this seed; it does not depend on how many worlds the study has."""
    assumed = load_assumptions()
    switch = assumed.switches.get(kind)
    switched = {
        path: value
        for asked_path, value in (switch.values.items() if switch is not None else ())
        for path in _paths(base, asked_path)
    }
    if kind in (WorldKind.REFERENCE, WorldKind.WELL_KEPT):
        return RandomisedWorld(number, kind, seed, base.with_values(switched), {})
    random = Streams(seed)(f"world {number} {kind.value}")
    changes: dict[str, Any] = {}
    factors: dict[str, float] = {}
    for asked in assumed.ranges:
        for path in _paths(base, asked.path):
            changes[path] = _moved(base.value(path), asked, random, path, factors)
    own_seed = int(random.integers(1, 2**31))
    return RandomisedWorld(number, kind, own_seed, base.with_values(changes | switched), factors)


def _paths(base: Parameters, path: str) -> Iterator[str]:
    if "*" not in path:
        yield path
        return
    before, after = path.split(".*.")
    for name in base.table(before):
        yield f"{before}.{name}.{after}"


def _moved(value: Any, asked: _Range, random: Random, path: str, factors: dict[str, float]) -> Any:
    """The value with its numbers multiplied, by one factor or by one for each entry."""
    low, high = np.log(asked.factor[0]), np.log(asked.factor[1])

    def factor(name: str) -> float:
        factors[name] = float(np.exp(random.uniform(low, high)))
        return factors[name]

    if asked.each and isinstance(value, Mapping):
        return {name: _scaled(inner, factor(f"{path}.{name}"), asked.at_most) for name, inner in value.items()}
    return _scaled(value, factor(path), asked.at_most)


def _scaled(value: Any, factor: float, at_most: float | None) -> Any:
    if isinstance(value, Mapping):
        return {name: _scaled(inner, factor, at_most) for name, inner in value.items()}
    if isinstance(value, list):
        return [_scaled(inner, factor, at_most) for inner in value]
    # What stands above the limit in the parameters themselves is not moved below it.
    limit = np.inf if at_most is None else max(at_most, float(value))
    return float(min(value * factor, limit))
