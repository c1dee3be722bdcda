"""Money and times to the last digit, or refused: what an import must never do is guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.money import exponent
from service.importing.values import MAX_AMOUNT, Refused, identifier, parse_minor, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


def reason(cell: object, unit: str = "major", currency: str = "CNY") -> str:
    with pytest.raises(Refused) as refused:
        parse_minor(cell, unit, currency)
    return refused.value.reason


@given(st.integers(0, MAX_AMOUNT), st.sampled_from(("CNY", "JPY", "BHD")))
def test_every_amount_comes_back_exactly(minor: int, currency: str) -> None:
    digits = exponent(currency)
    written = f"{Decimal(minor).scaleb(-digits):.{digits}f}"
    assert parse_minor(written, "major", currency) == minor
    assert parse_minor(Decimal(written), "major", currency) == minor
    assert parse_minor(str(minor), "minor", currency) == minor
    assert parse_minor(minor, "minor", currency) == minor
    assert parse_minor(float(written), "major", currency) == minor  # JSON has no other numbers


@given(st.decimals(min_value=0, max_value=10_000_000, places=5))
def test_what_is_finer_than_the_currency_is_never_rounded(amount: Decimal) -> None:
    text = f"{amount:f}"
    exact = amount * 100
    if exact == exact.to_integral_value():
        assert parse_minor(text, "major", "CNY") == int(exact)
    else:
        assert reason(text) == "finer_than_the_currency"


@given(st.text(max_size=30))
def test_no_text_makes_an_amount_but_a_plain_decimal(text: str) -> None:
    try:
        minor = parse_minor(text, "major", "CNY")
    except Refused:
        return
    assert text.isascii()
    assert Decimal(text) * 100 == minor


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-0.01", "negative_amount"), (-3, "negative_amount"), ("12.345", "finer_than_the_currency"),
        (0.1 + 0.2, "finer_than_the_currency"), ("1e3", "not_an_amount"), ("NaN", "not_an_amount"),
        (float("nan"), "not_an_amount"), (float("inf"), "not_an_amount"), (True, "not_an_amount"),
        ("1,234.00", "not_an_amount"), ("¥12.00", "not_an_amount"), ("１２.00", "not_an_amount"), ("", "not_an_amount"),
        ("=1+1", "not_an_amount"), ("12.00 ", "not_an_amount"), ("10000000.01", "amount_too_large"),
        ("9" * 400, "not_an_amount"), (b"12", "not_an_amount"), ([12], "not_an_amount"), (1e22, "not_an_amount"),
        (Decimal("NaN"), "not_an_amount"),
    ],
)  # fmt: skip
def test_amounts_that_are_refused(cell: object, expected: str) -> None:
    assert reason(cell) == expected


def test_minor_units_have_no_fraction() -> None:
    assert parse_minor("1200", "minor", "CNY") == 1200
    assert reason("12.00", "minor") == "not_an_amount"
    assert reason("12.50", currency="JPY") == "finer_than_the_currency"


moments = st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2199, 12, 30))  # noqa: DTZ001


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_a_time_with_its_offset_is_that_moment(naive: datetime, minutes: int) -> None:
    written = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_moment(written.isoformat(), "iso", SHANGHAI) == written.astimezone(UTC)
    assert parse_moment(written, "iso", SHANGHAI) == written.astimezone(UTC)


@given(moments)
def test_a_time_without_offset_is_of_the_zone_named(naive: datetime) -> None:
    whole = naive.replace(microsecond=0)
    expected = (whole - timedelta(hours=8)).replace(tzinfo=UTC)  # Shanghai has had no summer time since 1991
    assert parse_moment(f"{whole:%Y-%m-%d %H:%M:%S}", "iso", SHANGHAI) == expected
    assert parse_moment(f"{whole:%d/%m/%Y %H.%M.%S}", "%d/%m/%Y %H.%M.%S", SHANGHAI) == expected
    seconds = int(expected.timestamp())
    assert parse_moment(str(seconds), "epoch_seconds", SHANGHAI) == expected
    assert parse_moment(seconds * 1000, "epoch_milliseconds", SHANGHAI) == expected


@given(st.text(max_size=40), st.sampled_from(("iso", "epoch_seconds", "%Y/%m/%d %H:%M")))
def test_no_text_breaks_the_reading_of_times(text: str, pattern: str) -> None:
    try:
        found = parse_moment(text, pattern, SHANGHAI)
    except Refused:
        return
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-01-02", "not_a_time"), ("20260102", "not_a_time"), ("2026-W01-1", "not_a_time"), ("昨天", "not_a_time"),
        ("0000-00-00 00:00:00", "not_a_time"), ("2026-13-01 00:00:00", "not_a_time"),
        ("2026-02-30 00:00:00", "not_a_time"), ("2026-01-01T00:00:00+99:00", "not_a_time"), ("１２", "not_a_time"),
        ("1999-12-31T00:00:00Z", "time_out_of_range"), ("2200-01-02T00:00:00Z", "time_out_of_range"),
        ("9999-12-31T23:59:59-14:00", "not_a_time"), (date(2026, 1, 2), "not_a_time"), (1.5, "not_a_time"),
        ("2026-01-01 00:00:00" + " " * 500, "not_a_time"),
    ],
)  # fmt: skip
def test_times_that_are_refused(cell: object, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_moment(cell, "iso", SHANGHAI)
    assert refused.value.reason == expected


def test_an_hour_the_zone_has_twice_or_never_is_not_guessed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for wall in ("2026-10-25 02:30:00", "2026-03-29 02:30:00"):
        with pytest.raises(Refused) as refused:
            parse_moment(wall, "iso", berlin)
        assert refused.value.reason == "ambiguous_time"
    assert parse_moment("2026-10-25T02:30:00+01:00", "iso", berlin) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=cmd|' /C calc'!A0", "formula"), ("@SUM(1+1)", "formula"), ("+1+1", "formula"), ("-2+3", "formula"),
        ("2.02504E+14", "shortened_by_a_spreadsheet"), ("a\x00b", "not_printable"), ("a\u202eb", "not_printable"),
        ("a\udcffb", "not_utf8"), ("x" * 129, "too_long"), ("a\tb", "not_printable"), ("\x1b[2J", "not_printable"),
    ],
)  # fmt: skip
def test_ids_that_are_refused(text: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        identifier(text, "id")
    assert refused.value.reason == expected


@pytest.mark.parametrize("text", ["+8613800138000", "-1", "u-1", "订单1", "1E5X", "a+b@mail.com"])
def test_ids_that_only_look_odd_are_kept(text: str) -> None:
    assert identifier(text, "id") == text
