"""A feature's value as a sentence for reviewers: what it is, and how unusual."""

from __future__ import annotations

import math
from functools import lru_cache

from service.domain.assessment import Text
from service.features import Feature, Unit
from service.scoring.format import Quantiles

_HOURS_SHOWN = 48
_NOT_KNOWN = Text(zh="未知", en="not known")
_NOTHING = Text(zh="", en="")
_ABOVE_99 = Text(zh="（高于99%的申请）", en=" (more than 99 % of claims)")
_ABOVE_90 = Text(zh="（高于90%的申请）", en=" (more than 90 % of claims)")


class Phrasing:
    """Words for one feature, held against its quantiles over the training rows; prepared once per bundle."""

    def __init__(self, feature: Feature, quantiles: Quantiles) -> None:
        self._feature = feature
        # Most values are small counts: a claim's forty sentences are mostly those of the claims before it.
        self._phrased = lru_cache(maxsize=256)(self._phrase)
        missing = feature.missing or _NOT_KNOWN
        about = feature.description
        self._missing = Text(zh=f"{about.zh}：{missing.zh}", en=f"{about.en}: {missing.en}")
        self._q90, self._q99 = math.inf, math.inf
        self._usual = _NOTHING
        # The place of a word among its levels says nothing a reader would want to compare.
        if feature.unit is not Unit.LEVEL and quantiles.q50 is not None:
            self._q90 = math.inf if quantiles.q90 is None else quantiles.q90
            self._q99 = math.inf if quantiles.q99 is None else quantiles.q99
            usual = in_words(feature, quantiles.q50)
            self._usual = Text(zh=f"（常见值{usual.zh}）", en=f" (typical: {usual.en})")

    def sentence(self, value: float) -> Text:
        """Both languages, e.g. "7 refund requests by the account in 30 days (more than 99 % of claims)"."""
        if math.isnan(value):
            return self._missing
        return self._phrased(value + 0.0)  # the two zeros are one

    def _phrase(self, value: float) -> Text:
        shown, unusual = in_words(self._feature, value), self._how_unusual(value)
        template = self._feature.sentence
        return Text(
            zh=template.zh.format(value=shown.zh) + unusual.zh,
            en=template.en.format(value=shown.en, s="" if value == 1 else "s") + unusual.en,
        )

    def _how_unusual(self, value: float) -> Text:
        if value > self._q99:
            return _ABOVE_99
        return _ABOVE_90 if value > self._q90 else self._usual


def in_words(feature: Feature, value: float) -> Text:
    """A value with its unit; a LEVEL by its word."""
    match feature.unit:
        case Unit.LEVEL:
            return feature.levels[min(max(round(value), 0), len(feature.levels) - 1)]
        case Unit.COUNT | Unit.RATIO:
            shown = number(value)
            return Text(zh=shown, en=shown)
        case Unit.SHARE:
            shown = number(100 * value)
            return Text(zh=f"{shown}%", en=f"{shown} %")
        case Unit.YUAN:
            return Text(zh=f"{value:.2f}元", en=f"¥{value:.2f}")
        case Unit.DAYS:
            return _days(value)
        case Unit.HOURS:
            if abs(value) >= _HOURS_SHOWN:
                return _days(value / 24)
            shown = number(value)
            return Text(zh=f"{shown}小时", en=f"{shown} h")


def number(value: float) -> str:
    """Three digits that matter, no trailing zeros: 7, 0.41, 3.6, 1250."""
    if float(value).is_integer():
        return str(int(value))
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return "0" if text == "-0" else text


def _days(value: float) -> Text:
    shown = number(value)
    return Text(zh=f"{shown}天", en=f"{shown} day" if shown == "1" else f"{shown} days")
