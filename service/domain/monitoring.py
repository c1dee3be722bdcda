"""What a platform, or all of them, decided in a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """``rows`` in the order of features asked for, with a ``risks`` entry each, NaN where not known; ``approved`` of
    these were approved at once. ``decided``: all assessments of the while, those on other features too."""

    rows: tuple[tuple[float, ...], ...]
    risks: tuple[float, ...]
    approved: int
    label_delay_days: tuple[float, ...]
    decided: int
