"""Edited pages with their truth: tampered with, used again, or innocent and merely alike.

A forger works on the rendered picture; who uses a page again has only the file that was sent before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from PIL import Image

from training.screens.browser import Shot, Spot
from training.screens.draw import Drawing
from training.screens.facts import states
from training.screens.picture import Edges, Picture
from training.screens.retyping import hull, other_hand, pasted, retyped_cells, retyped_whole, same_hand
from training.screens.truths import label_of

NUMBERS = ("amount", "order_number", "trade_number")
TIMES = ("paid_at", "ordered_at")
_OTHER_FAMILIES = ("Liberation Serif", "DejaVu Sans", "Liberation Sans", "Noto Serif CJK SC", "WenQuanYi Micro Hei")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampered:
    """A picture after one field was changed. ``value``: the field's new value; ``box``: what was touched."""

    picture: Picture
    field: str
    value: str | int
    text: str
    box: Edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A page as photographed, before any damage."""

    drawing: Drawing
    shot: Shot
    picture: Picture

    def copied(self) -> Image.Image:
        return self.picture.image.copy()

    def touched(self, image: Image.Image, field: str, value: str | int, text: str, box: Edges) -> Tampered:
        boxes = dict(self.picture.boxes)
        if text and len(text) != len(self.shot.spots[field].text):
            boxes[field] = box
        return Tampered(
            picture=replace(self.picture, image=image, boxes=boxes), field=field, value=value, text=text, box=box
        )


def retyped_same_font(scene: Scene, rng: Random) -> Tampered | None:
    """One to three digits of a number set anew in the same face."""
    chosen = _chosen(scene, NUMBERS, rng)
    if chosen is None:
        return None
    field, spot = chosen
    text = _other_digits(spot.text, field, rng)
    image = scene.copied()
    box = retyped_cells(image, spot, text)
    return scene.touched(image, field, _value(field, text), text, box)


def retyped_other_font(scene: Scene, rng: Random) -> Tampered | None:
    """A whole number set anew in another face of about the same size."""
    chosen = _chosen(scene, NUMBERS, rng, one_line=True)
    if chosen is None:
        return None
    field, spot = chosen
    assert spot.lettering is not None
    text = _other_digits(spot.text, field, rng)
    used = same_hand(spot.lettering, text).font.getname()[0]
    family = rng.choice([name for name in _OTHER_FAMILIES if name != used])
    image = scene.copied()
    box = retyped_whole(image, spot, text, other_hand(spot.lettering, family, spot.box[2] - spot.box[0], text))
    return scene.touched(image, field, _value(field, text), text, box)


def pasted_patch(scene: Scene, rng: Random) -> Tampered | None:
    """One or two digits covered with a copy of another digit of the page."""
    chosen = _chosen(scene, NUMBERS, rng)
    if chosen is None:
        return None
    field, spot = chosen
    donors = _donors(scene, spot)
    places = [index for index in _changeable(spot.text, field) if any(digit != spot.text[index] for digit in donors)]
    if not places:
        return None
    image, text = scene.copied(), list(spot.text)
    first = next(index for index, character in enumerate(spot.text) if character.isdecimal())
    places = sorted(rng.sample(places, min(len(places), rng.choice((1, 1, 2)))))
    for index in places:
        fit = sorted(set(donors) - {spot.text[index]} - ({"0"} if index == first else set()))
        alike = [digit for digit in fit if digit in spot.text]
        if not fit:
            return None
        # Of the same value where it has another digit to offer: elsewhere size and colour may differ.
        text[index] = rng.choice(alike or fit)
        pasted(image, spot.cells[index], donors[text[index]])
    printed = "".join(text)
    return scene.touched(image, field, _value(field, printed), printed, hull([spot.cells[index] for index in places]))


def state_changed(scene: Scene, rng: Random) -> Tampered | None:
    """Another state in the same face."""
    chosen = _chosen(scene, ("status",), rng, one_line=True)
    if chosen is None:
        return None
    _, spot = chosen
    assert spot.lettering is not None
    others = [text for text in states(scene.drawing.layout.page, scene.drawing.language) if text != spot.text]
    text, image = rng.choice(others), scene.copied()
    box = retyped_whole(image, spot, text, same_hand(spot.lettering, text))
    return scene.touched(image, "status", text, text, box)


def time_changed(scene: Scene, rng: Random) -> Tampered | None:
    """A date or time moved by hours or days, only the digits that differ set anew in the same face."""
    chosen = _chosen(scene, TIMES, rng)
    if chosen is None:
        return None
    field, spot = chosen
    before = scene.drawing.facts.paid_at if field == "paid_at" else scene.drawing.facts.ordered_at
    style = scene.drawing.style
    for _ in range(40):
        moment = before + timedelta(days=rng.choice((-9, -3, -1, 0, 0, 1, 2, 10)), hours=rng.choice((-5, -1, 0, 2, 7)))
        text = style.moment(moment)
        differing = [new for old, new in zip(spot.text, text, strict=False) if old != new]
        if differing and len(text) == len(spot.text) and "".join(differing).isdecimal():
            image = scene.copied()
            box = retyped_cells(image, spot, text)
            return scene.touched(image, field, style.value_of(moment), text, box)
    return None


def _chosen(scene: Scene, names: tuple[str, ...], rng: Random, *, one_line: bool = False) -> tuple[str, Spot] | None:
    """One of the named facts that stands on the page with a cell for every character."""
    spots = {
        name: scene.shot.spots[name]
        for name in names
        if name in scene.shot.spots and name in scene.drawing.values and label_of(name) not in scene.shot.hidden
    }
    fit = sorted(
        name
        for name, spot in spots.items()
        if spot.cells and spot.lettering and not (one_line and spot.box[3] - spot.box[1] > 1.9 * spot.lettering.size)
    )
    if not fit:
        return None
    name = rng.choice(fit)
    return name, spots[name]


def _changeable(text: str, field: str) -> list[int]:
    """Places of the digits a forger would change: no zero before the point of an amount is made up from nothing."""
    places = [index for index, character in enumerate(text) if character.isdecimal()]
    return places if field == "amount" else places[len(places) // 3 :]


def _other_digits(text: str, field: str, rng: Random) -> str:
    places = _changeable(text, field)
    first = next(index for index, character in enumerate(text) if character.isdecimal())
    letters = list(text)
    for index in rng.sample(places, min(len(places), rng.choice((1, 2, 2, 3)))):
        allowed = [digit for digit in "0123456789" if digit != text[index] and (digit != "0" or index != first)]
        letters[index] = rng.choice(allowed)
    return "".join(letters)


def _value(field: str, text: str) -> str | int:
    """What a reader should find now; amounts are printed with two places."""
    return int("".join(character for character in text if character.isdecimal())) if field == "amount" else text


def _donors(scene: Scene, target: Spot) -> dict[str, Edges]:
    """A cell for every digit printed anywhere among the page's facts, the ones most like the target's first."""
    found: dict[str, Edges] = {}
    spots = sorted(scene.shot.spots.items(), key=lambda item: (_unlike(item[1], target), item[0]))
    for _, spot in spots:
        if not spot.lettering or spot.lettering.size < (target.lettering.size if target.lettering else 0) * 0.6:
            continue
        for character, cell in zip(spot.text, spot.cells, strict=False):
            if character.isdecimal() and cell[2] - cell[0] >= 2:
                found.setdefault(character, cell)
    return found


def _unlike(spot: Spot, target: Spot) -> tuple[bool, float]:
    if not spot.lettering or not target.lettering:
        return True, 0.0
    return spot.lettering.colour != target.lettering.colour, abs(spot.lettering.size - target.lettering.size)


TAMPERING: Mapping[str, Callable[[Scene, Random], Tampered | None]] = {
    "retyped_same_font": retyped_same_font,
    "retyped_other_font": retyped_other_font,
    "pasted_patch": pasted_patch,
    "state_changed": state_changed,
    "time_changed": time_changed,
}
