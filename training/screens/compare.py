"""One reading held against its truth, field by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Fields with a target in the project's plan; the others are shown without.
MEASURED = (
    "order_number",
    "trade_number",
    "amount",
    "ordered_at",
    "paid_at",
    "product",
    "payee",
    "payment_method",
    "status",
    "recharged_account",
    "error_prompt",
)
_AS_TEXT = {"product", "payee", "payment_method", "status", "recharged_account"}
SURE = 0.9


class Verdict(StrEnum):
    """``invented``: a value for a field that is not on the page, or is cut and read as something else."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was made of one file: the page's kind and {field: (value, score)}. Kind ``failed`` if it was not read."""

    kind: str
    fields: Mapping[str, tuple[str | int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One field of one file. ``field`` may be ``page``: its kind. ``score`` is None where nothing was reported."""

    file: str
    field: str
    verdict: Verdict
    truth: str | int | None
    read: str | int | None
    score: float | None

    @property
    def surely_wrong(self) -> bool:
        """Wrong or invented, and sure of it."""
        return self.verdict in (Verdict.WRONG, Verdict.INVENTED) and self.score is not None and self.score >= SURE


def findings(file: str, truth: Mapping[str, Any], reading: Reading) -> Iterator[Finding]:
    """Every field that is on the page or was reported, and the kind of the page."""
    kind = Verdict.RIGHT if reading.kind == truth["page"] else Verdict.WRONG
    yield Finding(file=file, field="page", verdict=kind, truth=truth["page"], read=reading.kind, score=None)
    for field in MEASURED:
        expected = truth["fields"].get(field)
        value, score = reading.fields.get(field, (None, None))
        if expected is None and value is None:
            continue
        spared = [truth.get(part, {}).get(field) for part in ("cut_fields", "unasked")]
        verdict = _verdict(field, expected, value, spared)
        if verdict is not None:
            yield Finding(file=file, field=field, verdict=verdict, truth=expected, read=value, score=score)


def _verdict(
    field: str, expected: str | int | None, value: str | int | None, spared: Sequence[str | int | None]
) -> Verdict | None:
    if expected is None:
        # What is half covered may still be read right, or stand a second time on the page; and what is said of the
        # purchase in a conversation need not be reported, but is not made up.
        return None if any(other is not None and same(field, other, value) for other in spared) else Verdict.INVENTED
    if value is None:
        return Verdict.MISSED
    return Verdict.RIGHT if same(field, expected, value) else Verdict.WRONG


def same(field: str, expected: str | int, value: str | int | None) -> bool:
    """Numbers, times, amounts and codes exactly; texts after NFKC and without blanks, accounts as they are compared."""
    if field == "recharged_account" and value is not None:
        return _account(str(expected)) == _account(str(value))
    if field == "payment_method" and value is not None:
        return _MASK.sub("*", plain(str(expected))) == _MASK.sub("*", plain(str(value)))
    if field in _AS_TEXT and value is not None:
        return plain(str(expected)) == plain(str(value))
    return expected == value


# Which dots or stars, and how many, hide a card's first digits says nothing of the card.
_MASK = re.compile(r"[*•·.…]{1,}(?=\d{4}(?!\d))")


def _account(text: str) -> str:
    """Without hyphens between digits and without a UID before the number, which may stand as its key as well."""
    return re.sub(r"^(?:uid|id|qq):?(?=\d+$)|(?<=\d)-(?=\d)", "", plain(text), flags=re.IGNORECASE)


# A dash's length says nothing of what is printed, and is not told from a screenshot.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def plain(text: str) -> str:
    """NFKC without any blank, every dash a hyphen."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
