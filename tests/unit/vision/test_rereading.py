from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from service.vision import OnnxEngine
from service.vision.recognition import Recognised
from service.vision.rereading import MOST_REREADINGS, rereadings, same_text
from service.vision.stages import Stages


def read(text: str, weakest: float = 0.99, at: int = -1) -> Recognised:
    """A line read surely but for one character."""
    characters = [0.99] * len(text)
    characters[at] = weakest
    return Recognised(text, sum(characters) / len(characters), tuple(characters))


@pytest.mark.parametrize(
    "text",
    [
        "LC2PVYHHONCK",
        "订单号:TXNY-20260607-P3E8",
        "2b2ptlfjmdn4d87a",
        "xl0wp46oikp|8iva",
        "单号 4FED3D1DB2COBA14AD32 复制",
    ],
)
def test_a_code_without_pattern_is_doubtful_however_sure_the_reader(text: str) -> None:
    assert rereadings([read(text)]) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "KM202606090334255080",
        "20260410220018",
        "2026-01-02 12:30:45",
        "充值成功",
        "实付款 ¥648.00",
        "iPhone 15 Pro",
        "K7M9Q",
    ],
)
def test_what_is_read_surely_and_has_a_pattern_is_not_read_again(text: str) -> None:
    assert rereadings([read(text)]) == []


@pytest.mark.parametrize("text", ["20260410220018", "2026071122.52:52", "订单号：260408-004125578819666", "¥1297.50"])
def test_one_weak_character_of_a_value_is_enough(text: str) -> None:
    assert rereadings([read(text, 0.69)]) == [0]
    assert rereadings([read(text, 0.71)]) == []


def test_a_weak_character_beside_the_value_says_nothing_of_it() -> None:
    assert rereadings([read("编号 20260410220018", 0.3, at=0)]) == []
    assert rereadings([read("充值成功，请查收", 0.3)]) == []


def test_codes_come_before_weak_numbers_and_weaker_before_stronger() -> None:
    lines = [read("20260410220018", 0.4), read("9R64PB958R2R"), read("商品"), read("E15AFA239E14AA10AB7C", 0.6)]
    assert rereadings(lines) == [3, 1, 0]
    assert rereadings(lines, 2) == [3, 1]


@given(st.lists(st.text(alphabet="0O1l2Z5S8BabKM-./ 订单", max_size=40), max_size=30))
def test_any_page_has_a_bounded_number_of_rereadings(texts: list[str]) -> None:
    lines = [Recognised(text, 0.5, (0.5,) * len(text)) if text else Recognised("", 0.0) for text in texts]
    chosen = rereadings(lines)
    assert len(chosen) == len(set(chosen)) <= MOST_REREADINGS
    assert all(any(character.isdigit() for character in texts[index]) for index in chosen)


def test_blanks_make_no_difference() -> None:
    assert same_text("G7AE- HDVQ- 9URP", "G7AE-HDVQ-9URP")
    assert not same_text("G7AE", "G7AF")


def page(*rows: str) -> np.ndarray:
    image = Image.new("RGB", (900, 120 * len(rows)), "white")
    for index, words in enumerate(rows):
        ImageDraw.Draw(image).text((40, 30 + 120 * index), words, font=ImageFont.load_default(44), fill="#333333")
    return np.asarray(image)


def test_the_second_reader_mends_a_code_and_the_first_stays_beside_it() -> None:
    """At a third of its size the tiny recogniser takes the 0 of this one for an O; the small one does not."""
    image = page("E4F0EDE78AF0087FDA86C1F7", "20260102123456")
    small = np.asarray(Image.fromarray(image).resize((300, 80), Image.Resampling.BILINEAR))
    once, twice = OnnxEngine(reread=False).read(small), OnnxEngine().read(small)
    assert [line.text for line in once] == ["E4FOEDE78AF0087FDA86C1F7", "20260102123456"]
    assert [(line.text, line.other) for line in twice] == [
        ("E4F0EDE78AF0087FDA86C1F7", "E4FOEDE78AF0087FDA86C1F7"),
        ("20260102123456", None),
    ]
    assert [line.box for line in once] == [line.box for line in twice]


def test_time_is_told_by_stage() -> None:
    stages = Stages()
    OnnxEngine().read(page("9R64PB958R2R", "PAID 12.50"), stages)
    assert {"detect", "recognise", "reread"} == set(stages.whole())
    for stage in ("detect", "recognise", "reread"):
        assert stages.wall[stage] >= stages.wall[f"{stage}.network"] > 0
    assert 0 < stages.networks <= sum(stages.cpu[stage] for stage in ("detect", "recognise", "reread"))


def test_a_stage_that_raises_is_counted() -> None:
    stages = Stages()
    with pytest.raises(ValueError, match="of no use"), stages("work"):
        raise ValueError("of no use")
    assert stages.wall["work"] >= 0
