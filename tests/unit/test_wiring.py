"""What wiring derives from settings."""

from __future__ import annotations

from service import wiring
from service.settings import Settings


def test_another_engine_is_another_reader() -> None:
    """Else a certificate issued for one engine would let another approve, and kept readings would mix."""
    default = wiring.reader_version(Settings(reader_engine="onnx"))
    other = wiring.reader_version(Settings(reader_engine="paddleocr"))
    assert default != other
    assert "paddleocr" in other
