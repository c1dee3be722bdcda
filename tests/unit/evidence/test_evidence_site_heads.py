"""Whose site it is: the name in its head, and what its foot says besides."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line
from service.evidence import extract

RECORD = rows(
    ("订单号", "QL44522791950453"), ("商品名称", "腾云会员月卡"), ("实付款", "¥9.50"), ("状态", "已完成"), top=600
)


def mark(*lines: Line) -> tuple[str, bool] | None:
    field = extract(read(*lines), as_of=date(2026, 8, 31)).fields.get(FieldName.PLATFORM_MARK)
    return (str(field.value), field.score > 0.88) if field else None


@pytest.mark.parametrize(
    "foot",
    [
        "©2016–2026 青橄支付 支付业务许可证 Z2094815746982",
        "© 2019-2026 青橄支付 沪ICP备2021001234号",
        "Copyright 2026 青橄支付 增值电信业务经营许可证 B2-20210011",
    ],
)
def test_a_licence_is_no_part_of_the_name(foot: str) -> None:
    assert mark(*RECORD, middle(foot, 1900)) == ("青橄支付", True)


@pytest.mark.parametrize(
    "foot", ["© 2014-2026 Larkspay PCI DSS Level 1 · License 985608", "© 2026 Larkspay licensed by the FCA"]
)
def test_an_english_licence_is_none_either(foot: str) -> None:
    assert mark(*RECORD, middle(foot, 1900)) == ("Larkspay", True)


@pytest.mark.parametrize("menu", ["三", "≡"])
@pytest.mark.parametrize("name", ["青橄数卡", "云岭软件", "Larkspur Arcade"])
def test_a_sites_name_stands_before_its_menu(name: str, menu: str) -> None:
    head = [line("09:41", 40, 20), line("三□", 950, 20, score=0.6), line(name, 40, 130), right(menu, 1020, 130)]
    assert mark(*head, *RECORD, middle("Powered by Cardmill v7.4", 1900)) == (name, True)


def test_whose_software_it_is_counts_for_want_of_better_and_is_not_sure() -> None:
    assert mark(*RECORD, middle("Powered by Cardmill v7.4 Support chat 67638", 1900)) == ("Cardmill", False)


@pytest.mark.parametrize("head", ["青橄钱包|收银台", "青橄钱包 | 安全支付", "青橄钱包 · 官方网站"])
def test_what_the_site_does_stands_behind_its_name(head: str) -> None:
    assert mark(line(head, 90, 14), *RECORD, middle("©2016–2026 青概钱包", 1900)) == ("青橄钱包", True)


def test_navigation_read_as_one_line_is_navigation() -> None:
    head = [line("Larkspur Arcade", 40, 20), line("Home Track order Complaints Login", 700, 20)]
    assert mark(*head, *RECORD) == ("Larkspur Arcade", True)


def test_an_amount_in_a_bracket_is_no_address() -> None:
    assert mark(line("Total pid (97.00", 500, 260), *RECORD) is None
