from __future__ import annotations

from datetime import date

import pytest

from service.evidence.times import parse_time

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
