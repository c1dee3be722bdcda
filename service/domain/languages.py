"""Which language a reader's texts are in: Accept-Language (RFC 9110), Chinese where nothing fits."""

from __future__ import annotations

DEFAULT = "zh"
KNOWN = ("zh", "en")


def choose(accept_language: str | None) -> str:
    """``zh`` or ``en``: the known language with the highest weight, the first named among equals."""
    best, best_weight = DEFAULT, 0.0
    for item in (accept_language or "").split(","):
        tag, _, parameters = item.partition(";")
        language = tag.strip().lower().partition("-")[0]
        language = DEFAULT if language == "*" else language
        weight = _weight(parameters)
        if language in KNOWN and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
