"""Plain numbers about the picture itself, and a hash that survives re-compression."""

from __future__ import annotations

import cv2
import numpy as np

from service.vision.decode import Pixels

_HASH_SIDE = 32  # the picture is reduced to this before its frequencies are taken
_HASH_BLOCK = 8  # lowest frequencies kept: 8 × 8 bits


def perceptual_hash(gray: Pixels) -> str:
    """64 bits as 16 hex digits: signs of the lowest DCT frequencies of a 32 × 32 reduction about their median.

    Scaling and re-compression flip few bits; compare by ``hash_distance``.
    """
    small = cv2.resize(gray, (_HASH_SIDE, _HASH_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    block = cv2.dct(small)[:_HASH_BLOCK, :_HASH_BLOCK].ravel()
    # The first coefficient is the mean brightness; it would pull the median on dark pages.
    bits = block > np.median(block[1:])
    return np.packbits(bits).tobytes().hex()


def hash_distance(one: str, other: str) -> int:
    """Number of differing bits of two perceptual hashes, 0 to 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def image_signals(image: Pixels) -> tuple[str, dict[str, float]]:
    """Perceptual hash and signals of a BGR image.

    ``sharpness``: variance of the Laplacian in squared grey levels; ``brightness``, ``contrast``: mean and standard
    deviation of grey in [0, 1].
    """
    gray: Pixels = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    mean, deviation = cv2.meanStdDev(gray)
    _, edges = cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_16S))
    signals = {
        "sharpness": round(float(edges[0][0]) ** 2, 2),
        "brightness": round(float(mean[0][0]) / 255, 4),
        "contrast": round(float(deviation[0][0]) / 255, 4),
    }
    return perceptual_hash(gray), signals
