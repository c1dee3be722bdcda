"""From the lines of a page to numbers about each place that could have been worked over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from service.domain.evidence import Box, Line
from service.vision.decode import Pixels
from service.vision.tamper import lines as whole
from service.vision.tamper import twins
from service.vision.tamper.strokes import Floats, Print, measure, middle

GLYPH_SIGNALS = twins.SIGNALS
LINE_SIGNALS = (*whole.SIGNALS, *(f"line_{name}" for name in twins.CHANNELS))

# Each line costs a third of a millisecond; the longest numbers say most, and a state needs plain lines to be held to.
_NUMBER_LINES, _PLAIN_LINES = 14, 8
_NOISY = 0.15  # mean grey levels off the ground between letters; JPEG of any usual quality leaves more
_DIGIT = re.compile(r"[0-9]")
_STATE = re.compile(
    r"成功|失败|完成|已|待|未|中$|关闭|取消|退款|到账|有效|无效|过期|使用|success|fail|complete|paid|pending|closed|"
    r"cancel|refund|deliver|valid|expired|used",
    re.IGNORECASE,
)
_BAR = 0.06  # of the page's height
_STATUS = re.compile(r"^\D{0,4}\d{1,2}[:：]\d{2}|%|^\d{1,3}$|[KM]B?/s|\b(?:LTE|[345]G|HD)\b", re.IGNORECASE)
_ENOUGH_HEIGHT = 64  # pixels of a line's box; those of phone pages have 35 to 70
_LONGEST_STATE = 12  # characters; a sentence is no state


@dataclass(frozen=True, slots=True)
class Places:
    """``scale``: pixels of the page to one of what was measured; only very large print is shrunk.

    ``values``: lines that carry a value, and ``line_signals`` of each (values × LINE_SIGNALS).

    ``clean``: the ground is free of noise, as screenshots are before any app compressed them.
    ``numbers``: the values whose digits could be told apart, and ``glyph_signals`` of each (digits × GLYPH_SIGNALS).
    """

    scale: int
    clean: bool
    values: tuple[Print, ...]
    line_signals: Floats
    numbers: tuple[Print, ...]
    glyph_signals: tuple[Floats, ...]


def places_of(image: Pixels, lines: Sequence[Line]) -> Places:
    """``image``: uint8 BGR; ``lines``: with boxes in its pixels."""
    scale = _scale(lines)
    if scale > 1:
        size = (max(1, image.shape[1] // scale), max(1, image.shape[0] // scale))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        lines = [replace(line, box=scaled(line.box, 1 / scale)) for line in lines]
    height = image.shape[0]
    # The system sets the status bar, clock, speed and charge in sizes and faces of its own.
    page = [line for line in lines if line.box.y1 > _BAR * height or not _STATUS.search(line.text)]
    numbered, states, plain = _sorted_out(page)
    printed = [one for line in (*numbered, *states, *plain) if (one := measure(image, line)) is not None]
    printed.sort(key=lambda one: one.glyphs is None)
    numbers = tuple(one for one in printed if one.glyphs is not None)
    compared = twins.compare_digits(numbers)
    reference = {id(line) for line in plain}
    valued = [i for i, one in enumerate(printed) if id(one.line) not in reference]
    alone = np.zeros((len(printed), len(twins.CHANNELS)), np.float32)
    alone[: len(numbers)] = compared.lines
    signals = np.concatenate([whole.line_signals(printed, valued), alone[valued]], axis=1)
    clean = middle(np.array([one.noise for one in printed])) < _NOISY if printed else True
    return Places(scale, clean, tuple(printed[i] for i in valued), signals, numbers, compared.glyphs)


def scaled(box: Box, times: float) -> Box:
    return Box(box.x0 * times, box.y0 * times, box.x1 * times, box.y1 * times)


def _scale(lines: Sequence[Line]) -> int:
    """Photos of more pixels than print needs cost time and tell no more."""
    heights = sorted(line.box.height for line in lines)
    return max(1, int(heights[len(heights) // 2] / _ENOUGH_HEIGHT)) if heights else 1


def _sorted_out(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """Lines with numbers, lines that may be a state, and some others to hold these against."""
    counted = [(len(_DIGIT.findall(line.text)), line) for line in lines]
    numbered = sorted((pair for pair in counted if pair[0] >= 2), key=lambda pair: -pair[0])[:_NUMBER_LINES]
    rest = [line for count, line in counted if count < 2 and 2 <= len(line.text) <= 2 * _LONGEST_STATE]
    states = [line for line in rest if len(line.text) <= _LONGEST_STATE and _STATE.search(line.text)][:_PLAIN_LINES]
    taken = {id(line) for line in states}
    return [line for _, line in numbered], states, [line for line in rest if id(line) not in taken][:_PLAIN_LINES]
