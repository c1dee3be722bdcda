"""Ids: UUIDv7 for everything stored, and a case number people can read over the phone."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import uuid_utils

# Crockford base 32: no I, L, O or U, so a number survives being read aloud or typed from a picture.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What a reader of pictures cannot tell apart.
_LOOK_ALIKE = str.maketrans("OoDQ|lIi!SsBZz", "00001111155822")
_JOINTS = frozenset("-_−–—‐‑")


def new_id() -> uuid.UUID:
    """A new UUIDv7 (RFC 9562): ordered by time, so index pages fill from the right."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def case_number(case_id: uuid.UUID, accepted_at: datetime, zone: ZoneInfo) -> str:
    """``R`` + local date + 10 characters of the id's random part, e.g. ``R261121-7K3M9Q2XWA``."""
    bits = case_id.int & ((1 << 50) - 1)
    tail = "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(45, -1, -5))
    return f"R{accepted_at.astimezone(zone):%y%m%d}-{tail}"


def fold_identifier(text: str) -> str:
    """Identifiers with equal folds may be the same as far as a reader can tell (0/O/D, 1/l/I, 5/S, 8/B, 2/Z)."""
    plain = unicodedata.normalize("NFKC", text)
    kept = (character for character in plain if not (character.isspace() or character in _JOINTS))
    return "".join(kept).translate(_LOOK_ALIKE).lower()
