from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from service.domain.checks import CheckCode, CheckResult, Result
from service.features import AGGREGATES, FEATURE_NAMES, FEATURES, row
from service.policy import load_platform_policy
from training.datasets import ClaimCase, claim_cases
from training.forbidden import NEVER_FEATURES, NEVER_NAMED
from training.observed import Observed
from training.pipeline import Run, caps_of

CAPS = caps_of(load_platform_policy("demo"))
OTHER = {bool: lambda value: not value, str: lambda value: value + "x", type(None): lambda _: "0" * 64}
NO_PAST: dict[str, float | None] = {aggregate.name: 1.0 for aggregate in AGGREGATES}


def _row(case: ClaimCase, claim: Any = None, checks: Any = None) -> np.ndarray:
    made = row(
        claim if claim is not None else case.claim,
        as_of=case.as_of,
        evidence=case.evidence,
        checks=case.checks if checks is None else checks,
        history=NO_PAST,
        caps=CAPS,
        reused_orders=case.reused_orders,
        reused_accounts=case.reused_accounts,
    )
    return np.array(made.values)


def _altered(value: Any, path: str) -> Any:
    """The value with one field, by dotted path, changed to something else."""
    name, _, rest = path.partition(".")
    inner = getattr(value, name)
    return replace(value, **{name: _altered(inner, rest) if rest else OTHER[type(inner)](inner)})


@pytest.mark.parametrize("path", NEVER_FEATURES)
def test_what_may_never_count_changes_no_row(path: str, small_observed: Observed) -> None:
    for case in claim_cases(small_observed, only=range(0, 900, 5)):
        altered = _altered(case.claim, path)
        assert altered != case.claim
        np.testing.assert_array_equal(_row(case, altered), _row(case))


def test_the_test_above_can_fail(small_observed: Observed) -> None:
    """A field that does count changes rows."""
    case = next(claim_cases(small_observed, only=[0]))
    dearer = replace(case.claim, amount_claimed=replace(case.claim.amount_claimed, minor=1))
    assert (_row(case, dearer) != _row(case)).any()


def test_no_feature_is_named_after_a_person() -> None:
    for name in [*FEATURE_NAMES, *(aggregate.name for aggregate in AGGREGATES)]:
        words = set(name.split("_"))
        assert not [word for word in NEVER_NAMED if word in words or ("_" in word and word in name)], name


@pytest.mark.parametrize("code", CheckCode)
def test_a_check_is_never_missing_and_pass_unknown_fail_rises(code: CheckCode, small_observed: Observed) -> None:
    feature = FEATURES[number := FEATURE_NAMES.index(f"check_{code.value}")]
    assert feature.direction == 1
    assert feature.missing is None
    case = next(claim_cases(small_observed, only=[3]))
    found = [_row(case, checks=[CheckResult(code=code, result=result)])[number] for result in Result]
    assert found == [0.0, 1.0, 2.0]
    assert _row(case, checks=[])[number] == 1.0


def test_no_check_is_missing_in_any_row_learned_from(small_run: Run) -> None:
    checks = [number for number, name in enumerate(FEATURE_NAMES) if name.startswith(("check_", "checks_", "core_"))]
    assert len(checks) == len(CheckCode) + 3
    cells = small_run.dataset.rows[:, checks]
    assert not np.isnan(cells).any()
    assert set(np.unique(cells[:, : len(CheckCode)])) <= {0.0, 1.0, 2.0}


def test_a_worse_check_never_lowers_the_risk(small_run: Run) -> None:
    rows = small_run.dataset.rows[::20]
    for code in CheckCode:
        number = FEATURE_NAMES.index(f"check_{code.value}")
        margins = []
        for rank in range(3):
            changed = rows.copy()
            changed[:, number] = rank
            margins.append(small_run.fitted.margins(changed))
        assert (np.diff(margins, axis=0) >= -1e-9).all(), code
