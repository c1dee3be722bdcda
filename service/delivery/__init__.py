"""Sending webhooks: where to, when, signed how, and what came of it. No database, no web framework."""

from __future__ import annotations

from service.delivery.addresses import AddressRefused, Targets, public
from service.delivery.schedule import ATTEMPTS, DELAYS, next_attempt
from service.delivery.secrets import SecretBox, SecretUnreadable, new_secret
from service.delivery.sending import Message, Names, Result, Sender

__all__ = [
    "ATTEMPTS",
    "DELAYS",
    "AddressRefused",
    "Message",
    "Names",
    "Result",
    "SecretBox",
    "SecretUnreadable",
    "Sender",
    "Targets",
    "new_secret",
    "next_attempt",
    "public",
]
