"""What is left of a claim, an assessment or an event once personal data has gone out of it. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping
from typing import Any

Pseudonym = Callable[[str, str], str]
"""(field, value) → what stands there instead; equal values of a field stay equal."""

ERASED = "erased-"
"""How every pseudonym begins."""
# Of one session, or of the person's means of payment.
_LINKS = ("device_id", "ip", "payer_id")


def pseudonyms(key: bytes) -> Pseudonym:
    """Under a platform's key: without it nobody can tell whether a value was a given one."""

    def pseudonym(field: str, value: str) -> str:
        if value.startswith(ERASED):
            return value
        digest = hmac.new(key, f"pseudonym:{field}:{value}".encode(), hashlib.sha256).hexdigest()
        return f"{ERASED}{digest[:24]}"

    return pseudonym


def claim_without(claim: Mapping[str, Any], pseudonym: Pseudonym) -> dict[str, Any]:
    """A claim's data without the person: ids become pseudonyms, words, recharged account and card go.

    Order, amounts, times and reason stay: they are the platform's books, and what the decision rests on.
    """
    account = dict(claim["account"])
    account["id"] = pseudonym("account_id", account["id"])
    for name in _LINKS:
        if account.get(name) is not None:
            account[name] = pseudonym(name, account[name])
    account["identity_digest"] = None
    order = dict(claim["order"]) | {"recharged_account": None, "funding_source": None}
    return dict(claim) | {"account": account, "order": order, "statement": "", "consent": None}


def document_without(document: Mapping[str, Any], files: Collection[str], why: str) -> dict[str, Any]:
    """An assessment's document without what was read from ``files``: hash, size and verdict stay."""
    evidence = [_gone(item, why) if item["sha256"] in files else item for item in document.get("evidence") or ()]
    checks = [
        {**check, "read": None, "claimed": None, "record": None, "box": None}
        if check.get("evidence_sha256") in files
        else check
        for check in document.get("checks") or ()
    ]
    return {**document, "evidence": evidence, "checks": checks}


def document_without_person(document: Mapping[str, Any], files: Collection[str], why: str) -> dict[str, Any]:
    """The same where the person goes as well: checks keep their result and no value."""
    left = document_without(document, files, why)
    left["checks"] = [{**check, "read": None, "claimed": None, "record": None} for check in left["checks"]]
    return left


def reuse_without(document: Mapping[str, Any], account_id: str, pseudonym: Pseudonym) -> dict[str, Any]:
    """An assessment's document in which another case's account goes by its pseudonym."""
    reuse = [
        {**one, "other_account": pseudonym("account_id", account_id)} if one.get("other_account") == account_id else one
        for one in document.get("reuse") or ()
    ]
    return {**document, "reuse": reuse}


def kinds_of(document: Mapping[str, Any]) -> dict[str, str]:
    """sha256 → kind of page an assessment saw in it."""
    return {
        item["sha256"]: item["page"]["kind"] for item in document.get("evidence") or () if item.get("page") is not None
    }


def _gone(item: Mapping[str, Any], why: str) -> dict[str, Any]:
    outcome = {"status": "failed", "reason": "missing_file", "detail": f"erased: {why}"}
    return {**item, "outcome": outcome, "page": None, "name": ""}
