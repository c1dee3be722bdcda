"""What speaks against a value lowers its score and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, read, right, rows, values_of

from service.domain.evidence import Field, FieldName, Line
from service.evidence import extract
from service.evidence.normalise import doubtful_letters

AS_OF = date(2026, 11, 20)


def field(name: FieldName, *lines: Line) -> Field:
    return extract(read(*lines), as_of=AS_OF).fields[name]


def order(*pairs: tuple[str, str]) -> list[Line]:
    return [middle("订单详情", 100, height=48), *rows(("订单编号", "8820261103210405771"), *pairs, top=200)]


def test_a_bill_s_large_amount_against_its_labelled_one() -> None:
    bill = [middle("账单详情", 60, height=48), middle("-39.00", 200, height=100)]
    pairs = rows(("支付金额", "¥89.00"), ("支付时间", "2026-11-03 21:04:05"), ("交易单号", "4200001823202304112345"))
    found = field(FieldName.AMOUNT, *bill, *pairs)
    assert (found.value, found.note) == (8900, "the large amount says 3900")
    assert found.score < 0.9


def test_a_sum_one_digit_from_what_the_page_s_own_sums_leave() -> None:
    found = field(FieldName.AMOUNT, *order(("商品总价", "¥49.00"), ("优惠", "-¥10.00"), ("实付款", "¥89.00")))
    assert "3900" in found.note
    assert found.score < 0.9
    right_one = field(FieldName.AMOUNT, *order(("商品总价", "¥49.00"), ("优惠", "-¥10.00"), ("实付款", "¥39.00")))
    assert right_one.note == ""


def test_paid_before_it_was_ordered_and_later_than_it_was_sent() -> None:
    early = order(("下单时间", "2026-11-03 21:04:05"), ("付款时间", "2026-11-02 21:04:05"))
    assert "before" in field(FieldName.PAID_AT, *early).note
    late = order(("下单时间", "2028-11-03 21:04:05"))
    assert field(FieldName.ORDERED_AT, *late).score < 0.9


def test_a_step_that_dates_the_same_deed_otherwise() -> None:
    steps = [line("提交订单", 60, 700), line("2026-11-03 21:09:05", 60, 750)]
    found = field(FieldName.ORDERED_AT, *order(("下单时间", "2026-11-03 21:04:05")), *steps)
    assert "21:09:05" in found.note
    assert found.score < 0.9


def test_the_second_reader_sees_another_digit() -> None:
    shown = order(("实付款", "¥39.00"))
    disputed = [replace(one, other=one.text.replace("771", "711")) for one in shown]
    found = field(FieldName.ORDER_NUMBER, *disputed)
    assert found.score < 0.85
    assert "8820261103210405711" in found.note
    assert field(FieldName.AMOUNT, *disputed).note == ""


@pytest.mark.parametrize("number", ["ZHOFMHH9DEND", "T20251008ZVLOPC", "R7K2QXM94L", "JFYRCHLAUAEO", "TO2025041100"])
def test_letters_that_may_be_digits(number: str) -> None:
    assert doubtful_letters(number)


@pytest.mark.parametrize(
    "number", ["2025041100012345", "T2025041100012345", "NO2025041100", "ab12cd34ef56", "KM-20250411-01"]
)
def test_letters_that_leave_no_doubt(number: str) -> None:
    assert not doubtful_letters(number)


@pytest.mark.parametrize("cut", ["T20250411000…", "T20250411000...", "T2025****0123"])
def test_a_number_cut_short_is_absent(cut: str) -> None:
    page = extract(read(middle("订单详情", 100, height=48), line("订单编号", 60, 200), right(cut, 1020, 200)))
    assert FieldName.ORDER_NUMBER not in page.fields


@pytest.mark.parametrize("name", ["云帆月卡【自动充值", "云帆月卡（安卓/苹", "Larkspur Pass (Season 2"])
def test_a_bracket_that_was_not_read_leaves_the_name_in_doubt(name: str) -> None:
    goods = rows(("商品名称", name), ("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"))
    found = page_of(*STATUS_BAR, middle("订单详情", 110), *goods).fields[FieldName.PRODUCT]
    assert found.score < 0.9
    assert "bracket" in found.note


@pytest.mark.parametrize(
    ("seen", "name"), [("星辰月卡(安卓/1OS)", "星辰月卡(安卓/IOS)"), ("星辰周卡 l0S区", "星辰周卡 IOS区")]
)
def test_a_word_of_one_shape_is_mended(seen: str, name: str) -> None:
    goods = rows(("商品名称", seen), ("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"))
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *goods)["product"] == name


@pytest.mark.parametrize("seen", ["云川川银行储蓄卡(5540)", "云川|银行储蓄卡(5540)", "云川银行储蓄卡(5540)"])
def test_strokes_seen_twice_are_one_character(seen: str) -> None:
    facts = rows(("支付方式", seen), ("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"))
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *facts)["payment_method"] == "云川银行储蓄卡(5540)"


def test_two_characters_of_one_kind_stay_two() -> None:
    facts = rows(("商品名称", "四川川味火锅券"), ("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"))
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *facts)["product"] == "四川川味火锅券"
