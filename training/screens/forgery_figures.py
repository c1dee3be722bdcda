"""How well traces of editing tell forged pages and places from honest ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.vision.tamper.places import GLYPH_SIGNALS, LINE_SIGNALS
from service.vision.tamper.weights import model_of
from training.screens.forgery_places import HONEST, Example
from training.screens.scoreboard import wilson

Floats = NDArray[np.float64]

FALSE_ALARMS = 0.02
PASSED = 0.5  # the strength honest pages should seldom pass
_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One page. ``places``: strength of every line with a value; ``touched``: which of them a forger worked on."""

    kind: str
    base: str
    finish: str
    layout: str
    places: Floats
    touched: NDArray[np.bool_]

    @property
    def strength(self) -> float:
        """Of the page: that of its strangest place."""
        return float(self.places.max(initial=0.0))


def scored(page: Example, weights: Mapping[str, Any]) -> Scored:
    """The page under the weights of a model.json."""
    glyph_model, line_model = model_of(weights["glyphs"], GLYPH_SIGNALS), model_of(weights["lines"], LINE_SIGNALS)
    places = line_model.strength(line_model.score(line_model.terms(page.lines))).astype(np.float64)
    glyphs = glyph_model.strength(glyph_model.score(glyph_model.terms(page.glyphs)))
    start = 0
    for index, size in enumerate(page.sizes):
        places[index] = max(places[index], float(glyphs[start : start + size].max()))
        start += size
    return Scored(
        kind=page.kind,
        base=page.base,
        finish=page.finish,
        layout=page.layout,
        places=places,
        touched=page.line_labels != 0,
    )


def figures(pages: Sequence[Scored]) -> dict[str, Any]:
    """{pages, threshold, kinds, finishes, bases, honest, strengths}: rates with 95 % intervals.

    ``auc``: a forged page (place) looks stranger than an honest one. ``caught``: share of forged above the threshold
    that 2 % of honest pages (places) pass, ``passed``: above strength 0.5. A finish is held against honest pages of the
    same finish, kinds and bases against all.
    """
    honest = [page for page in pages if page.kind == HONEST]
    forged = [page for page in pages if page.kind != HONEST]
    kinds = sorted({page.kind for page in forged})
    finishes = sorted({page.finish for page in pages})
    threshold = _threshold([page.strength for page in honest])
    place_threshold = _threshold(_untouched(honest).tolist())
    levels = {"page": threshold, "place": place_threshold}
    return {
        "pages": {"honest": len(honest), "forged": len(forged), "layouts": len({page.layout for page in pages})},
        "threshold": levels,
        "all": _row(honest, forged, levels),
        "kinds": {kind: _row(honest, [page for page in forged if page.kind == kind], levels) for kind in kinds},
        "bases": {
            base: _row(honest, [page for page in forged if page.base == base], levels)
            for base in sorted({page.base for page in forged})
        },
        "finishes": {
            finish: _row(
                [page for page in honest if page.finish == finish],
                [page for page in forged if page.finish == finish],
                levels,
            )
            for finish in finishes
            if any(page.finish == finish for page in forged)
        },
        "honest": {
            finish: _passing([page.strength for page in honest if page.finish == finish])
            for finish in finishes
            if any(page.finish == finish for page in honest)
        },
        "strengths": {
            "honest": _quantiles([page.strength for page in honest]),
            **{kind: _quantiles([page.strength for page in forged if page.kind == kind]) for kind in kinds},
        },
        "roc": {kind: _curve(honest, [page for page in forged if page.kind == kind]) for kind in kinds},
    }


def auc(honest: Sequence[float], forged: Sequence[float]) -> dict[str, Any]:
    """Chance that a forged one is stranger than an honest one, ties half, with Hanley and McNeil's 95 % interval."""
    n, m = len(honest), len(forged)
    if not n or not m:
        return {"auc": None, "low": None, "high": None}
    low = np.sort(np.asarray(honest))
    below = np.searchsorted(low, forged, "left") + np.searchsorted(low, forged, "right")
    area = float(below.sum()) / (2 * n * m)
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + (m - 1) * (first - area**2) + (n - 1) * (second - area**2)) / (n * m)
    reach = _Z * max(variance, 0.0) ** 0.5
    return {"auc": round(area, 4), "low": round(max(0.0, area - reach), 4), "high": round(min(1.0, area + reach), 4)}


def _row(honest: Sequence[Scored], forged: Sequence[Scored], levels: Mapping[str, float]) -> dict[str, Any]:
    page_strengths = [page.strength for page in forged]
    places = _touched(forged)
    return {
        "n": len(forged),
        "page": auc([page.strength for page in honest], page_strengths)
        | {"caught": _share(page_strengths, levels["page"]), "passed": _share(page_strengths, PASSED)},
        "place": auc(_untouched(honest).tolist(), places.tolist())
        | {"caught": _share(places.tolist(), levels["place"]), "passed": _share(places.tolist(), PASSED)},
        # Of the forged pages above the threshold, where the strangest place is the forger's.
        "pointed": _pointed(forged, levels["page"]),
    }


def _touched(pages: Sequence[Scored]) -> Floats:
    """Strength of the touched places; a page whose touched place was not found counts as one of strength 0."""
    found = [float(page.places[page.touched].max(initial=0.0)) for page in pages]
    return np.array(found)


def _untouched(pages: Sequence[Scored]) -> Floats:
    return np.concatenate([page.places for page in pages]) if pages else np.zeros(0)


def _pointed(forged: Sequence[Scored], threshold: float) -> dict[str, Any]:
    above = [page for page in forged if page.strength > threshold]
    return _rate(sum(bool(page.touched[int(page.places.argmax())]) for page in above), len(above))


def _threshold(strengths: Sequence[float]) -> float:
    return float(np.quantile(strengths, 1 - FALSE_ALARMS)) if len(strengths) else 1.0


def _share(strengths: Sequence[float], threshold: float) -> dict[str, Any]:
    return _rate(sum(strength > threshold for strength in strengths), len(strengths))


def _passing(strengths: Sequence[float]) -> dict[str, Any]:
    return _share(strengths, PASSED) | _quantiles(strengths)


def _rate(hits: int, n: int) -> dict[str, Any]:
    low, high = wilson(hits, n) if n else (None, None)
    return {"hits": hits, "n": n, "rate": hits / n if n else None, "low": low, "high": high}


def _quantiles(strengths: Sequence[float]) -> dict[str, float]:
    shares = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
    return {f"q{round(share * 100)}": round(float(np.quantile(strengths, share)), 3) for share in shares}


def _curve(honest: Sequence[Scored], forged: Sequence[Scored]) -> list[list[float]]:
    """[share of honest pages, share of forged pages] at every strength, from the strictest on."""
    levels = sorted({page.strength for page in (*honest, *forged)}, reverse=True)
    alarms, caught = np.array([page.strength for page in honest]), np.array([page.strength for page in forged])
    return [[0.0, 0.0], *([float((alarms >= level).mean()), float((caught >= level).mean())] for level in levels)]
