"""What an OCR engine is to the rest of the house."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Protocol

from service.domain.evidence import Line
from service.vision.decode import Pixels


class OcrEngine(Protocol):
    """Reads the text of one image. Not safe for threads: one engine per process or thread."""

    @property
    def name(self) -> str:
        """Short stable name, part of what an assessment records."""
        ...

    def read(self, image: Pixels, ms: MutableMapping[str, float] | None = None) -> tuple[Line, ...]:
        """Lines top to bottom, left to right, boxes in pixels of ``image`` (uint8 BGR, height × width × 3).

        ``ms``, if given, receives milliseconds per stage. Empty tuple: no text.
        """
        ...
