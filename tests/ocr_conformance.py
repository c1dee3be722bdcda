"""How far one engine's lines agree with the reference's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from service.domain.evidence import Box, Line
from service.vision.onnx_engine import MINIMUM_SCORE

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "tests" / "data" / "screens"
GOLDEN = ROOT / "tests" / "golden" / "ocr"

# Below this mean score the reference itself guesses: on such a page two guesses are compared, not two readings.
LEGIBLE = 0.8
# A page with no more characters than this is short: on it at most one may differ.
SHORT_PAGE = 150


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one page. ``characters``: of the reference, blanks left out; ``differing``: edit distance over its lines.

    ``overlaps``: intersection over union of each pair of boxes that stand for one line.
    """

    characters: int
    differing: int
    overlaps: tuple[float, ...]
    differences: tuple[tuple[str, str], ...]


def golden_pages() -> list[Path]:
    """Pages with stored reference lines, by name."""
    return [PAGES / path.stem for path in sorted(GOLDEN.glob("*.json"))]


def golden_lines(page: Path) -> list[Line]:
    """The reference's raw lines for a page."""
    return lines_from(json.loads((GOLDEN / f"{page.name}.json").read_text(encoding="utf-8"))["lines"])


def lines_from(rows: Sequence[dict[str, Any]]) -> list[Line]:
    return [Line(row["text"], row["score"], Box(*row["box"])) for row in rows]


def legible(reference: Sequence[Line]) -> bool:
    characters = sum(len(line.text) for line in reference)
    return sum(line.score * len(line.text) for line in reference) >= LEGIBLE * characters


def agreement(own: Sequence[Line], reference: Sequence[Line]) -> Agreement:
    """Pairs each reference line with the own line that overlaps it most; what is left over counts whole.

    Blanks are left out: between two words both engines put one in or not by a hair, and nothing downstream reads them.
    So are lines below the score from which a line is reported at all: there icons are compared, not text.
    """
    left = list(own)
    pairs = [(line, _take_best(left, line.box)) for line in reference]
    pairs = [(line, best) for line, best in pairs if line.score >= MINIMUM_SCORE]
    missing = Line("", 0.0, Box(0, 0, 0, 0))
    texts = [(line.text, (best or missing).text) for line, best in pairs]
    texts += [("", line.text) for line in left if line.score >= MINIMUM_SCORE]
    return Agreement(
        characters=sum(len(_letters(expected)) for expected, _ in texts),
        differing=sum(_distance(expected, found) for expected, found in texts),
        overlaps=tuple(overlap(best.box, line.box) for line, best in pairs if best),
        differences=tuple((expected, found) for expected, found in texts if _distance(expected, found)),
    )


def _take_best(left: list[Line], box: Box) -> Line | None:
    """The line that stands where ``box`` does, taken out of ``left``."""
    best = max(left, key=lambda candidate: overlap(candidate.box, box), default=None)
    if best is None or overlap(best.box, box) < 0.3:
        return None
    left.remove(best)
    return best


def _distance(expected: str, found: str) -> int:
    return Levenshtein.distance(_letters(expected), _letters(found))


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)


def _letters(text: str) -> str:
    return "".join(text.split())
