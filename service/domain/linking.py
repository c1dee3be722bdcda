"""What accounts have in common, as a reviewer sees it beside a case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shared(StrEnum):
    """What two accounts have in common."""

    DEVICE = "device"
    PAYER = "payer"
    IP = "ip"
    SCREENSHOT = "screenshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAccount:
    """Another account that shares something with the claimant's, and how its refunds went; None: not counted."""

    account: str
    shares: tuple[Shared, ...]
    requested: int | None = None
    granted: int | None = None
    wrong: int | None = None
