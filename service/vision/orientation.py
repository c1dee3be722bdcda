"""Pages that lie on their side or stand on their head, told from what was read of them.

On 33 development pages turned each way: of pages on their side the lines stand by at least 90 % of their length, of
upright ones 5 % at most; of pages read upside down the mean score of characters is 0.54 to 0.70, of others at least
0.90. So ordinary pages cost nothing, and a turned one is read once more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.domain.evidence import Line
from service.vision.decode import Pixels

_STANDING = 1.5  # height over width; the crop of such a line is turned before it is recognised
_STANDING_SHARE = 0.6
_LEGIBLE = 0.8
_FEWEST_LINES, _FEWEST_CHARACTERS = 3, 10  # less is an icon or a logo, which may look any way


def quarters_to_turn(lines: Sequence[Line]) -> int:
    """Counter-clockwise quarters that would put the page upright, as far as these lines tell; 0 for most pages."""
    if len(lines) < _FEWEST_LINES or _characters(lines) < _FEWEST_CHARACTERS:
        return 0
    legible = _mean_score(lines) >= _LEGIBLE
    if _standing_share(lines) > _STANDING_SHARE:
        # Standing lines are recognised turned once: if that made sense, so does the page.
        return 1 if legible else 3
    return 0 if legible else 2


def is_upright(lines: Sequence[Line]) -> bool:
    """Whether a page read to these lines can be taken for upright."""
    return bool(lines) and _mean_score(lines) >= _LEGIBLE and _standing_share(lines) <= _STANDING_SHARE


def turned(image: Pixels, quarters: int) -> Pixels:
    """The image turned counter-clockwise."""
    return np.ascontiguousarray(np.rot90(image, quarters))


def _characters(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _mean_score(lines: Sequence[Line]) -> float:
    """Of a character."""
    return sum(len(line.text) * line.score for line in lines) / _characters(lines)


def _standing_share(lines: Sequence[Line]) -> float:
    """Of the lines' length."""
    lengths = [(max(line.box.width, line.box.height), line.box.height > _STANDING * line.box.width) for line in lines]
    return sum(length for length, standing in lengths if standing) / max(1.0, sum(length for length, _ in lengths))
