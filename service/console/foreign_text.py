"""Text from outside, as it may be shown: nothing in it can deceive who reads it."""

from __future__ import annotations

import unicodedata

_LONGEST = 300


def visible(text: str, longest: int = _LONGEST) -> str:
    """Text from outside as it may be shown: what would draw nothing or turn the line around becomes ``�``.

    Templates escape it all the same; this is against text that reads differently from what it holds.
    """
    seen = text[: longest + 1].replace("\r\n", "\n").replace("\t", " ")
    plain = "".join(letter if letter == "\n" or not _deceives(letter) else "\ufffd" for letter in seen)
    return plain if len(plain) <= longest else plain[:longest] + "…"


def _deceives(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
