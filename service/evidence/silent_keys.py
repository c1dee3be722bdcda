"""Whether a key says anything, or is a state that stands for itself: Refunded before a button."""

from __future__ import annotations

from collections.abc import Sequence

from service.evidence.amounts import parse_amount
from service.evidence.lexicon import Label
from service.evidence.segments import Segment


def any_amount(pieces: Sequence[Segment]) -> bool:
    return any(parse_amount(one.text) for one in pieces)


def has_value(label: Label, right: Sequence[Segment]) -> bool:
    """What was refunded is a sum; words at its right are a button's."""
    return any_amount(right) if label is Label.REFUNDED else bool(right)
