"""Secrets are given, or made once; an empty one is neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from service.domain.errors import ConfigurationError
from service.settings import Settings
from service.wiring import audit_secret


def test_one_that_is_made_stays_the_same(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert audit_secret(settings) == audit_secret(settings)
    assert len(audit_secret(settings)) >= 32


def test_an_empty_one_is_refused_for_every_draw_would_be_the_same_for_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="audit secret is set and empty"):
        audit_secret(Settings(home=tmp_path, audit_secret=SecretStr("")))


def test_a_damaged_one_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "audit.secret").write_text("short")
    with pytest.raises(ConfigurationError, match="damaged"):
        audit_secret(Settings(home=tmp_path))
