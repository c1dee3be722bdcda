"""Labels of the second kind: judged by two blind reviewers on claims the audit drew."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from service.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """``wrong_share``: the share of the granted amount that was not truly due, in [0, 1]."""

    claim_id: str
    wrong_share: float
    recorded_at: datetime


class Adjudicator(Protocol):
    """Whoever judges drawn claims: people on a real platform, the simulator's audit desk here."""

    def judge(self, claim_ids: Sequence[str], *, by: datetime) -> list[Adjudicated]:
        """Judgements that have arrived by ``by``; what is still open is left out."""
        ...


class RecordedAdjudications:
    """What adjudicators of a platform said, from a CSV file with the columns claim_id, loss_share and recorded_at.

    ``loss_share``: (granted - truly due - recovered) / granted, in [0, 1]. ConfigurationError names the line of the
    first entry that is none, and of a claim judged twice: two findings on one claim are for people to settle.
    """

    def __init__(self, path: Path) -> None:
        self._found: dict[str, Adjudicated] = {}
        for line, entry in _entries(path):
            if not (entry["loss_share"] or entry["recorded_at"]):
                continue  # drawn and still open
            one = _adjudicated(path, line, entry)
            if one.claim_id in self._found:
                raise ConfigurationError(f"{path}, line {line}: claim {one.claim_id} is judged twice; keep one finding")
            self._found[one.claim_id] = one

    def __len__(self) -> int:
        return len(self._found)

    def judge(self, claim_ids: Sequence[str], *, by: datetime) -> list[Adjudicated]:
        """As ``Adjudicator``."""
        known = (self._found[claim_id] for claim_id in claim_ids if claim_id in self._found)
        return [one for one in known if one.recorded_at <= by]


_COLUMNS = ("claim_id", "loss_share", "recorded_at")


def _entries(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if lacking:
                raise ConfigurationError(f"{path} lacks the column {lacking[0]}; its first line must name its columns")
            for entry in reader:
                yield reader.line_num, entry
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path} cannot be read as a CSV file in UTF-8: {error}") from None


def _adjudicated(path: Path, line: int, entry: Mapping[str, str]) -> Adjudicated:
    try:
        share, moment = float(entry["loss_share"]), datetime.fromisoformat(entry["recorded_at"])
    except (TypeError, ValueError):
        raise ConfigurationError(
            f"{path}, line {line}: loss_share must be a number and recorded_at a moment such as 2026-11-20T08:00+08:00"
        ) from None
    if not entry["claim_id"] or not 0.0 <= share <= 1.0 or moment.tzinfo is None:
        raise ConfigurationError(
            f"{path}, line {line}: needs a claim_id, a loss_share from 0 to 1, and a recorded_at with its time zone"
        )
    return Adjudicated(entry["claim_id"], share, moment)
