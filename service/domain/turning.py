"""Boxes on a picture that is turned by quarters."""

from __future__ import annotations

from service.domain.evidence import Box

TURNED = "turned"
"""The signal of a page that had to be turned to be read: degrees counter-clockwise. Absent from upright pages.

Boxes are in pixels of the picture as it came, whichever way up.
"""


def turned_box(box: Box, quarters: int, width: float, height: float) -> Box:
    """Where ``box`` of a ``width`` × ``height`` picture lies once that is turned counter-clockwise by ``quarters``."""
    for _ in range(quarters % 4):
        box = Box(box.y0, width - box.x1, box.y1, width - box.x0)
        width, height = height, width
    return box
