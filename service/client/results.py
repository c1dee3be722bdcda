"""The service's answers as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    the case you see. ``version`` goes up with every change; ``etag`` given back as ``if_match`` refuses to act on a
    case that has changed. ``actions``: what ``buyer``, ``platform`` and others may do now. ``due_at``: when the step
    ``due`` is due. ``offer``: in minor units, where one stands.
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
    version: int = 0
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    due: str | None = None
    due_at: datetime | None = None
    offer: int | None = None
    replayed: bool = False
    etag: str | None = None

    @property
    def pending(self) -> bool:
        """Accepted, not decided yet: ask for the case again."""
        return self.decision is None

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, replayed: bool = False, etag: str | None = None) -> PreReview:
        buyer, deadline, offer = data["buyer"], data.get("deadline"), data.get("offer")
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
            version=data.get("version", 0),
            actions={party: tuple(names) for party, names in data.get("actions", {}).items()},
            due=deadline["due"] if deadline else None,
            due_at=datetime.fromisoformat(deadline["due_at"]) if deadline else None,
            offer=offer["amount"] if offer else None,
            replayed=replayed,
            etag=etag,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """One line of a list of cases. ``amount_claimed``: integer minor units of ``currency``."""

    case_id: str
    number: str
    version: int
    state: str
    lane: str | None
    order_number: str
    account_id: str
    reference: str
    reason: str
    amount_claimed: int
    currency: str
    accepted_at: datetime
    state_since: datetime
    decided_at: datetime | None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CaseSummary:
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        for name in ("accepted_at", "state_since", "decided_at"):
            known[name] = None if data[name] is None else datetime.fromisoformat(data[name])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class CasePage:
    """``next_cursor`` None on the last page."""

    cases: tuple[CaseSummary, ...]
    next_cursor: str | None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CasePage:
        return cls(tuple(CaseSummary.from_json(each) for each in data["cases"]), data["next_cursor"])


@dataclass(frozen=True, slots=True)
class LineError:
    line: int
    path: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """How far an upload of history has come; go on with line ``lines`` + 1. ``errors``: of the last request."""

    upload: str
    lines: int
    accepted: int
    duplicates: int
    refused: int
    errors: tuple[LineError, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Upload:
        return cls(
            upload=data["upload"],
            lines=data["lines"],
            accepted=data["accepted"],
            duplicates=data["duplicates"],
            refused=data["refused"],
            errors=tuple(LineError(each["line"], each["path"], each["message"]) for each in data["errors"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, as a webhook's body or the feed tells it. ``id`` is the same however often it is told."""

    id: str
    sequence: int
    type: str
    timestamp: datetime
    data: Mapping[str, Any]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Event:
        return cls(
            id=data["id"],
            sequence=data["sequence"],
            type=data["type"],
            timestamp=datetime.fromisoformat(data["timestamp"]),
            data=data["data"],
        )


@dataclass(frozen=True, slots=True)
class FeedPage:
    """``next``: where to go on once these are handled. ``more``: there are others already."""

    events: tuple[Event, ...]
    next: int
    more: bool

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FeedPage:
        return cls(tuple(Event.from_json(each) for each in data["events"]), data["next"], data["more"])
