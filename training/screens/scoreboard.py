"""Findings to rates: per field, layout and damage, with Wilson intervals and the plan's targets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.screens.compare import MEASURED, Finding, Verdict
from training.screens.compare_content import CONTENT
from training.screens.layouts import set_of

# Exact rates promised on layouts never tuned on: (undamaged, damaged).
TARGETS: Mapping[str, tuple[float, float]] = {
    "order_number": (0.99, 0.96),
    "amount": (0.99, 0.96),
    "ordered_at": (0.97, 0.97),
    "paid_at": (0.97, 0.97),
    "error_prompt": (0.95, 0.95),
    "product": (0.93, 0.93),
    "payee": (0.93, 0.93),
}
MOST_SURELY_WRONG = 0.005
_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``n`` with the 95 % Wilson interval."""

    hits: int
    n: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.n)

    def as_json(self) -> dict[str, Any]:
        low, high = self.interval
        rate = None if self.rate is None else round(self.rate, 4)
        return {"hits": self.hits, "n": self.n, "rate": rate, "low": round(low, 4), "high": round(high, 4)}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion; (0, 1) of nothing."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, _Z * _Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def exact(findings: Iterable[Finding]) -> Rate:
    """Share of the fields on the pages that were read exactly; what was invented is not among them."""
    shown = [finding for finding in findings if finding.verdict is not Verdict.INVENTED]
    return Rate(sum(finding.verdict is Verdict.RIGHT for finding in shown), len(shown))


def surely_wrong(findings: Iterable[Finding]) -> Rate:
    """Share of fields (on a page or invented) wrong with a score of 0.9 or more; page kinds and content apart."""
    fields = [finding for finding in findings if finding.field in MEASURED]
    return Rate(sum(finding.surely_wrong for finding in fields), len(fields))


def scoreboard(findings: Sequence[Finding], truths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Everything the tables show, ready for JSON. Rates are {hits, n, rate, low, high}."""

    def undamaged(finding: Finding) -> bool:
        return bool(truths[finding.file]["damage"] == "none")

    return {
        "pages": {
            "all": len(truths),
            "undamaged": sum(truth["damage"] == "none" for truth in truths.values()),
            "held_out": sum(truth["held_out"] for truth in truths.values()),
        },
        "sets": sorted({set_of(truth["layout"]) for truth in truths.values()}),
        "fields": {name: _field(name, findings, undamaged) for name in (*MEASURED, "page", *CONTENT)},
        "surely_wrong": {
            "all": surely_wrong(findings).as_json(),
            "undamaged": surely_wrong(filter(undamaged, findings)).as_json(),
            "damaged": surely_wrong(finding for finding in findings if not undamaged(finding)).as_json(),
            "target": MOST_SURELY_WRONG,
        },
        "layouts": _grouped(findings, truths, "layout"),
        "damages": _grouped(findings, truths, "damage"),
    }


def _field(name: str, findings: Iterable[Finding], undamaged: Callable[[Finding], bool]) -> dict[str, Any]:
    own = [finding for finding in findings if finding.field == name]
    target = TARGETS.get(name)
    counts = {verdict.value: sum(finding.verdict is verdict for finding in own) for verdict in Verdict}
    return {
        "undamaged": exact(filter(undamaged, own)).as_json() | {"target": target[0] if target else None},
        "damaged": exact(finding for finding in own if not undamaged(finding)).as_json()
        | {"target": target[1] if target else None},
        **counts,
        "surely_wrong": sum(finding.surely_wrong for finding in own),
    }


def _grouped(
    findings: Sequence[Finding], truths: Mapping[str, Mapping[str, Any]], by: str
) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(str(truths[finding.file][by]), []).append(finding)
    return {name: _group(own) for name, own in sorted(groups.items())}


def _group(own: Sequence[Finding]) -> dict[str, Any]:
    fields = [finding for finding in own if finding.field in MEASURED]
    by_field = {name: exact(finding for finding in fields if finding.field == name) for name in MEASURED}
    return {
        "pages": len({finding.file for finding in own}),
        "page": exact(finding for finding in own if finding.field == "page").as_json(),
        "fields": exact(fields).as_json(),
        "wrong": sum(finding.verdict is Verdict.WRONG for finding in fields),
        "missed": sum(finding.verdict is Verdict.MISSED for finding in fields),
        "invented": sum(finding.verdict is Verdict.INVENTED for finding in fields),
        "surely_wrong": sum(finding.surely_wrong for finding in fields),
        "by_field": {name: rate.as_json() for name, rate in by_field.items() if rate.n},
    }
