"""The deployment's secrets: given by settings, or made once and kept beside the data."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from service.delivery import SecretBox
from service.domain.errors import ConfigurationError
from service.domain.trail import TrailSeals
from service.review.buyer_desk import CaseLinks
from service.settings import Settings
from service.store import (
    GivenKeys,
    KeyFile,
    SealingKeys,
)


def audit_secret(settings: Settings) -> bytes:
    """The key of the audit draw. Made once and kept beside the data: a new key would draw other cases."""
    return kept_or_made(settings.home, "audit", settings.audit_secret)


def case_links(settings: Settings) -> CaseLinks:
    return CaseLinks(kept_or_made(settings.home, "links", settings.link_secret))


def identity_key(settings: Settings) -> Callable[[str], bytes]:
    """platform id → the key of its identity digests. No platform's digest is ever another's.

    Made from one secret, kept beside the data: with a new one no card would be the registered identity any more.
    """
    secret = kept_or_made(settings.home, "identity", settings.identity_secret)

    def of_platform(platform_id: str) -> bytes:
        return hmac.new(secret, b"identity:" + platform_id.encode(), hashlib.sha256).digest()

    return of_platform


def sealing_keys(settings: Settings) -> SealingKeys:
    """The keys evidence is encrypted under; without them it is lost."""
    if settings.personal_data_keys is not None:
        return GivenKeys(settings.personal_data_keys.get_secret_value())
    return KeyFile(settings.home / "personal-data.secret")


def webhook_box(settings: Settings) -> SecretBox:
    """What webhook secrets are sealed with; with another key nothing can be signed until each has a new secret."""
    return SecretBox(kept_or_made(settings.home, "webhook", settings.webhook_secret))


def answers_secret(settings: Settings) -> bytes:
    """What kept answers are sealed with. With a new one nobody is told again what was answered before."""
    return kept_or_made(settings.home, "answers", settings.answers_secret)


def trail_seals(settings: Settings) -> TrailSeals:
    """What audit entries are sealed with. Several keys are parted by blanks: the first seals, all are known."""
    return TrailSeals(kept_or_made(settings.home, "trail", settings.trail_secret).split())


def kept_or_made(home: Path, name: str, given: SecretStr | None) -> bytes:
    """The secret that was given, or one made once and kept in ``home``."""
    if given is not None:
        if not given.get_secret_value():
            raise ConfigurationError(f"The {name} secret is set and empty: leave it out, or give a long random one")
        return given.get_secret_value().encode()
    path = home / f"{name}.secret"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_secret(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return _kept_secret(path)


def _kept_secret(path: Path) -> bytes:
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise ConfigurationError(
            f"{path} is damaged: put the {path.stem} secret back from a backup, or delete it for a new one"
        )
    return secret.encode()
