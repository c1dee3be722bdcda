"""Signing secrets of endpoints: made here, shown once, kept sealed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.errors import PrereviewError

PREFIX = "whsec_"
_BYTES = 32  # the specification asks for 24 to 64
_NONCE = 12
_FORM = b"\x01"


class SecretUnreadable(PrereviewError):
    """The deployment's webhook key is not the one the secret was sealed with."""

    type, title = "secret-unreadable", "A stored secret cannot be opened"


def new_secret() -> str:
    """``whsec_`` and 256 random bits in base64, as the Standard Webhooks specification writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


class SecretBox:
    """Seals secrets with AES-256-GCM, each for one endpoint of one platform: moved elsewhere it does not open."""

    def __init__(self, key: bytes) -> None:
        """``key``: the deployment's secret, of any length."""
        self._cipher = AESGCM(hmac.new(key, b"webhook-secrets", hashlib.sha256).digest())

    def seal(self, platform_id: str, endpoint_id: uuid.UUID, secret: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return _FORM + nonce + self._cipher.encrypt(nonce, secret.encode(), _bound(platform_id, endpoint_id))

    def open(self, platform_id: str, endpoint_id: uuid.UUID, sealed: bytes) -> str:
        """SecretUnreadable where it was sealed with another key, for another endpoint, or was changed."""
        nonce, text = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if sealed[:1] != _FORM:
                raise InvalidTag
            return self._cipher.decrypt(nonce, text, _bound(platform_id, endpoint_id)).decode()
        except (InvalidTag, ValueError) as error:
            raise SecretUnreadable(
                "A webhook secret was sealed with another key: put the deployment's webhook secret back "
                "(PREREVIEW_WEBHOOK_SECRET, or webhook.secret in its home), or make the endpoint a new secret."
            ) from error


def _bound(platform_id: str, endpoint_id: uuid.UUID) -> bytes:
    return f"{platform_id}/{endpoint_id}".encode()
