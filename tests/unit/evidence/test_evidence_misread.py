"""Characters and marks a small or blurred print loses: the colon of a clock, the yuan sign, one letter of a key."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, rows

from service.domain.evidence import FieldName, Page
from service.evidence import extract
from service.evidence.amounts import parse_amount
from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.times import moment_span, parse_time

AS_OF = date(2026, 12, 1)
CERTAIN = 0.9


def seen(*pairs: tuple[str, str]) -> Page:
    return extract(read(line("14:16", 60, 20), middle("订单详情", 110), *rows(*pairs)), as_of=AS_OF)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2025-11-23 07.32", "2025-11-23T07:32"), ("2026年5月30日20.21", "2026-05-30T20:21"),
        ("2026/01/1920.25", "2026-01-19T20:25"), ("9月24日2207", "2026-09-24T22:07"),
        ("08-12 23.30", "2026-08-12T23:30"),
        ("Apr 15, 2026, 2051", "2026-04-15T20:51"), ("Sep 28, 2026 09.15", "2026-09-28T09:15"),
    ],
)  # fmt: skip
def test_a_clock_without_its_colon_is_read_with_doubt(printed: str, iso: str) -> None:
    moment = parse_time(printed, as_of=AS_OF)
    assert moment is not None
    assert (moment.iso, moment.loose) == (iso, True)
    field = seen(("订单编号", "T20251027000123"), ("下单时间", printed)).fields[FieldName.ORDERED_AT]
    assert field.value == iso
    assert field.score < CERTAIN


@pytest.mark.parametrize("printed", ["2026-01-19 99.50", "2026-05-30 1298", "2026.01.19", "2026-01-1912"])
def test_a_price_or_a_number_behind_a_day_is_no_clock(printed: str) -> None:
    moment = parse_time(printed, as_of=AS_OF)
    assert moment is None or moment.time is None


def test_the_number_of_a_hotline_holds_no_year() -> None:
    text = "支付时间2026年6月5日06:42,感谢您的惠顾,客服热线400-160-2090"
    span = moment_span(text)
    assert span is not None
    assert text[slice(*span)] == "2026年6月5日06:42"


def test_the_yuan_sign_is_read_as_a_letter() -> None:
    amount = parse_amount("V1,295.30")
    assert amount is not None
    assert (amount.minor, amount.currency) == (129530, "CNY")
    assert seen(("订单编号", "T20251027000123"), ("实付金额", "V100.00")).fields[FieldName.AMOUNT].value == 10000
    assert [parse_amount(text) for text in ("V1", "LV20.00")] == [None, None]


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("付款时夫", Label.PAID_AT), ("创健时间", Label.CREATED_AT), ("购头时间", Label.ORDERED_AT),
        ("商户汀单号", Label.MERCHANT_NUMBER),
    ],
)  # fmt: skip
def test_a_common_key_with_one_character_misread_is_still_that_key(misread: str, meant: Label) -> None:
    [hit] = hits_in(misread)
    assert hit.label is meant


@pytest.mark.parametrize("key", ["夫付金额", "迟款金额", "文付账号", "迟款时间", "付款卡号"])
def test_a_key_that_may_mean_two_things_is_not_guessed(key: str) -> None:
    told = {hit.label for hit in hits_in(key)}
    ours = {Label.ORDER_NUMBER, Label.TRADE_NUMBER, Label.PAID, Label.PAYMENT_AMOUNT, Label.PAID_AT, Label.ORDERED_AT}
    assert told.isdisjoint(ours)
