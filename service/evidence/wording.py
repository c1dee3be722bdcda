"""What a message means, told from all its words: the second opinion beside the lexicon of sayings."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.evidence import ErrorCode
from service.evidence.learned_words import WORDINGS, chances, weights
from service.evidence.page_memory import once_a_page


@dataclass(frozen=True, slots=True)
class Wording:
    """``code``: what it most likely reports, None for no error. ``chance`` in [0, 1], for words like those taught."""

    code: ErrorCode | None
    chance: float


@once_a_page
def wording_of(text: str) -> Wording:
    """What ``text`` says as a message to whoever uses the page."""
    learned = weights(WORDINGS)
    share = chances(learned, text)
    best = int(share.argmax())
    meaning = learned.meanings[best]
    return Wording(ErrorCode(meaning) if meaning else None, round(float(share[best]), 4))
