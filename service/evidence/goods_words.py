"""Whether a line names goods, told from all its words: a sign beside those of its place and size."""

from __future__ import annotations

from service.evidence.learned_words import GOODS, chances, weights
from service.evidence.normalise import compact
from service.evidence.page_memory import once_a_page

# Of goods' names on sets left out of learning one in a hundred was below; of a page's other lines nine in ten.
UNLIKELY = 0.15


@once_a_page
def goods_chance(text: str) -> float:
    """How likely ``text`` is a name of virtual goods rather than any other line of such a page, in [0, 1]."""
    return float(chances(weights(GOODS), text)[-1])


def is_unlike_goods(text: str) -> bool:
    """Whether its words are hardly those of goods; a few characters, such as a film's name, tell little."""
    return goods_chance(text) <= (UNLIKELY if len(compact(text)) > _TELLS_LITTLE else _UNLIKELY_IF_SHORT)


_TELLS_LITTLE, _UNLIKELY_IF_SHORT = 4, 0.05
