"""Evidence is encrypted at rest: each file under a key of its own, that key under the deployment's, which rotates.

A sealed file is: magic, length and name of the deployment's key, nonce and wrapped file key, nonce and content; both
by AES-256-GCM, bound to platform and hash so that no file can stand in for another. Changing the deployment's key
rewrites a file's head and leaves its content.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.errors import ConfigurationError

_MAGIC = b"PRE\x01"
_NONCE = 12
_KEY = 32
_WRAPPED = _KEY + 16


@dataclass(frozen=True, slots=True)
class SealingKey:
    """``id`` names it in sealed files and is no secret; ``key`` has 32 bytes."""

    id: str
    key: bytes


def sealing_key(secret: bytes) -> SealingKey:
    """The key made from a secret; equal secrets give equal keys."""
    key = hashlib.sha256(b"prereview sealing key 1:" + secret).digest()
    return SealingKey(hashlib.sha256(b"prereview sealing key id:" + key).hexdigest()[:16], key)


class NotSealed(ValueError):
    """The bytes are no sealed file, or were changed."""


class Sealing:
    """``keys``: gives the keys there are now, the newest first. It is asked every time, so that a process that runs
    while keys change goes on with the new one."""

    def __init__(self, keys: Callable[[], tuple[SealingKey, ...]]) -> None:
        self._keys = keys

    @property
    def current(self) -> str:
        """The id of the key new files are sealed with."""
        return self._keys()[0].id

    def seal(self, data: bytes, bound_to: bytes) -> bytes:
        file_key = AESGCM.generate_key(256)
        nonce = os.urandom(_NONCE)
        content = nonce + AESGCM(file_key).encrypt(nonce, data, bound_to)
        return self._head(file_key, bound_to) + content

    def unseal(self, data: bytes, bound_to: bytes) -> bytes:
        """NotSealed where it is none or was changed; ConfigurationError where its key is not there."""
        file_key, content = self._opened(data, bound_to)
        try:
            return AESGCM(file_key).decrypt(content[:_NONCE], content[_NONCE:], bound_to)
        except (InvalidTag, ValueError) as error:
            raise NotSealed("the sealed bytes were changed") from error

    def sealed_anew(self, data: bytes, bound_to: bytes) -> bytes | None:
        """The same file under the newest key; None where it is already."""
        if self.key_of(data) == self.current:
            return None
        file_key, content = self._opened(data, bound_to)
        return self._head(file_key, bound_to) + content

    def key_of(self, data: bytes) -> str | None:
        """Which key a file is sealed with; None where it is not sealed."""
        if not data.startswith(_MAGIC) or len(data) <= len(_MAGIC):
            return None
        size = data[len(_MAGIC)]
        name = data[len(_MAGIC) + 1 : len(_MAGIC) + 1 + size]
        return name.decode("ascii", errors="replace") if len(name) == size else None

    def _head(self, file_key: bytes, bound_to: bytes) -> bytes:
        newest = self._keys()[0]
        name = newest.id.encode("ascii")
        nonce = os.urandom(_NONCE)
        wrapped = AESGCM(newest.key).encrypt(nonce, file_key, _MAGIC + name + bound_to)
        return _MAGIC + bytes([len(name)]) + name + nonce + wrapped

    def _opened(self, data: bytes, bound_to: bytes) -> tuple[bytes, bytes]:
        name = self.key_of(data)
        if name is None:
            raise NotSealed("these bytes are not sealed")
        start = len(_MAGIC) + 1 + len(name)
        nonce = data[start : start + _NONCE]
        wrapped = data[start + _NONCE : start + _NONCE + _WRAPPED]
        try:
            key = AESGCM(self._find(name).key)
            return key.decrypt(nonce, wrapped, _MAGIC + name.encode() + bound_to), data[start + _NONCE + _WRAPPED :]
        except (InvalidTag, ValueError, UnicodeEncodeError) as error:
            raise NotSealed("the sealed bytes were changed") from error

    def _find(self, name: str) -> SealingKey:
        found = next((key for key in self._keys() if key.id == name), None)
        if found is None:
            raise ConfigurationError(
                f"a file is sealed with key {name[:16]!r}, which is not among this deployment's: put it back from a "
                "backup"
            )
        return found
