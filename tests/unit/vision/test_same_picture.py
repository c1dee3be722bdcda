"""Pictures laid over each other: what a second saving does, and what another digit does."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from service.vision.decode import DecodeFailed, decode
from service.vision.picture_hash import picture_hash
from service.vision.same_picture import compare_pictures
from service.vision.signals import grey_levels, hash_distance

EDITED = Path(__file__).parents[2] / "data" / "screens" / "edited"
TRUTH = json.loads((EDITED / "truth.json").read_text("utf-8"))


def variants(family: str) -> list[str]:
    return [name for name, truth in TRUTH.items() if truth.get("edit", {}).get("family") == family]


def compare(name: str):
    return compare_pictures((EDITED / name).read_bytes(), (EDITED / TRUTH[name]["edit"]["of"]).read_bytes())


@pytest.mark.parametrize("name", variants("reused"))
def test_the_same_page_saved_scaled_cropped_or_with_another_bar_differs_nowhere(name: str) -> None:
    found = compare(name)
    assert found.aligned
    assert found.boxes == ()


@pytest.mark.parametrize("name", variants("lookalike"))
def test_another_orders_page_differs_somewhere(name: str) -> None:
    found = compare(name)
    assert not found.aligned or found.boxes


@pytest.mark.parametrize("name", [name for name in variants("tampered") if "0000-bill" in name])
def test_an_edited_place_is_pointed_at(name: str) -> None:
    found, edited = compare(name), TRUTH[name]["edit"]["box"]
    assert found.aligned
    assert any(
        box.x0 < edited[2] and edited[0] < box.x1 and box.y0 < edited[3] and edited[1] < box.y1 for box in found.boxes
    )


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def page(clock: str = "09:41", word: str = "89.90") -> Image.Image:
    image = Image.new("RGB", (540, 1170), "white")
    pen = ImageDraw.Draw(image)
    pen.text((30, 12), f"{clock}   4G   87%", fill="black", font_size=22)
    for row in range(16):
        pen.text(
            (30, 120 + 60 * row),
            f"row {row}: {row * 7919 % 1000} {word if row == 5 else 'same'}",
            fill="black",
            font_size=24,
        )
    return image


def test_the_status_bar_is_told_apart_from_the_page() -> None:
    same, other = (compare_pictures(png(page(clock)), png(page())) for clock in ("09:41", "17:26"))
    assert (same.aligned, same.boxes, same.same_bar) == (True, (), True)
    assert (other.aligned, other.boxes, other.same_bar) == (True, (), False)


def test_one_digit_is_enough() -> None:
    found = compare_pictures(png(page(word="69.90")), png(page()))
    assert found.aligned
    assert len(found.boxes) == 1


def test_blank_and_unlike_pictures_are_not_aligned() -> None:
    blank = png(Image.new("RGB", (540, 1170), "white"))
    assert not compare_pictures(blank, blank).aligned
    assert not compare_pictures(png(page()), blank).aligned
    with pytest.raises(DecodeFailed):
        compare_pictures(b"nothing", blank)


def test_the_same_bytes_give_the_same_answer() -> None:
    name = variants("tampered")[0]
    assert compare(name) == compare(name)


def test_saving_again_moves_few_bits_of_the_hash() -> None:
    for name in variants("reused"):
        if "cropped" in name:
            continue
        mine = picture_hash(grey_levels(decode((EDITED / name).read_bytes()).pixels))
        first = picture_hash(grey_levels(decode((EDITED / TRUTH[name]["edit"]["of"]).read_bytes()).pixels))
        assert len(mine) == 67
        assert sum(hash_distance(*pair) for pair in zip(mine.split("."), first.split("."), strict=True)) <= 32


@pytest.mark.parametrize("size", [(16, 16), (16, 1500), (1500, 16), (300, 200)])
def test_any_picture_has_a_hash(size: tuple[int, int]) -> None:
    assert len(picture_hash(grey_levels(decode(png(Image.new("RGB", size, "gray"))).pixels))) == 67
