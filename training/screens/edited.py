"""Edited variants of a page that was sent, each with the truth of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from training.screens.browser import Shot
from training.screens.damage import DAMAGES, TREATMENTS
from training.screens.draw import Drawing, another
from training.screens.edits import TAMPERING, Scene
from training.screens.picture import Picture, as_jpeg_of, opened
from training.screens.reuse import REUSE
from training.screens.truths import truth

LOOKALIKE = "lookalike"
KINDS = (*TAMPERING, *REUSE, LOOKALIKE)
FAMILIES: Mapping[str, str] = (
    dict.fromkeys(TAMPERING, "tampered") | dict.fromkeys(REUSE, "reused") | {LOOKALIKE: LOOKALIKE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A page as it was sent first: its file's name, the damage it took and its pixels then."""

    name: str
    damage: str
    scene: Scene
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgers:
    """How edited pages come about. ``kinds``: of edits, in turn. ``bases``: what a forger begins with, a ``screenshot``
    or a ``jpeg`` that came through some app. ``finishes``: what happens to the edited page afterwards (TREATMENTS).
    """

    kinds: tuple[str, ...] = KINDS
    bases: tuple[str, ...] = ("screenshot",)
    finishes: tuple[str, ...] = ("none", "jpeg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One edited file and its entry of truth.json."""

    kind: str
    picture: Picture
    truth: dict[str, Any]


def variants(
    sent: Sent,
    first: int,
    count: int,
    rng: Random,
    shoot: Callable[[Drawing], Shot],
    forgers: Forgers | None = None,
) -> Iterator[tuple[str, Variant]]:
    """``count`` variants, kinds in turn from the ``first``; kinds this page cannot show are passed over.

    ``edit`` of the truth: {family: tampered|reused|lookalike, kind, of: file first sent, box, field, before, after,
    before_text, after_text, base, finish, recompressed}; box and what follows are null where no field was changed.
    """
    made = 0
    forgers = forgers or Forgers()
    for step in range(len(forgers.kinds)):
        if made == count:
            return
        kind = forgers.kinds[(first + step) % len(forgers.kinds)]
        variant = _variant(sent, kind, Random(rng.random()), shoot, forgers)
        if variant is not None:
            made += 1
            stem = sent.name.rsplit(".", 1)[0]
            yield f"{stem}--{kind}{variant.picture.suffix}", variant


def _variant(sent: Sent, kind: str, rng: Random, shoot: Callable[[Drawing], Shot], forgers: Forgers) -> Variant | None:
    if kind in TAMPERING:
        return _tampered(sent, kind, rng, forgers)
    if kind in REUSE:
        return _reused(sent, kind, rng)
    return _lookalike(sent, rng, shoot)


_TOUCHED = "touched"  # where the edit's box travels among the page's own


def _tampered(sent: Sent, kind: str, rng: Random, forgers: Forgers) -> Variant | None:
    base = rng.choice(forgers.bases)
    scene = sent.scene
    if base == "jpeg":
        scene = replace(scene, picture=as_jpeg_of(scene.picture, rng.randrange(60, 96)))
    change = TAMPERING[kind](scene, rng)
    if change is None:
        return None
    finish = rng.choice(forgers.finishes)
    edited = replace(change.picture, boxes={**change.picture.boxes, _TOUCHED: change.box})
    picture = as_jpeg_of(edited, rng.randrange(55, 93)) if finish == "jpeg" else TREATMENTS[finish](edited, rng)
    entry = truth(scene.drawing, scene.shot, picture, finish)
    if change.field not in entry["fields"]:
        return None
    before, before_text = entry["fields"][change.field], entry["texts"][change.field]
    entry["fields"][change.field], entry["texts"][change.field] = change.value, change.text
    entry["edit"] = _edit(sent, kind) | {
        "box": [round(edge, 1) for edge in picture.boxes[_TOUCHED]],
        "field": change.field,
        "before": before,
        "after": change.value,
        "before_text": before_text,
        "after_text": change.text,
        "base": base,
        "finish": finish,
        "recompressed": finish not in ("none", "screenshot"),
    }
    return Variant(kind=kind, picture=picture, truth=entry)


def _reused(sent: Sent, kind: str, rng: Random) -> Variant | None:
    if kind == "new_status_bar" and sent.damage in ("photo", "cut"):
        return None
    picture = REUSE[kind](sent.picture, rng)
    if picture is None:
        return None
    entry = truth(sent.scene.drawing, sent.scene.shot, picture, sent.damage)
    if picture.clock and "clock" in entry["extras"]:
        entry["extras"]["clock"] |= {"value": picture.clock, "text": picture.clock}
    entry["edit"] = _edit(sent, kind) | {"recompressed": picture.suffix != ".png"}
    return Variant(kind=kind, picture=picture, truth=entry)


def _lookalike(sent: Sent, rng: Random, shoot: Callable[[Drawing], Shot]) -> Variant:
    drawing = another(sent.scene.drawing, rng)
    shot = shoot(drawing)
    damage = rng.choice(("none", "none", "jpeg", "webp", "chat"))
    picture = DAMAGES[damage](opened(shot.png, {name: spot.box for name, spot in shot.spots.items()}), rng)
    entry = truth(drawing, shot, picture, damage)
    entry["edit"] = _edit(sent, LOOKALIKE) | {"recompressed": damage != "none"}
    return Variant(kind=LOOKALIKE, picture=picture, truth=entry)


def _edit(sent: Sent, kind: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("box", "field", "before", "after", "before_text", "after_text", "base", "finish"))
    return {"family": FAMILIES[kind], "kind": kind, "of": sent.name} | nothing
