"""Badges before a title: beside its first line, run together with it, and over lines that begin under them."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, read, right, rows

from service.domain.evidence import Line
from service.evidence import extract

RECORD = rows(("订单编号", "DD26010327834078"), ("创建时间", "2026-01-03 18:02:44"), ("付款方式", "云闪付"), top=1000)


def product(*lines: Line) -> object:
    page = extract(read(line("订单详情", 40, 100), *lines, *RECORD), as_of=date(2026, 8, 31))
    found = {name.value: field.value for name, field in page.fields.items()}
    return found.get("product")


@pytest.mark.parametrize("badge", ["自动发货", "自营", "Instant"])
def test_only_the_first_line_stands_behind_its_badge(badge: str) -> None:
    first = line(badge, 360, 500, height=30)
    seen = product(
        line("云岭数卡专营店>", 60, 400),
        right("进店", 1020, 400),
        first,
        line("【秒发】腾云方", first.box.x1 + 14, 496),
        right("¥648.00", 1020, 496),
        line("舟全球版激活码支持正版", 360, 556),
        right("×1", 1020, 556),
        line("安卓平台激活各区通用不", 360, 616),
        line("实付金额", 60, 860),
        right("¥645.22", 1020, 860),
    )
    assert seen == "【秒发】腾云方舟全球版激活码支持正版安卓平台激活各区通用不"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("百亿补贴腾云会员黄金季卡", "腾云会员黄金季卡"),
        ("自营 腾云会员黄金季卡", "腾云会员黄金季卡"),
        ("InstantLarkspur Gift Card 50", "Larkspur Gift Card 50"),
        ("Instant Delivery Larkspur Gift Card 50", "Larkspur Gift Card 50"),
        ("Instant Gaming Gift Card 50", "Instant Gaming Gift Card 50"),
        ("自动挡车月卡会员", "自动挡车月卡会员"),
    ],
)
def test_a_badge_run_together_with_the_title_is_no_part_of_it(printed: str, name: str) -> None:
    seen = product(
        line(printed, 360, 496),
        right("¥48.00", 1020, 496),
        right("×1", 1020, 556),
        line("实付金额", 60, 860),
        right("¥45.22", 1020, 860),
    )
    assert seen == name


def test_goods_whose_line_ends_like_a_shops_name_go_on_under_it() -> None:
    seen = product(
        line("Moonvale Ark Digital", 360, 496),
        right("¥15.00", 1020, 496),
        line("Soundtrack + Artbook", 360, 552),
        right("×1", 1020, 552),
        line("Paid", 60, 860),
        right("¥15.00", 1020, 860),
    )
    assert seen == "Moonvale Ark Digital Soundtrack + Artbook"


@pytest.mark.parametrize("word", ["Handling", "包装"])
def test_a_sum_beside_a_word_of_its_own_is_not_the_next_keys(word: str) -> None:
    page = extract(
        read(
            line("Order details", 40, 100),
            line(word, 60, 600),
            right("¥0.00", 1020, 601),
            line("Paid", 60, 676),
            right("¥15.00", 1020, 664, height=60),
            right("+39 points", 1020, 740, height=38),
            *RECORD,
        ),
        as_of=date(2026, 8, 31),
    )
    assert {name.value: field.value for name, field in page.fields.items()}["amount"] == 1500
