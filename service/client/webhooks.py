"""Is this webhook ours? Standard Webhooks signatures, checked with the standard library alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping

from service.client.results import Event

TOLERANCE_SECONDS = 300
"""How far a webhook's time may be from ours: what is older may be a replay."""


class NotSigned(Exception):
    """It does not carry a fresh signature under any of the secrets: answer 400 and do nothing."""


def verified(body: bytes, headers: Mapping[str, str], secrets: Iterable[str], *, now: float | None = None) -> Event:
    """The event of a webhook. ``secrets``: ``whsec_…``, the new and the old while they change. NotSigned.

    ``body``: the bytes as they came, before anything parsed them. Handle each ``event.id`` once: the same one may come
    again. Source: Standard Webhooks 1.0, symmetric signatures.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id, sent_at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs((time.time() if now is None else now) - int(sent_at)) > TOLERANCE_SECONDS:
        raise NotSigned("The webhook has no time, or one too far from now.")
    signed = f"{message_id}.{sent_at}.".encode() + body
    offered = [each[3:] for each in given.get("webhook-signature", "").split() if each.startswith("v1,")]
    for secret in secrets:
        wanted = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(wanted.encode(), each.encode()) for each in offered):
            return Event.from_json(json.loads(body))
    raise NotSigned("The webhook is signed with none of the secrets.")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("a secret is whsec_ followed by base64, as it was shown when the webhook was made") from None
