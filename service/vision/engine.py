"""What an OCR engine is to the rest of the house."""

from __future__ import annotations

from typing import Protocol

from service.domain.evidence import Line
from service.vision.decode import Pixels
from service.vision.stages import Stages


class OcrEngine(Protocol):
    """Reads the text of one image. Not safe for threads: one engine per process or thread."""

    @property
    def name(self) -> str:
        """Short stable name, part of what an assessment records."""
        ...

    def read(self, image: Pixels, stages: Stages | None = None) -> tuple[Line, ...]:
        """Lines top to bottom, left to right, boxes in pixels of ``image`` (uint8 BGR, height × width × 3).

        ``stages``, if given, counts the time. Empty tuple: no text.
        """
        ...
