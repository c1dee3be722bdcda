from __future__ import annotations

import math

import pytest

from service.features import FEATURES
from service.scoring.format import Quantiles
from service.scoring.sentences import Phrasing, number

BY_NAME = {feature.name: feature for feature in FEATURES}
USUAL = Quantiles(q50=1, q90=3, q99=6)
NOTHING = Quantiles(q50=None, q90=None, q99=None)


@pytest.mark.parametrize(
    ("name", "value", "quantiles", "en", "zh"),
    [
        (
            "account_refunds_requested_30d",
            7,
            USUAL,
            "7 refund requests by the account in 30 days (more than 99 % of claims)",
            "账号近30天申请退款 7 次（高于99%的申请）",
        ),
        (
            "account_refunds_requested_30d",
            1,
            USUAL,
            "1 refund request by the account in 30 days (typical: 1)",
            "账号近30天申请退款 1 次（常见值1）",
        ),
        (
            "device_accounts_30d",
            4,
            USUAL,
            "4 accounts on this device in 30 days (more than 90 % of claims)",
            "近30天该设备上出现 4 个账号（高于90%的申请）",
        ),
        ("device_accounts_30d", 4, NOTHING, "4 accounts on this device in 30 days", "近30天该设备上出现 4 个账号"),
        (
            "device_accounts_30d",
            math.nan,
            USUAL,
            "Accounts seen on the device in 30 days: no device id given",
            "近30天同一设备上的账号数：未提供设备标识",
        ),
        ("amount_claimed", 1250, NOTHING, "¥1250.00 is claimed", "申请金额 1250.00元"),
        ("hours_since_delivery", 3.25, NOTHING, "Claimed 3.25 h after delivery", "交付后 3.25小时 申请"),
        ("hours_since_delivery", 72, NOTHING, "Claimed 3 days after delivery", "交付后 3天 申请"),
        ("account_age_days", 1, NOTHING, "The account is 1 day old", "账号注册 1天"),
        (
            "check_amount",
            2,
            USUAL,
            "Amount on the pages: contradicts the record",
            "截图金额：不符",
        ),
        ("reading_score_mean", 0.987, NOTHING, "Mean recognition score: 98.7 %", "平均识别置信度 98.7%"),
        (
            "paid_over_usual",
            8.5,
            NOTHING,
            "This order is 8.5 times the account's usual amount",
            "本单金额为账号平常的 8.5 倍",
        ),
    ],
)
def test_sentences(name: str, value: float, quantiles: Quantiles, en: str, zh: str) -> None:
    made = Phrasing(BY_NAME[name], quantiles).sentence(value)
    assert (made.en, made.zh) == (en, zh)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
@pytest.mark.parametrize("value", [0.0, 1.0, 2.5, -7.0, 1e15, math.nan])
def test_every_feature_has_words_for_every_value(feature, value: float) -> None:  # type: ignore[no-untyped-def]
    made = Phrasing(feature, USUAL).sentence(value)
    for text in (made.zh, made.en):
        assert text
        assert "{" not in text
        assert "nan" not in text.lower()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(7, "7"), (0.414, "0.41"), (3.6, "3.6"), (12.34, "12.3"), (1250.4, "1250"), (-0.001, "0"), (100, "100")],
)
def test_numbers_show_what_matters(value: float, shown: str) -> None:
    assert number(value) == shown
