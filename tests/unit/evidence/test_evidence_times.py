from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from evidence_samples import middle, read, rows

from service.domain.checks import Result
from service.domain.evidence import Box, Field, FieldName
from service.evidence import extract
from service.evidence.compare import compare_moment
from service.evidence.times import is_moment, moment_span, parse_time

AS_OF = date(2025, 4, 12)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2025-04-11 07:48:30", "2025-04-11T07:48:30"),
        ("2025-04-1107:48:30", "2025-04-11T07:48:30"),
        ("202504-11 07:48:30", "2025-04-11T07:48:30"),
        ("2025-04-11 074830", "2025-04-11T07:48:30"),
        ("2025-04-11 07:4830", "2025-04-11T07:48:30"),
        ("2025-04-1 107:48:30", "2025-04-11T07:48:30"),
        ("2025-04-11 O7:48:3O", "2025-04-11T07:48:30"),
        ("2025年4月11日 07:48", "2025-04-11T07:48"),
        ("2025年04月11日07时48分30秒", "2025-04-11T07:48:30"),
        ("2025年4月11日 下午7:48", "2025-04-11T19:48"),
        ("2025年4月11日星期五 07:48", "2025-04-11T07:48"),
        ("2025/4/1 7:48", "2025-04-01T07:48"),
        ("2025.04.11", "2025-04-11"),
        ("20250411074830", "2025-04-11T07:48:30"),
        ("2025-04-11T07:48:30+08:00", "2025-04-11T07:48:30"),
        ("Apr 11, 2025 7:48 PM", "2025-04-11T19:48"),
        ("Apr11,20257:48PM", "2025-04-11T19:48"),
        ("11 April 2025, 19:48", "2025-04-11T19:48"),
        ("Fri, Apr 11, 2025 at 12:05:03 AM", "2025-04-11T00:05:03"),
        ("19:48, 11 April 2025", "2025-04-11T19:48"),
        ("04/11/2025 7:48 PM", "2025-04-11T19:48"),
        ("13/04/2025 19:48", "2025-04-13T19:48"),
        ("11.04.2025 19:48", "2025-04-11T19:48"),
        ("25-04-11 19:48", "2025-04-11T19:48"),
        ("2025-04-11-19.48.30", "2025-04-11T19:48:30"),
        ("2025-04-11 1948", "2025-04-11T19:48"),
        ("2025,04,11 19:48", "2025-04-11T19:48"),
        ("2025711/11 19:48", "2025-11-11T19:48"),
        ("2025-O4-11 19:48", "2025-04-11T19:48"),
        ("民國114年4月11日", "2025-04-11"),
        ("民國 114 年 4 月 11 日 下午 7:48", "2025-04-11T19:48"),
        ("民國98/04/11", "2009-04-11"),
        ("114年4月11日 19:48", "2025-04-11T19:48"),
        ("114/04/11 19:48:30", "2025-04-11T19:48:30"),
        ("114.04.11 19:48", "2025-04-11T19:48"),
        ("4/21/25", "2025-04-21"),
        ("4/11/25, 7:48 PM", "2025-04-11T19:48"),
        ("04/21/25 19:48", "2025-04-21T19:48"),
    ],
)
def test_a_printed_moment_needs_no_help(printed: str, iso: str) -> None:
    found = parse_time(printed)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("04-11 07:48", "2025-04-11T07:48"),
        ("4月11日 07:48", "2025-04-11T07:48"),
        ("12月30日", "2024-12-30"),
        ("昨天 22:10", "2025-04-11T22:10"),
        ("今天07:48:01", "2025-04-12T07:48:01"),
        ("Yesterday 7:48 PM", "2025-04-11T19:48"),
        ("Apr 11, 19:48", "2025-04-11T19:48"),
        ("04-1107:48", "2025-04-11T07:48"),
        ("星期五 07:48", "2025-04-11T07:48"),
        ("Friday 07:48", "2025-04-11T07:48"),
        ("昨晚 22:10", "2025-04-11T22:10"),
        ("昨晚10:10", "2025-04-11T22:10"),
        ("前晚 9:05", "2025-04-10T21:05"),
        ("昨夜里 11:40", "2025-04-11T23:40"),
        ("今早 7:48", "2025-04-12T07:48"),
        ("今晨06:02:11", "2025-04-12T06:02:11"),
    ],
)
def test_a_date_without_a_year_needs_the_day_it_was_seen(printed: str, iso: str) -> None:
    assert parse_time(printed) is None
    found = parse_time(printed, as_of=AS_OF)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    "text",
    ["", "15018513167", "2019011822001411721012319532", "07:48", "04/05/2025", "2025-13-41", "01时10分54秒", "39.00"],
)
def test_what_is_no_date_or_could_be_two_is_none(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-11 19:48~20:00",
        "2025-04-11 - 2025-05-11",
        "2025-04-11 19:48-20:00",
        "2025-04-11 19:48-20:00:00",
        "2025-04-11 19:48:30 BST",
        "2025-04-11 19:48:30 GMT+17",
        "2025-04-11T19:48:30-05:17",
        "24-04-25 10:00",
        "上周五 19:48",
        "星期六 19:48",
        "2025-04-11 1",
        "2025-04-11 07:",
        "4/5/24",
        "18/3/24",
        "24/04/25",
        "114/04/11",
        "民國114年13月1日",
        "昨晚 12:30",
        "昨晚 01:20",
        "今晚",
    ],
)
def test_spans_zones_nobody_can_tell_and_half_clocks_are_none(text: str) -> None:
    assert parse_time(text, as_of=AS_OF) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20T08:00:00.123Z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20 08:00 (UTC)", "2026-11-20T08:00+00:00"),
        ("Nov 20, 2026 3:00 AM PST", "2026-11-20T03:00-08:00"),
        ("2026-11-20T03:00:00-05:00", "2026-11-20T03:00:00-05:00"),
        ("2026-11-20 13:30 GMT+5:30", "2026-11-20T13:30+05:30"),
        ("2026-11-20 17:00 JST", "2026-11-20T17:00+09:00"),
        ("2026-11-20 16:00:00 (UTC+8)", "2026-11-20T16:00:00"),
        ("2026-11-20 16:00:00 UTC+08:00", "2026-11-20T16:00:00"),
        ("2026-11-20T16:00:00+0800", "2026-11-20T16:00:00"),
        ("2026-11-20 16:00 HKT", "2026-11-20T16:00"),
    ],
)
def test_a_zone_that_is_written_is_read_and_china_s_is_not_told_again(text: str, iso: str) -> None:
    printed = parse_time(text)
    assert printed is not None
    assert printed.iso == iso
    assert is_moment(text)
    assert moment_span(f"Paid: {text} by card") == (6, 6 + len(text))


