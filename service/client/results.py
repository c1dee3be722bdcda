"""The service's answers as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the buyer has to send; ``text`` may be shown word for word."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """What to tell the buyer, word for word."""

    message: str
    next: str
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreReview:
    """A case as it stands.

    ``decision``: ``auto_approved``, ``manual_review``, ``materials_needed``, or None while there is none yet.
    ``amount`` and ``fee`` are integer minor units of ``currency``; they and ``route`` are None where nothing is
    granted. ``obligations``: what you must confirm for the grant to stand. ``internal``: None without that scope.
    ``replayed``: the stored answer of an earlier request with this key. ``linked_claim_id``: this order already had
    the case you see.
    """

    case_id: str
    number: str
    state: str
    decision: str | None
    amount: int | None
    currency: str | None
    fee: int | None
    route: str | None
    obligations: tuple[str, ...]
    buyer: Buyer
    internal: Mapping[str, Any] | None
    linked_claim_id: str | None
    versions: Mapping[str, str]
    ms: Mapping[str, float]
    replayed: bool = False

    @property
    def pending(self) -> bool:
        """Accepted, not decided yet: ask for the case again."""
        return self.decision is None

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, replayed: bool = False) -> PreReview:
        buyer = data["buyer"]
        return cls(
            case_id=data["case_id"],
            number=data["number"],
            state=data["state"],
            decision=data["decision"],
            amount=data["amount"],
            currency=data["currency"],
            fee=data["fee"],
            route=data["route"],
            obligations=tuple(data["obligations"]),
            buyer=Buyer(
                message=buyer["message"],
                next=buyer["next"],
                missing=tuple(Missing(item["code"], item["text"]) for item in buyer["missing"]),
            ),
            internal=data.get("internal"),
            linked_claim_id=data.get("linked_claim_id"),
            versions=data["versions"],
            ms=data["ms"],
            replayed=replayed,
        )


@dataclass(frozen=True, slots=True)
class EventsRecorded:
    """``duplicates`` were known already by their ``event_id``."""

    accepted: int
    duplicates: int
    recorded_at: datetime

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EventsRecorded:
        moment = datetime.fromisoformat(data["recorded_at"])
        return cls(accepted=data["accepted"], duplicates=data["duplicates"], recorded_at=moment)
