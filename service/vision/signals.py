"""Plain numbers about the picture itself, and a hash that survives re-compression."""

from __future__ import annotations

import cv2
import numpy as np

from service.vision.decode import Pixels

_HASH_SIDE = 32  # the picture is reduced to this before its frequencies are taken
_BAND = 128  # rows
_HASH_BLOCK = 8  # lowest frequencies kept: 8 × 8 bits


def perceptual_hash(gray: Pixels) -> str:
    """64 bits as 16 hex digits: signs of the lowest DCT frequencies of a 32 × 32 reduction about their median.

    Scaling and re-compression flip few bits; compare by ``hash_distance``.
    """
    # Halving first: averaging straight down to 32 is ten times as slow.
    while min(gray.shape) >= 16 * _HASH_SIDE:
        gray = _shrunk(gray, gray.shape[1] // 2, gray.shape[0] // 2)
    block = cv2.dct(_shrunk(gray, _HASH_SIDE, _HASH_SIDE).astype(np.float32))[:_HASH_BLOCK, :_HASH_BLOCK].ravel()
    # The first coefficient is the mean brightness; it would pull the median on dark pages.
    bits = block > np.median(block[1:])
    return np.packbits(bits).tobytes().hex()


def _shrunk(gray: Pixels, width: int, height: int) -> Pixels:
    return cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def hash_distance(one: str, other: str) -> int:
    """Number of differing bits of two perceptual hashes, 0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def grey_levels(image: Pixels) -> Pixels:
    """A BGR image [height, width, 3] as grey levels [height, width]."""
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def image_signals(gray: Pixels) -> tuple[str, dict[str, float]]:
    """Perceptual hash and signals of a grey image.

    ``sharpness``: variance of the Laplacian in squared grey levels; ``brightness``, ``contrast``: mean and standard
    deviation of grey in [0, 1].
    """
    mean, deviation = cv2.meanStdDev(gray)
    signals = {
        "sharpness": round(_sharpness(gray), 2),
        "brightness": round(float(mean[0][0]) / 255, 4),
        "contrast": round(float(deviation[0][0]) / 255, 4),
    }
    return perceptual_hash(gray), signals


def _sharpness(gray: Pixels) -> float:
    """Variance of the Laplacian, band by band: what stays in the cache takes a third of the time."""
    height, squares, total = gray.shape[0], 0.0, 0.0
    for top in range(0, height, _BAND):
        bottom = min(top + _BAND, height)
        above, below = max(0, top - 1), min(height, bottom + 1)  # the neighbours' rows, or the picture's own edge
        edges = cv2.Laplacian(gray[above:below], cv2.CV_16S)[top - above :][: bottom - top]
        # cv2.meanStdDev says the same, twenty times as slow on 16-bit input.
        squares += cv2.norm(edges, cv2.NORM_L2SQR)
        total += cv2.mean(edges)[0] * edges.size
    return squares / gray.size - (total / gray.size) ** 2
