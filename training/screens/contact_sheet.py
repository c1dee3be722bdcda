"""One picture of many pages, to look at what was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

_CELL = (220, 400)
_CAPTION = 16


def contact_sheet(
    files: Sequence[Path], captions: Mapping[str, str], boxes: Mapping[str, Sequence[Sequence[float]]], columns: int = 8
) -> Image.Image:
    """Thumbnails in a grid, each with its caption and its labelled boxes in red. At least one file is needed."""
    if not files:
        raise ValueError("a contact sheet needs at least one file")
    rows = -(-len(files) // columns)
    width, height = _CELL[0], _CELL[1] + _CAPTION
    sheet = Image.new("RGB", (min(columns, len(files)) * width, rows * height), "#d0d0d0")
    pen = ImageDraw.Draw(sheet)
    for index, file in enumerate(files):
        x, y = index % columns * width, index // columns * height
        sheet.paste(_thumbnail(file, boxes.get(file.name, ())), (x, y + _CAPTION))
        pen.text((x + 3, y + 2), captions.get(file.name, file.name)[:36], fill="#000000")
    return sheet


def _thumbnail(file: Path, boxes: Sequence[Sequence[float]]) -> Image.Image:
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    pen = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in boxes:
        pen.rectangle((x0, y0, x1, y1), outline="#ff0000", width=max(1, image.width // 250))
    image.thumbnail((_CELL[0] - 4, _CELL[1]))
    return image
