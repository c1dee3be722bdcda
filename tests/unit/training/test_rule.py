from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from service.domain.certificate import Certificate, Origin, Serving
from service.domain.checks import Result
from service.features import FEATURE_HASH
from service.policy import load_platform_policy
from training.datasets import claim_cases
from training.observed import Observed
from training.pipeline import Run
from training.rule import approvable_by_risk, approved_at

POLICY = load_platform_policy("demo")
SERVING = Serving(model="m", features=FEATURE_HASH, policy=POLICY.digest, reader="r")


def certificate(threshold: float) -> Certificate:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    return Certificate(
        id="c",
        threshold=threshold,
        alpha=0.02,
        delta=0.05,
        bound=0.02,
        labels=300,
        origin=Origin.SIMULATED,
        platforms=("demo",),
        model="m",
        features=FEATURE_HASH,
        policy=POLICY.digest,
        reader="r",
        issued_at=moment,
        expires_at=moment,
        data_hash="",
        code_version="",
    )


def test_what_is_certified_is_what_the_served_rule_approves(small_observed: Observed, small_run: Run) -> None:
    """Pool and threshold together choose exactly what decide() approves under the real certificate."""
    cases = list(claim_cases(small_observed))
    risk = small_run.fitted.probabilities(small_run.dataset.rows)
    open_to_risk = approvable_by_risk(POLICY, cases, risk, SERVING)
    assert 100 < open_to_risk.sum() < len(cases)
    for threshold in (0.05, 0.2):
        classes = approved_at(POLICY, cases, risk, certificate(threshold), SERVING)
        by_risk = np.array([name == "risk" for name in classes])
        np.testing.assert_array_equal(by_risk, open_to_risk & (risk <= threshold))


def test_the_pool_keeps_to_the_cap_and_to_checks_that_did_not_fail(small_observed: Observed) -> None:
    cases = list(claim_cases(small_observed))
    chosen = approvable_by_risk(POLICY, cases, np.full(len(cases), 0.01), SERVING)
    approved = [case for case, yes in zip(cases, chosen, strict=True) if yes]
    assert approved
    assert all(case.claim.amount_claimed.minor <= POLICY.classes.risk.amount_up_to_minor for case in approved)
    assert not any(check.result is Result.FAIL for case in approved for check in case.checks)
    failing = [(replace(case.checks[0], result=Result.FAIL), *case.checks[1:]) for case in approved]
    failed = [replace(case, checks=checks) for case, checks in zip(approved, failing, strict=True)]
    assert not approvable_by_risk(POLICY, failed, np.full(len(failed), 0.01), SERVING).any()
