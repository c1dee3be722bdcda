"""A page that was read lying on its side is understood upright, and told in the pixels of the picture as it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar

from service.domain.evidence import Box, Read
from service.domain.turning import TURNED, turned_box

T = TypeVar("T")


def quarters_turned(outcome: Read) -> int:
    """Counter-clockwise quarters the reader turned the picture by; 0 for upright pages."""
    return round(outcome.image.signals.get(TURNED, 0.0) / 90) % 4


def upright(outcome: Read) -> Read:
    """The same reading with every box in pixels of the upright page."""
    image, quarters = outcome.image, quarters_turned(outcome)
    turn = partial(turned_box, quarters=quarters, width=image.width, height=image.height)
    sideways = quarters % 2 == 1
    width, height = (image.height, image.width) if sideways else (image.width, image.height)
    signals = {name: value for name, value in image.signals.items() if name != TURNED}
    turned: Read = with_boxes(outcome, turn)
    return replace(turned, image=replace(turned.image, width=width, height=height, signals=signals))


def as_it_came(found: T, outcome: Read) -> T:
    """What was found on the ``upright`` page, boxes in pixels of the picture as it came."""
    image, quarters = outcome.image, quarters_turned(outcome)
    width, height = (image.height, image.width) if quarters % 2 else (image.width, image.height)
    turned: T = with_boxes(found, partial(turned_box, quarters=-quarters, width=width, height=height))
    return turned


def with_boxes(value: Any, turn: Any) -> Any:
    """A copy in which every Box, however deep, is ``turn``ed."""
    if isinstance(value, Box):
        return turn(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: with_boxes(getattr(value, field.name), turn) for field in fields(value)})
    if isinstance(value, tuple):
        return tuple(with_boxes(item, turn) for item in value)
    if isinstance(value, Mapping):
        return {key: with_boxes(item, turn) for key, item in value.items()}
    return value
