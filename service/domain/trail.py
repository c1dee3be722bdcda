"""The audit trail as a chain of hashes: what is hashed of an entry, and how a head of the chain is signed.

An entry's hash is SHA-256 over the previous entry's hash, the entry's field checks and the entry in canonical form,
its place in the chain included. The first of a platform follows a hash of the platform's id.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from service.domain.codec import canonical

_VERSION = 1
_CHECK_BYTES = 8


class SealState(StrEnum):
    """What a seal says of its entry: written by whoever has the key, or not. NONE: the entry bears none."""

    GOOD = "good"
    NONE = "none"
    WRONG = "wrong"
    UNKNOWN_KEY = "unknown_key"


class FieldClass(StrEnum):
    """What of an entry was changed, as far as it can be told."""

    PLACE = "place"
    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    WHY = "why"
    BEFORE = "before"
    AFTER = "after"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """An audit entry as it is hashed. ``at`` is aware; ``before`` and ``after`` are JSON data as stored."""

    id: int
    actor_kind: str
    actor_name: str
    action: str
    subject: str
    at: datetime
    details_sha256: str
    reason: str | None
    before: Any
    after: Any


_KEY_BYTES, _NONCE_BYTES = 4, 16


class TrailSeals:
    """Seals of audit entries: HMAC-SHA-256 under the deployment's key, given when an entry is written.

    The chain proves that nothing was changed since it was chained; a seal proves that the service wrote it. It holds
    the key's id, a number used once (so that a copy of an entry with its seal is found) and the code.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        """The first seals; the others are those from before."""
        self._keys = {hashlib.sha256(b"prereview trail key:" + key).digest()[:_KEY_BYTES]: key for key in keys}
        self._current = next(iter(self._keys))

    def seal(self, platform_id: str, entry: TrailEntry) -> bytes:
        """Of an entry as it is written; its id is not known yet and not sealed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self._current + nonce + _code(self._keys[self._current], nonce, platform_id, entry)

    def look_at(self, platform_id: str, entry: TrailEntry, seal: bytes | None) -> SealState:
        if seal is None:
            return SealState.NONE
        key_id, nonce, code = seal[:_KEY_BYTES], number_of(seal), seal[_KEY_BYTES + _NONCE_BYTES :]
        key = self._keys.get(key_id)
        if key is None:
            return SealState.UNKNOWN_KEY
        return SealState.GOOD if hmac.compare_digest(_code(key, nonce, platform_id, entry), code) else SealState.WRONG


def number_of(seal: bytes) -> bytes:
    """The number a seal uses once."""
    return seal[_KEY_BYTES : _KEY_BYTES + _NONCE_BYTES]


def _code(key: bytes, nonce: bytes, platform_id: str, entry: TrailEntry) -> bytes:
    content = (
        _VERSION, platform_id, entry.actor_kind, entry.actor_name, entry.action, entry.subject, _moment(entry.at),
        entry.details_sha256, entry.reason, entry.before, entry.after,
    )  # fmt: skip
    return hmac.digest(key, nonce + canonical(content), "sha256")


@dataclass(frozen=True, slots=True)
class Link:
    """An entry's place in the chain. ``previous`` and ``hash`` have 32 bytes, ``checks`` 8 for each field class.

    ``checks`` only tell which part of a changed entry was changed; that it was changed the hashes tell.
    """

    position: int
    previous: bytes
    hash: bytes
    checks: bytes


def first_previous(platform_id: str) -> bytes:
    """What the first entry of a platform's chain follows."""
    return hashlib.sha256(b"prereview audit trail 1:" + platform_id.encode()).digest()


def link(platform_id: str, entry: TrailEntry, position: int, previous: bytes) -> Link:
    """Put an entry into the chain behind the entry whose hash is ``previous``."""
    checks = field_checks(platform_id, entry, position)
    own = entry_hash(platform_id, entry, position, previous, checks)
    return Link(position=position, previous=previous, hash=own, checks=checks)


def entry_hash(platform_id: str, entry: TrailEntry, position: int, previous: bytes, checks: bytes) -> bytes:
    body = {
        "v": _VERSION, "platform_id": platform_id, "position": position, "id": entry.id,
        "actor_kind": entry.actor_kind, "actor_name": entry.actor_name, "action": entry.action,
        "subject": entry.subject, "at": _moment(entry.at), "details_sha256": entry.details_sha256,
        "reason": entry.reason, "before": entry.before, "after": entry.after,
    }  # fmt: skip
    return hashlib.sha256(previous + checks + canonical(body)).digest()


def field_checks(platform_id: str, entry: TrailEntry, position: int) -> bytes:
    """A short digest of each field class, in the order of FieldClass."""
    parts = (
        (platform_id, position, entry.id), (entry.actor_kind, entry.actor_name), (entry.action, entry.subject),
        _moment(entry.at), entry.reason, entry.before, entry.after, entry.details_sha256,
    )  # fmt: skip
    return b"".join(hashlib.sha256(canonical(part)).digest()[:_CHECK_BYTES] for part in parts)


def changed_classes(stored: bytes, now: bytes) -> tuple[FieldClass, ...]:
    """The field classes whose check differs; none where the stored checks cannot be made out."""
    if len(stored) != len(now):
        return ()
    return tuple(
        which
        for at, which in zip(range(0, len(now), _CHECK_BYTES), FieldClass, strict=True)
        if stored[at : at + _CHECK_BYTES] != now[at : at + _CHECK_BYTES]
    )


def without_place(checks: bytes) -> bytes:
    """The checks of an entry's content, wherever it stands."""
    return checks[_CHECK_BYTES:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A head of a platform's chain, signed: up to ``position`` the chain was what ends in ``entry_sha256`` (hex).

    ``key_id`` names the Ed25519 key; ``signature`` is hex, over ``signed_bytes``.
    """

    platform_id: str
    position: int
    entry_sha256: str
    at: datetime
    key_id: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        return canonical({"v": _VERSION, **self._content()})

    def line(self) -> bytes:
        """As it is kept outside the database: one line of JSON."""
        return canonical({"v": _VERSION, **self._content(), "signature": self.signature}) + b"\n"

    def _content(self) -> dict[str, Any]:
        return {
            "platform": self.platform_id, "position": self.position, "entry_sha256": self.entry_sha256,
            "at": _moment(self.at), "key": self.key_id,
        }  # fmt: skip


def checkpoint_of(data: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint of a line that was kept; ValueError (KeyError, TypeError) where it is none."""
    if data["v"] != _VERSION:
        raise ValueError(f"version {data['v']!r} of checkpoints is not known here")
    at = datetime.fromisoformat(data["at"])
    if at.tzinfo is None or not isinstance(data["position"], int) or isinstance(data["position"], bool):
        raise ValueError("not a checkpoint")
    return Checkpoint(
        platform_id=str(data["platform"]),
        position=data["position"],
        entry_sha256=str(data["entry_sha256"]),
        at=at,
        key_id=str(data["key"]),
        signature=str(data["signature"]),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