def test_the_digits_of_a_code_are_no_day() -> None:
    assert moment_span("订单AB20261120XK6已于11月20日 20:42支付") == (17, 29)
    assert moment_span("20261120 16:00") == (0, 14)


@pytest.mark.parametrize(
    ("printed", "result"),
    [
        ("2025-04-10T23:48:30Z", Result.PASS),
        ("2025-04-10 23:48 UTC", Result.PASS),
        ("2025-04-11 07:48:30 UTC+8", Result.PASS),
        ("2025-04-11T07:48:30Z", Result.FAIL),
    ],
)
def test_a_time_of_another_zone_is_held_against_the_record_by_its_moment(printed: str, result: Result) -> None:
    """The record says 2025-04-10 23:48:30 UTC, which is 07:48:30 of the next day in China."""
    moment = parse_time(printed)
    assert moment is not None
    field = Field(name=FieldName.ORDERED_AT, value=moment.iso, text=printed, score=0.99, box=Box(0, 0, 9, 9))
    record = datetime(2025, 4, 10, 23, 48, 30, tzinfo=UTC)
    for zone in ("Asia/Shanghai", "Europe/Berlin"):
        if zone == "Europe/Berlin" and moment.offset is None:
            continue  # local time is the platform's
        found = compare_moment(field, record, ZoneInfo(zone), timedelta(seconds=60))
        assert found.result is result


def test_an_order_in_two_zones_is_no_payment_before_its_order() -> None:
    facts = rows(
        ("Order number", "T20250411000123"), ("Order date", "2025-04-11 07:48:30"), ("Paid on", "2025-04-10T23:49:02Z")
    )
    fields = extract(read(middle("Order details", 110), *facts), as_of=AS_OF).fields
    assert fields[FieldName.PAID_AT].value == "2025-04-10T23:49:02+00:00"
    assert fields[FieldName.PAID_AT].score >= 0.9
    assert fields[FieldName.ORDERED_AT].score >= 0.9
