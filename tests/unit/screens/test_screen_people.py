"""Synthetic people and conversations."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

import pytest

from training.screens.facts import Print
from training.screens.identity import check_digit, draw_identity
from training.screens.talk import draw_talk


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_check_digits_are_those_of_the_standards_examples(number: str) -> None:
    assert check_digit(number[:17]) == number[17]


@pytest.mark.parametrize("first", ["", "1234", "1101051949123100A", "110105194912310021"])
def test_a_check_digit_needs_seventeen_digits(first: str) -> None:
    with pytest.raises(ValueError, match="seventeen"):
        check_digit(first)


def test_cards_agree_with_themselves_and_belong_to_nobody() -> None:
    for seed in range(60):
        card = draw_identity(Random(seed))
        born = date(int(card.number[6:10]), int(card.number[10:12]), int(card.number[12:14]))
        assert card.number[4:6] == "99"
        assert card.number[17] == check_digit(card.number[:17])
        assert card.born == f"{born.year}年{born.month}月{born.day}日"
        assert card.sex == ("男" if int(card.number[16]) % 2 else "女")
        assert any(word in card.name for word in ("样本", "示例", "测试", "虚构", "范例"))


def test_conversations_go_forward_and_held_out_ones_are_others() -> None:
    start = datetime.fromisoformat("2026-03-01T10:00:00")
    kinds = [("first", True), ("first", False), ("breadth", False), ("second", True), ("third", True), ("fourth", True)]
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for seed in range(40):
        for pool, held_out in kinds:
            talk = draw_talk(Random(seed), "zh", start, held_out=held_out, pool=pool)
            assert {"buyer", "support"} <= {message.who for message in talk} <= {"buyer", "support", "system"}
            assert [message.at[-5:] for message in talk] == sorted(message.at[-5:] for message in talk)
            assert all(message.who == "support" for message in talk if message.promise)
            said[held_out] |= {message.text for message in talk}
    assert not said[True] & said[False]
    assert all(said.values())


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-03-07T09:05:08", "今天 09:05"),
        ("2026-03-06T23:59:00", "昨天 23:59"),
        ("2026-02-07T00:00:00", "02-07 00:00"),
    ],
)
def test_days_near_the_capture_are_named(moment: str, text: str) -> None:
    style = Print(time="{day} %H:%M", money="{n}", today=date(2026, 3, 7))
    assert style.moment(datetime.fromisoformat(moment)) == text
