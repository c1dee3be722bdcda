"""A card of somebody who does not exist, drawn so that the reader takes it for one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

_FONTS = ("truetype/wqy/wqy-microhei.ttc", "opentype/noto/NotoSansCJK-Regular.ttc")
_LINES = (
    ("姓名 样本甲", 60, 60),
    ("性别 男   民族 汉", 60, 150),
    ("出生 1984年11月7日", 60, 240),
    ("住址 浙江省虚拟县样例路88号", 60, 330),
    ("公民身份号码 330199198411078989", 60, 520),
)


def identity_card() -> bytes:
    """PNG; the test is skipped where no Chinese font is installed."""
    folder = Path("/usr/share/fonts")
    font = next((folder / name for name in _FONTS if (folder / name).exists()), None)
    if font is None:
        pytest.skip("no Chinese font: install fonts-wqy-microhei or fonts-noto-cjk")
    card = Image.new("RGB", (1080, 680), (226, 236, 244))
    draw, letters = ImageDraw.Draw(card), ImageFont.truetype(str(font), 42)
    for text, x, y in _LINES:
        draw.text((x, y), text, font=letters, fill=(20, 20, 30))
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()
