"""What people decided, when, and what came to light afterwards; and the labels an observer can draw from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulator.calendar import DAY, HOUR, Span
from training.simulator.claiming import AFTER_USE, Claims
from training.simulator.evidence import FAIL, Findings
from training.simulator.parameters import Parameters
from training.simulator.streams import Flags, Floats, Integers, Random, log_normal


@dataclass(frozen=True, slots=True)
class Reviews:
    """Per claim; moments are seconds since the span's start, NaN for never.

    ``decided``/``granted``: the first decision. ``overturned``: a rejection reversed on appeal. ``found_wrong``,
    ``charged_back``: when a wrong grant or a parallel payment dispute was learned of.
    """

    reviewer: Integers
    decided: Floats
    granted: Flags
    overturned: Floats
    found_wrong: Floats
    charged_back: Floats


def make_reviews(parameters: Parameters, claims: Claims, findings: Findings, random: Random) -> Reviews:
    count = len(claims)
    wrong = claims.due < 0.5
    reviewers = parameters.whole("reviewing.reviewers")
    reviewer = random.integers(0, reviewers, count)
    spread = np.exp(random.normal(0.0, parameters.number("reviewing.reviewer_spread"), reviewers))[reviewer]
    granted = _granted(parameters, wrong, (findings.ranks == FAIL).any(axis=1), spread, random)
    decided = claims.claimed + _delay(parameters, claims, random)
    appealed = ~wrong & ~granted & (random.random(count) < parameters.number("reviewing.appealed"))
    overturned = appealed & (random.random(count) < parameters.number("reviewing.overturned"))
    appeal = decided + random.uniform(*parameters.pair("reviewing.appeal_days"), count) * DAY
    paid_wrongly = wrong & granted
    found = paid_wrongly & (random.random(count) < parameters.number("reviewing.wrong_found"))
    finding = decided + random.exponential(parameters.number("reviewing.wrong_days"), count) * DAY
    disputed = (
        paid_wrongly & (claims.cause >= AFTER_USE) & (random.random(count) < parameters.number("reviewing.chargeback"))
    )
    dispute = decided + random.uniform(*parameters.pair("reviewing.chargeback_days"), count) * DAY
    return Reviews(
        reviewer=reviewer,
        decided=decided,
        granted=granted,
        overturned=np.where(overturned, appeal, np.nan),
        found_wrong=np.where(found, finding, np.nan),
        charged_back=np.where(disputed, dispute, np.nan),
    )


def _granted(parameters: Parameters, wrong: Flags, contradicted: Flags, spread: Floats, random: Random) -> Flags:
    def rate(name: str) -> float:
        return parameters.number(f"reviewing.{name}")

    # Where contradictions mean nothing, reviewers know it.
    strength = parameters.number("signal.strength")
    right = rate("grants_due") + strength * contradicted * (rate("grants_due_failed") - rate("grants_due"))
    mistaken = rate("grants_undue") + strength * contradicted * (rate("grants_undue_failed") - rate("grants_undue"))
    error = np.where(wrong, mistaken, 1.0 - right) * spread
    errs = random.random(len(wrong)) < np.minimum(error, 0.9)
    return np.asarray(wrong == errs, dtype=np.bool_)


def _delay(parameters: Parameters, claims: Claims, random: Random) -> Floats:
    day = (claims.claimed // DAY).astype(np.int64)
    load = np.bincount(day) / max(1.0, len(claims) / (day.max() + 1)) if len(day) else np.ones(1)
    median, sigma = parameters.pair("reviewing.delay")
    slower = 1.0 + parameters.number("reviewing.load_factor") * np.log2(np.maximum(load, 1.0))
    return log_normal(random, median * HOUR * slower[day] if len(day) else median * HOUR, sigma, len(claims))


@dataclass(frozen=True, slots=True)
class Labels:
    """What an observer may conclude: 1 the grant was or would have been wrong. ``arrived``: when it was final."""

    wrong: Integers
    arrived: Floats


def observed_labels(parameters: Parameters, span: Span, reviews: Reviews) -> Labels:
    """Rejected for good, or granted and found out within the maturing time; errors of the reviewers stay in."""
    maturing = reviews.decided + parameters.number("reviewing.maturing") * DAY
    trouble = np.fmin(reviews.found_wrong, reviews.charged_back)
    in_time = trouble <= np.minimum(maturing, span.seconds)
    reversed_later = np.isfinite(reviews.overturned)
    wrong = np.where(reviews.granted, in_time, ~reversed_later)
    appeal_over = reviews.decided + parameters.pair("reviewing.appeal_days")[1] * DAY
    rejected_until = np.where(reversed_later, reviews.overturned, appeal_over)
    arrived = np.where(reviews.granted, np.where(in_time, trouble, maturing), rejected_until)
    return Labels(wrong.astype(np.int64), arrived)
