"""A picture as a browser can show it."""

from __future__ import annotations

import io

from PIL import Image

from service.vision.decode import DecodeFailed, DecodeLimits, decode
from service.vision.file_types import HEIC, JPEG, media_type_of

_QUALITY = 88


def for_browsers(data: bytes, limits: DecodeLimits | None = None) -> tuple[str, bytes] | None:
    """Media type, told by the content, and bytes; None for what is no picture we read.

    Everything but HEIC stays as it was sent: browsers turn it upright as the reader does, so boxes fit. HEIC, which
    most browsers cannot show, becomes JPEG; takes up to a second, so call it in a thread.
    """
    media_type = media_type_of(data)
    if media_type != HEIC:
        return None if media_type is None else (media_type, data)
    try:
        pixels = decode(data, limits).pixels
    except DecodeFailed:
        return None
    out = io.BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(out, "JPEG", quality=_QUALITY)
    return JPEG, out.getvalue()
