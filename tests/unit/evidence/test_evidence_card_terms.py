from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, rows

from service.domain.evidence import FieldName
from service.evidence import extract
from service.evidence.card_terms import end_of_validity

HEAD = middle("订单详情", 110)


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([("面值", "100元")], 10000),
        ([("卡面值", "¥50.00")], 5000),
        ([("充值面额", "30.00元")], 3000),
        ([("面额：", "¥1,000")], 100000),
        ([("Face value", "CNY 25.00")], 2500),
        ([("充值金额", "100元"), ("实付款", "¥99.50")], 10000),
        ([("充值金额", "100元")], None),  # may be what was paid
        ([("单价", "¥100.00")], None),
        ([("面值", "100点")], None),
        ([("面值", "100元"), ("卡面值", "200元")], None),
    ],
)
def test_face_value_where_it_is_named(pairs: list[tuple[str, str]], value: int | None) -> None:
    found = extract(read(HEAD, *rows(("订单编号", "T20250411000123"), *pairs))).fields
    assert (found[FieldName.FACE_VALUE].value if FieldName.FACE_VALUE in found else None) == value


def test_a_title_that_says_the_face_value() -> None:
    page = read(HEAD, line("骏网一卡通 面值100元 自动发卡", 60, 300), *rows(("订单编号", "T20250411000123")))
    assert extract(page).fields[FieldName.FACE_VALUE].value == 10000
    without = read(HEAD, line("骏网一卡通100元 自动发卡", 60, 300), *rows(("订单编号", "T20250411000123")))
    assert FieldName.FACE_VALUE not in extract(without).fields


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        (("有效期至", "2026-12-31"), "2026-12-31"),
        (("有效期", "2026.01.01-2026.12.31"), "2026-12-31"),
        (("有效期", "2026-01-01 至 2026-12-31 23:59"), "2026-12-31T23:59"),
        (("到期时间", "2026年3月5日 08:00:00"), "2026-03-05T08:00:00"),
        (("会员到期时间", "2026/03/05"), "2026-03-05"),
        (("有效期", "永久有效"), "long_term"),
        (("有效期限", "长期"), "long_term"),
        (("Valid until", "Dec 31, 2026"), "2026-12-31"),
        (("Expires", "Never"), "long_term"),
        (("有效期", "30天"), None),
        (("有效期", "2026年1月1日-2026年12月31日"), "2026-12-31"),
        (("使用期限", "2026/12/31 23:59"), "2026-12-31T23:59"),
        (("截止日期", "2026.12.31"), "2026-12-31"),
        (("过期时间", "2026-12-31 23:59:59"), "2026-12-31T23:59:59"),
        (("兑换截止时间", "2026-12-31"), "2026-12-31"),
        (("失效日期", "20261231"), "2026-12-31"),
        (("最晚使用时间", "2026年12月31日"), "2026-12-31"),
        (("Valid through", "31 Dec 2026"), "2026-12-31"),
        (("Exp.", "2026-12-31"), "2026-12-31"),
        (("Expiry date", "December 31, 2026"), "2026-12-31"),
        (("有效期", "领取后30天有效"), None),
        (("有效期", "自激活之日起1年"), None),
        (("有效期至", "12-31"), None),  # of which year, only the day of capture says
        (("发货时间", "2026-03-05"), None),
    ],
)
def test_the_end_of_validity(pair: tuple[str, str], value: str | None) -> None:
    found = extract(read(HEAD, *rows(("订单编号", "T20250411000123"), pair))).fields
    assert (found[FieldName.VALID_UNTIL].value if FieldName.VALID_UNTIL in found else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("请于2026年5月1日前使用，逾期作废", "2026-05-01"),
        ("请在2026-05-01前完成兑换", "2026-05-01"),
        ("有效期：2026年1月1日-2026年12月31日", "2026-12-31"),
        ("有效期2026.01.01至2026.12.31", "2026-12-31"),
        ("2026-05-01 23:59到期", "2026-05-01T23:59"),
        ("Valid through 31 Dec 2026", "2026-12-31"),
        ("exp. 2026/12/31", "2026-12-31"),
        ("Redeem by December 31, 2026", "2026-12-31"),
        ("会员有效期至2026-04-11", "2026-04-11"),
        ("Expires on 2026-04-11", "2026-04-11"),
    ],
)
def test_validity_in_a_sentence(text: str, value: str) -> None:
    page = read(middle("激活成功", 300), line(text, 60, 500))
    assert extract(page).fields[FieldName.VALID_UNTIL].value == value


@pytest.mark.parametrize("text", ["2026-13-45", "有效", "", "至", "2026", "12-31"])
def test_what_is_no_date_ends_nothing(text: str) -> None:
    assert end_of_validity(text) is None


@pytest.mark.parametrize("text", ["领取后30天有效", "预计2026-05-01前发货", "退款将于2026年5月1日前到账"])
def test_no_day_of_validity_is_told(text: str) -> None:
    page = read(middle("激活成功", 300), line(text, 60, 500))
    assert FieldName.VALID_UNTIL not in extract(page).fields


@pytest.mark.parametrize(
    ("term", "value"), [("12-31", "2025-12-31"), ("12月31日 23:59", "2025-12-31T23:59"), ("04-11", None), ("3天", None)]
)
def test_a_term_without_its_year_ends_after_the_capture(term: str, value: str | None) -> None:
    assert end_of_validity(term, date(2025, 4, 12)) == value


def test_a_blank_read_as_a_point_leaves_the_clock_of_an_end() -> None:
    assert end_of_validity("2027-02-03.15:21:38") == "2027-02-03T15:21:38"
