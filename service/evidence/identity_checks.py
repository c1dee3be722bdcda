"""Identity cards against each other, against the day, and against the registered identity's keyed hash."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim
from service.domain.evidence import Evidence, Identity
from service.evidence.card_terms import LONG_TERM

REGISTERED = "registered identity"


@dataclass(frozen=True, slots=True)
class _Card:
    """One page's card and the file it is on."""

    identity: Identity
    sha256: str


def check_identity(claim: Claim, evidence: Sequence[Evidence], *, today: date | None) -> CheckResult:
    """What all sides of the card say together: fails on any contradiction, passes when the number holds, the card is
    valid ``today`` (local date) and it is the registered identity's. Anybody can send somebody's valid card: without
    a registered identity to compare with it proves nothing."""
    cards = [_Card(item.page.identity, item.sha256) for item in evidence if item.page and item.page.identity]
    registered = claim.account.identity_digest
    record = REGISTERED if registered else None
    if not cards:
        note = "no page shows an identity card" if evidence else "there is no evidence"
        return CheckResult(code=CheckCode.IDENTITY, result=Result.UNKNOWN, record=record, note=note)
    fault = _fault(cards, registered, today)
    missing = fault or _missing(cards, registered, today)
    result = Result.FAIL if fault else Result.UNKNOWN if missing else Result.PASS
    card, note = missing or (cards[0], "")
    masked = next((one.identity.number_masked for one in cards if one.identity.number_masked), None)
    return CheckResult(
        code=CheckCode.IDENTITY,
        result=result,
        read=card.identity.number_masked or masked,
        record=record,
        evidence_sha256=card.sha256,
        note=note,
    )


def _fault(cards: Sequence[_Card], registered: str | None, today: date | None) -> tuple[_Card, str] | None:
    for card in cards:
        if card.identity.number_valid is False:
            return card, "the number's check digit does not hold"
        if _expired(card.identity, today):
            return card, "the card has expired"
        digest = card.identity.number_digest
        if registered and digest and not hmac.compare_digest(digest, registered.lower()):
            return card, "another person's card than the registered identity"
    if _differ(one.identity.number_digest for one in cards) or _differ(one.identity.number_masked for one in cards):
        return cards[-1], "the pages show different cards"
    if _differ(one.identity.valid_until for one in cards):
        return cards[-1], "the sides give different terms of validity"
    return None


def _missing(cards: Sequence[_Card], registered: str | None, today: date | None) -> tuple[_Card, str] | None:
    if not any(one.identity.number_valid for one in cards):
        return cards[0], "the number cannot be read"
    if not any(one.identity.valid_until for one in cards):
        return cards[0], "the side with the validity is missing"
    if today is None:
        return cards[0], "the day to judge the validity on is not known"
    if not registered:
        return cards[0], "the card holds, but the claim names no registered identity to compare it with"
    if not any(one.identity.number_digest for one in cards):
        return cards[0], "the number was read without the platform's key"
    return None


def _expired(identity: Identity, today: date | None) -> bool:
    until = identity.valid_until
    return today is not None and until is not None and until != LONG_TERM and date.fromisoformat(until[:10]) < today


def _differ(values: Iterable[str | None]) -> bool:
    return len({value for value in values if value is not None}) > 1
