"""Signs that a page was worked over. Advisory: they raise risk and show where to look, they decide nothing.

What an edit changes contradicts the platform's record; that check is the strong one. Here is only what the pixels and
the file say: digits set in another hand than their neighbours, ground that was painted over, an editor's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from service.domain.evidence import Box, HintKind, Line, TamperHint
from service.vision.decode import Pixels
from service.vision.tamper.editors import editor_hint
from service.vision.tamper.places import GLYPH_SIGNALS, LINE_SIGNALS, Places, places_of, scaled
from service.vision.tamper.strokes import Floats, Print
from service.vision.tamper.weights import Model, model_of, shipped

__all__ = ["find_hints"]

LEAST = 0.2  # weaker ones are kept from the reviewer: half of all honest pages have one
MOST = 5  # places told of one page
_KINDS = {
    "shape": (HintKind.FONT, "set in another face than the page's other digits"),
    "mass": (HintKind.STROKE, "strokes of another weight than the page's other digits"),
    "spread": (HintKind.FONT, "wider or narrower than the page's other digits"),
    "crisp": (HintKind.STROKE, "edges sharper or softer than elsewhere on the page"),
    "top": (HintKind.BASELINE, "stands higher or lower than the digits beside it"),
    "foot": (HintKind.BASELINE, "stands higher or lower than the digits beside it"),
    "spacing": (HintKind.SPACING, "not where even spacing would put it"),
    "noise": (HintKind.NOISE, "the ground about it is cleaner or noisier than elsewhere"),
    "quieter": (HintKind.NOISE, "the ground about it is cleaner than elsewhere"),
    "noisier": (HintKind.NOISE, "the ground about it is noisier than elsewhere"),
    "colour": (HintKind.PATCH, "ink of another colour than its neighbours"),
}


def find_hints(image: Pixels, lines: Sequence[Line], data: bytes = b"") -> tuple[TamperHint, ...]:
    """The strongest hints first. ``image``: uint8 BGR; ``lines``, and the boxes returned, in its pixels.

    ``data``: the file's bytes, for what editors leave in its metadata.
    """
    hints = place_hints(places_of(image, lines))
    if (editor := editor_hint(data)) is not None:
        hints.append(editor)
    return tuple(sorted(hints, key=lambda hint: -hint.strength))


def place_hints(places: Places) -> list[TamperHint]:
    """At most MOST hints, strongest first, of each line only the strongest."""
    glyphs, lines = _models()
    hints: dict[int, TamperHint] = {}
    for one, signals in zip(places.numbers, places.glyph_signals, strict=True):
        terms = glyphs.terms(signals)
        strength = glyphs.strength(glyphs.score(terms))
        best = int(strength.argmax())
        box = _box(one, strength, float(strength[best]))
        _keep(hints, one, _hint(float(strength[best]), terms[best], GLYPH_SIGNALS, box))
    if len(places.values):
        terms = lines.terms(places.line_signals)
        for one, strength, row in zip(places.values, lines.strength(lines.score(terms)), terms, strict=True):
            _keep(hints, one, _hint(float(strength), row, LINE_SIGNALS, one.line.box))
    found = sorted(hints.values(), key=lambda hint: -hint.strength)[:MOST]
    if places.scale == 1:
        return found
    return [replace(hint, box=hint.box and scaled(hint.box, places.scale)) for hint in found]


@cache
def _models() -> tuple[Model, Model]:
    document = shipped()
    return model_of(document["glyphs"], GLYPH_SIGNALS), model_of(document["lines"], LINE_SIGNALS)


def _keep(hints: dict[int, TamperHint], one: Print, hint: TamperHint) -> None:
    known = hints.get(id(one))
    if hint.strength >= LEAST and (known is None or hint.strength > known.strength):
        hints[id(one)] = hint


def _hint(strength: float, terms: Floats, signals: Sequence[str], box: Box) -> TamperHint:
    signal = signals[int(terms.argmax())]
    kind, note = next((told for part, told in _KINDS.items() if part in signal), _KINDS["shape"])
    return TamperHint(kind=kind, strength=round(strength, 3), box=box, note=note)


def _box(one: Print, strength: Floats, best: float) -> Box:
    """Around the strangest digits: the best and those near it."""
    assert one.glyphs is not None
    strange = strength >= max(LEAST, best - 0.15)
    strange[int(strength.argmax())] = True
    return Box(
        float(one.glyphs.x0[strange].min()) - 1, one.top - 1, float(one.glyphs.x1[strange].max()) + 1, one.bottom + 1
    )
