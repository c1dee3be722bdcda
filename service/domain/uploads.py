"""Long streams of history events: how far one has come, and what was wrong with which line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadStanding:
    """``lines``: read and settled so far, blank ones included; what comes next is line ``lines`` + 1.

    ``accepted``: recorded; ``duplicates``: their ids were known; ``refused``: had errors and were passed over.
    """

    upload: str
    lines: int
    accepted: int
    duplicates: int
    refused: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LineError:
    """``line`` counts from 1 within the whole upload."""

    line: int
    path: str
    message: str
