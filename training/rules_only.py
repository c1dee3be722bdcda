"""What a platform has before any model: a card of points, fixed in advance, never learned.

Each rule is something DOMAIN-minded reviewers write down ("how people cheat"); points say how much it weighs with them.
The card is the floor every learned score has to beat, and is calibrated like the others, so that only ranking differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.boosting import Columns, Examples, Floats, Rows
from training.contenders import Contender, Margins
from training.recipe import ModelSettings

_Test = Callable[[NDArray[np.float32]], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``points`` for each claim whose ``feature`` meets the test; a missing value never does."""

    feature: str
    meets: _Test
    points: int
    why: str


def _at_least(limit: float) -> _Test:
    return lambda column: np.nan_to_num(column, nan=-np.inf) >= limit


def _below(limit: float) -> _Test:
    return lambda column: np.nan_to_num(column, nan=np.inf) < limit


CARD: tuple[Rule, ...] = (
    Rule("checks_failed", _at_least(1), 4, "a page contradicts the record"),
    Rule("checks_failed", _at_least(2), 3, "more than one contradiction is hardly a slip of reading"),
    Rule("reason_against_log", _at_least(1), 4, "never received, while the carrier says delivered"),
    Rule("used_by_claimant", _at_least(2), 4, "claimed after use, as the log shows"),
    Rule("use_state", _at_least(4), 2, "activated or partly used"),
    Rule("reused_orders", _at_least(1), 4, "one screenshot for several orders"),
    Rule("tamper_strength", _at_least(0.8), 2, "strong traces of editing"),
    Rule("core_checks_passed", _below(1), 2, "no page belongs to this order for certain"),
    Rule("evidence_gaps", _at_least(2), 1, "facts covered or cut off"),
    Rule("account_refunds_requested_30d", _at_least(3), 2, "asks for refunds again and again"),
    Rule("account_refunds_wrong_90d", _at_least(1), 4, "was refunded wrongly before"),
    Rule("account_chargebacks_90d", _at_least(1), 3, "took money back through the payment provider before"),
    Rule("account_refunds_withdrawn_30d", _at_least(2), 2, "withdraws and applies again, for a lucky draw"),
    Rule("account_age_days", _below(7), 1, "a new account"),
    Rule("device_accounts_30d", _at_least(3), 3, "several accounts on one device"),
    Rule("payer_accounts_90d", _at_least(3), 3, "several accounts with one payer"),
    Rule("product_refund_surge", _at_least(3), -3, "many ask for this product today: an outage, not abuse"),
    Rule("fulfilment_state", _below(2), -4, "the record itself says failed or not delivered"),
)


def points(rows: Rows, columns: Columns) -> Floats:
    """The card's sum for each row, float64 [n]."""
    where = {name: number for number, name in enumerate(columns.names)}
    total = np.zeros(len(rows))
    for rule in CARD:
        total += rule.points * rule.meets(rows[:, where[rule.feature]])
    return total


def _learn(_: Examples, __: Examples, columns: Columns, ___: ModelSettings, ____: int) -> Margins:
    return lambda rows: points(rows, columns)


RULES_ONLY = Contender("rules only", _learn)
