"""What wiring derives from settings."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from service import wiring
from service.settings import Settings


def test_another_engine_is_another_reader() -> None:
    """Else a certificate issued for one engine would let another approve, and kept readings would mix."""
    default = wiring.reader_version(Settings(reader_engine="onnx"))
    other = wiring.reader_version(Settings(reader_engine="paddleocr"))
    assert default != other
    assert "paddleocr" in other


def test_identity_keys_are_kept_and_differ_by_platform_and_secret(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    key = wiring.identity_key(settings)
    assert key("acme") == wiring.identity_key(settings)("acme"), "kept beside the data"
    assert (tmp_path / "identity.secret").stat().st_mode & 0o077 == 0
    assert len({key("acme"), key("other"), wiring.audit_secret(settings)}) == 3
    given = wiring.identity_key(Settings(home=tmp_path, identity_secret=SecretStr("given")))
    assert given("acme") != key("acme")
    assert given("acme") == wiring.identity_key(Settings(identity_secret=SecretStr("given")))("acme")


def test_a_replaced_standard_error_does_not_make_logging_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = io.StringIO()
    with monkeypatch.context() as at_first:
        at_first.setattr(sys, "stderr", gone)
        wiring.configure_logging(Settings())
        log = structlog.get_logger("x")
        log.info("one")
    gone.close()
    log.info("two")
    assert "two" in capsys.readouterr().err
