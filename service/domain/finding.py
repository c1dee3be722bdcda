"""Cases found by an id as somebody typed it."""

from __future__ import annotations

import re
import string
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.money import Money

_BETWEEN = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_LIKE = str.maketrans("odqlisbz", "00011582")
# Small letters first, then what they look like.
_ALIKE = {code: _LIKE.get(small, small) for code, small in _SMALL.items()} | _LIKE

LONGEST = 80
"""Characters of a folded id that are kept and compared."""
SHORTEST_BEGINNING = 6


class IdKind(StrEnum):
    """Whose id it is."""

    CASE = "case"
    NUMBER = "number"
    ORDER = "order"
    PAYMENT = "payment"
    REFERENCE = "reference"
    LINKED = "linked"
    ACCOUNT = "account"


class Likeness(StrEnum):
    """How what was typed fits, the best first."""

    EXACT = "exact"
    LOOK_ALIKE = "look_alike"
    TRANSPOSED = "transposed"
    BEGINS = "begins"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """``value``: the id that was found, in the spelling it has; of a linked claim empty."""

    case_id: uuid.UUID
    number: str
    kind: IdKind
    likeness: Likeness
    value: str
    state: CaseState
    reason: ReasonCode
    amount: Money
    accepted_at: datetime


def folded(text: str) -> str:
    """The same for every spelling of an id that only looks different: case, width, whatever stands between letters and
    digits, and those that are mistaken for each other (0 O D Q, 1 l I, 5 S, 8 B, 2 Z, capital or small)."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return plain.translate(_ALIKE)[:LONGEST]


def transposed(fold: str) -> tuple[str, ...]:
    """Every spelling with two neighbours changed about; none of an id too short to be one."""
    if len(fold) < 4:
        return ()
    swapped = (
        fold[:at] + fold[at + 1] + fold[at] + fold[at + 2 :] for at in range(len(fold) - 1) if fold[at] != fold[at + 1]
    )
    return tuple(dict.fromkeys(swapped))
