"""What a text is told by: its runs of characters and words, as places in a table of weights.

Chinese by runs of one to four characters, Latin by runs of three to five letters and one to three words; digits are one
digit, so that no amount or date is learned. Places are by hash (the hashing trick, Weinberger et al. 2009): no
vocabulary is kept, and words nobody taught cost nothing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from service.evidence.normalise import clean, is_cjk, match_form
from service.evidence.page_memory import once_a_page

PLACES = 1 << 15
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_DIGITS = re.compile(r"\d+")
_FEWEST_WORDS, _FEWEST_HAN = 3, 4
_HAN_RUNS, _LATIN_RUNS, _WORD_RUNS = (1, 2, 3, 4), (3, 4, 5), (1, 2, 3)


@once_a_page
def places(text: str) -> tuple[int, ...]:
    """Where the text's features stand among ``PLACES``, each once, in order."""
    return tuple(sorted({zlib.crc32(feature.encode()) % PLACES for feature in _features(clean(text))}))


def _features(text: str) -> Iterator[str]:
    form = _DIGITS.sub("0", match_form(text)[0])
    words = _WORD.findall(text.lower().translate(_APOSTROPHES))
    if len(words) >= _FEWEST_WORDS and sum(map(is_cjk, form)) < _FEWEST_HAN:
        yield from _runs("^" + " ".join(words) + "$", _LATIN_RUNS)
    else:
        yield from _runs(f"^{form}$", _HAN_RUNS)
    for length in _WORD_RUNS:
        for start in range(len(words) - length + 1):
            yield "word " + " ".join(words[start : start + length])


def _runs(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    for length in lengths:
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
