from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from service.domain.errors import ConfigurationError
from service.domain.evidence import Box, Empty, Failed, FailedReason, Line, Read
from service.vision import DecodeLimits, OnnxEngine, build_engine, read_image
from service.vision.decode import Pixels
from service.vision.stages import Stages

SCREENS = Path(__file__).parents[2] / "data" / "screens"


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    return OnnxEngine()


class BrokenEngine:
    """An engine with a bug: what it raises must end as an outcome."""

    name = "broken"

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def read(self, image: Pixels, stages: Stages | None = None) -> tuple[Line, ...]:
        raise self.error


def note(rows: list[tuple[int, int, str]], size: tuple[int, int] = (720, 480), points: int = 34) -> Image.Image:
    image = Image.new("RGB", size, "white")
    for x, y, words in rows:
        ImageDraw.Draw(image).text((x, y), words, font=ImageFont.load_default(points), fill="#222222")
    return image


def png(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def test_reads_lines_with_their_boxes(engine: OnnxEngine) -> None:
    outcome = read_image(png(note([(40, 60, "ORDER"), (380, 60, "20260102123456"), (40, 200, "PAID 12.50")])), engine)
    assert isinstance(outcome, Read)
    assert [line.text for line in outcome.lines] == ["ORDER", "20260102123456", "PAID 12.50"]
    assert all(line.score > 0.9 for line in outcome.lines)
    box = outcome.lines[1].box
    assert (box.x0, box.y0) == (pytest.approx(380, abs=10), pytest.approx(66, abs=12))


def test_tells_the_facts_of_the_image(engine: OnnxEngine) -> None:
    outcome = read_image(png(note([(40, 60, "ORDER 77")])), engine)
    assert isinstance(outcome, Read)
    assert (outcome.image.media_type, outcome.image.width, outcome.image.height) == ("image/png", 720, 480)
    assert outcome.image.perceptual_hash is not None
    assert set(outcome.image.signals) == {"sharpness", "brightness", "contrast"}
    assert set(outcome.image.ms) == {
        "decode",
        "signals",
        "detect",
        "recognise",
        "reread",
        "legibility",
        "hints",
        "total",
    }
    assert outcome.image.ms["total"] >= outcome.image.ms["detect"] > 0


def test_a_blank_page_is_empty_not_failed(engine: OnnxEngine) -> None:
    outcome = read_image(png(Image.new("RGB", (400, 600), "white")), engine)
    assert isinstance(outcome, Empty)
    assert outcome.image.width == 400


def test_a_bad_file_is_failed_with_its_reason(engine: OnnxEngine) -> None:
    assert read_image(b"", engine) == Failed(reason=FailedReason.EMPTY_FILE, detail="the file has 0 bytes")
    outcome = read_image(png(note([(0, 0, "x")])), engine, DecodeLimits(max_pixels=1000))
    assert isinstance(outcome, Failed)
    assert outcome.reason is FailedReason.TOO_MANY_PIXELS


@pytest.mark.parametrize("error", [ValueError("of no use"), MemoryError(), RuntimeError("of no use")])
def test_a_bug_ends_as_an_outcome(error: Exception) -> None:
    outcome = read_image(png(note([(40, 60, "ORDER")])), BrokenEngine(error))
    assert isinstance(outcome, Failed)
    assert outcome.reason is FailedReason.INTERNAL_ERROR
    assert outcome.detail


def test_an_interrupt_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        read_image(png(note([(40, 60, "ORDER")])), BrokenEngine(KeyboardInterrupt()))


def test_boxes_are_those_of_the_picture_as_shown(engine: OnnxEngine) -> None:
    """A photo stored lying on its side: boxes count after EXIF rotation."""
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = note([(60, 300, "PAID 12.50")], (480, 720)).transpose(Image.Transpose.ROTATE_90)
    outcome = read_image(png(lying, exif=exif), engine)
    assert isinstance(outcome, Read)
    assert (outcome.image.width, outcome.image.height) == (480, 720)
    assert [line.text for line in outcome.lines] == ["PAID 12.50"]
    assert outcome.lines[0].box.y0 == pytest.approx(306, abs=12)


def test_boxes_of_a_large_photo_are_in_its_own_pixels(engine: OnnxEngine) -> None:
    outcome = read_image(png(note([(600, 2000, "PAID 12.50")], (2900, 4000), 160), compress_level=1), engine)
    assert isinstance(outcome, Read)
    assert outcome.lines[0].text == "PAID 12.50"
    assert outcome.lines[0].box.x0 == pytest.approx(600, abs=40)
    assert 1900 < outcome.lines[0].box.y0 < 2100


def test_a_long_capture_loses_and_doubles_nothing(engine: OnnxEngine) -> None:
    rows = [(40, 30 + 61 * i, f"LINE {1000 + i}") for i in range(90)]
    outcome = read_image(png(note(rows, (720, 5600))), engine)
    assert isinstance(outcome, Read)
    assert [line.text for line in outcome.lines] == [words for _, _, words in rows]
    assert all(abs(line.box.y0 - y) < 25 for line, (_, y, _) in zip(outcome.lines, rows, strict=True))


def test_a_slanted_photo_is_read(engine: OnnxEngine) -> None:
    upright = note([(160, 160, "ORDER 20260102123456"), (160, 280, "PAID 12.50")])
    outcome = read_image(png(upright.rotate(6, Image.Resampling.BICUBIC, fillcolor="white")), engine)
    assert isinstance(outcome, Read)
    assert [line.text for line in outcome.lines] == ["ORDER 20260102123456", "PAID 12.50"]


def test_the_same_bytes_give_the_same_outcome(engine: OnnxEngine) -> None:
    data = png(note([(40, 60, "ORDER 20260102123456")]))
    first, second = read_image(data, engine), read_image(data, engine)
    assert isinstance(first, Read)
    assert isinstance(second, Read)
    assert first.lines == second.lines


def test_doubtful_lines_can_be_kept_for_the_raw_pass() -> None:
    static = np.random.default_rng(3).integers(0, 255, (400, 300, 3), np.uint8)
    shapes = Image.fromarray(static).resize((600, 800), Image.Resampling.BICUBIC)
    ImageDraw.Draw(shapes).text((80, 300), "PAID 12.50", font=ImageFont.load_default(60), fill="black")
    bgr = np.asarray(shapes)[:, :, ::-1].copy()
    raw, kept = OnnxEngine(minimum_score=0.0).read(bgr), OnnxEngine(minimum_score=0.99).read(bgr)
    assert set(kept) <= set(raw)
    assert all(line.score >= 0.99 for line in kept)


def test_an_engine_without_its_packages_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="make reference"):
        build_engine("paddleocr")


def test_real_pages_are_read(engine: OnnxEngine) -> None:
    folder = os.environ.get("PREREVIEW_EXTERNAL_DATA")
    if not folder:
        pytest.skip("PREREVIEW_EXTERNAL_DATA is not set: no real pages here")
    outcome = read_image((Path(folder) / "screens" / "order_detail_film.png").read_bytes(), engine)
    assert isinstance(outcome, Read)
    assert {"1584221742283358208", "2022-10-24 00:34:31", "余额支付"} <= {line.text for line in outcome.lines}


def test_empty_boxes_never_come_out(engine: OnnxEngine) -> None:
    for name in ("0003-order_cards.jpg", "0010-redeem_dialog.webp"):
        outcome = read_image((SCREENS / name).read_bytes(), engine)
        assert isinstance(outcome, Read)
        for line in outcome.lines:
            assert isinstance(line.box, Box)
            assert line.box.x0 < line.box.x1 <= outcome.image.width
            assert line.box.y0 < line.box.y1 <= outcome.image.height
