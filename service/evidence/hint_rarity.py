"""How seldom an honest page bears a sign of editing as strong: what a strength means to who looks at it."""

from __future__ import annotations

from service.domain.evidence import HintKind

# Upper quantiles of the strongest sign on 240 honest pages, most of them damaged, of layouts the weights were fitted on
# and of others: `prereview-train screens forgery --count 120 --seed 5`, 2026-11-22.
_ONE_IN = ((0.58, 50), (0.41, 20), (0.35, 10), (0.25, 4), (0.0, 2))
# Set by hand, not by counting: their strength compares with nothing.
_NOT_COUNTED = frozenset({HintKind.EDITOR, HintKind.CLOCK})


def one_honest_page_in(kind: HintKind, strength: float) -> int | None:
    """n where one honest page in n bears a sign at least this strong, rounded down; None where it was never counted."""
    if kind in _NOT_COUNTED:
        return None
    return next(pages for least, pages in _ONE_IN if strength >= least)
