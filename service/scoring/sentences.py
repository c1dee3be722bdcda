"""A feature's value as a sentence for reviewers: what it is, and how unusual."""

from __future__ import annotations

import math

from service.domain.assessment import Text
from service.features import Feature, Unit
from service.scoring.format import Quantiles

_HOURS_SHOWN = 48


def sentence(feature: Feature, value: float, quantiles: Quantiles) -> Text:
    """Both languages, e.g. "7 refund requests by the account in 30 days (more than 99 % of claims)"."""
    if math.isnan(value):
        why = feature.missing or Text(zh="未知", en="not known")
        return Text(zh=f"{feature.description.zh}：{why.zh}", en=f"{feature.description.en}: {why.en}")
    shown = in_words(feature, value)
    unusual = how_unusual(feature, value, quantiles)
    plural = "" if value == 1 else "s"
    return Text(
        zh=feature.sentence.zh.format(value=shown.zh) + unusual.zh,
        en=feature.sentence.en.format(value=shown.en, s=plural) + unusual.en,
    )


def in_words(feature: Feature, value: float) -> Text:
    """A value with its unit; a LEVEL by its word."""
    match feature.unit:
        case Unit.LEVEL:
            return feature.levels[min(max(round(value), 0), len(feature.levels) - 1)]
        case Unit.SHARE:
            return _same(f"{number(100 * value)}%", f"{number(100 * value)} %")
        case Unit.YUAN:
            return _same(f"{value:.2f}元", f"¥{value:.2f}")
        case Unit.DAYS:
            return _days(value)
        case Unit.HOURS:
            if abs(value) >= _HOURS_SHOWN:
                return _days(value / 24)
            return _same(f"{number(value)}小时", f"{number(value)} h")
        case Unit.COUNT | Unit.RATIO:
            return _same(number(value), number(value))


def how_unusual(feature: Feature, value: float, quantiles: Quantiles) -> Text:
    """In brackets, held against the training rows; empty where there is nothing to hold it against."""
    if feature.unit is Unit.LEVEL or quantiles.q50 is None or quantiles.q90 is None or quantiles.q99 is None:
        return Text(zh="", en="")
    for share, bound in ((99, quantiles.q99), (90, quantiles.q90)):
        if value > bound:
            return Text(zh=f"（高于{share}%的申请）", en=f" (more than {share} % of claims)")
    usual = in_words(feature, quantiles.q50)
    return Text(zh=f"（常见值{usual.zh}）", en=f" (typical: {usual.en})")


def number(value: float) -> str:
    """Three digits that matter, no trailing zeros: 7, 0.41, 3.6, 1250."""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _days(value: float) -> Text:
    shown = number(value)
    return _same(f"{shown}天", f"{shown} day" if shown == "1" else f"{shown} days")


def _same(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)
