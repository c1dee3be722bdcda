"""Which lines hold a value whose characters are in doubt, and are read again by the second recogniser.

Measured on 1,491 values of drawn sheets and of development pages, most of them damaged: the tiny recogniser had 1,387
as printed; reading again what is chosen here mended 48 and spoiled 2, with 0.6 lines a page read again. Reading every
line again would have mended 54 and spoiled 3; keeping the surer of the two readings mended 43 and spoiled 1.

Words in doubt are not chosen. On 414 damaged pages, of 2,506 facts 2,341 were read right without re-reading, 2,347 with
the 0.7 lines a page chosen here, 2,351 with lines of a character below 0.7 as well (4.1 a page, eight at most), and
2,356 with all lines (23.7): damage joins lines or leaves letters nobody can read, and seldom changes one character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.vision.recognition import Recognised

MOST_REREADINGS = 8
"""Of one page: a list of orders has that many numbers, and a page made to cost time costs no more."""

_VALUE = re.compile(r"[A-Za-z0-9|][A-Za-z0-9|\-_./:*]{5,}")
_SHORTEST_CODE = 8
# Between a letter and a digit, dashes aside. A prefix before digits turns once; there the rest tells what is meant.
_TURN = re.compile(r"[A-Za-z|](?=-?\d)|\d(?=-?[A-Za-z|])")
_TURNS_OF_A_CODE = 2
_LOOK_ALIKES = frozenset("0OoQDq1lI|i5Ss8B2Zz")
_WEAK = 0.7  # probability of one character


def rereadings(lines: Sequence[Recognised], most: int = MOST_REREADINGS) -> list[int]:
    """Indices of the lines to read again, the most doubtful first, ``most`` at most."""
    doubts = [(doubt, index) for index, line in enumerate(lines) if (doubt := _doubt(line)) is not None]
    return [index for _, index in sorted(doubts)[:most]]


def _doubt(line: Recognised) -> tuple[bool, float] | None:
    """Sorts the more doubtful first; None where nothing is in doubt."""
    doubts = []
    for match in _VALUE.finditer(line.text):
        value = match.group()
        if not any(map(str.isdigit, value)):
            continue
        weakest = min(line.characters[match.start() : match.end()])
        mixed = _is_ambiguous(value)
        if mixed or weakest < _WEAK:
            doubts.append((not mixed, weakest))
    return min(doubts, default=None)


def _is_ambiguous(value: str) -> bool:
    """A code of letters and digits without pattern, with a character that could be either."""
    return (
        sum(map(str.isalnum, value)) >= _SHORTEST_CODE
        and not _LOOK_ALIKES.isdisjoint(value)
        and len(_TURN.findall(value)) >= _TURNS_OF_A_CODE
    )


def same_text(one: str, other: str) -> bool:
    """Equal but for blanks, which neither reader sets reliably."""
    return "".join(one.split()) == "".join(other.split())
