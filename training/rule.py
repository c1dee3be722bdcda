"""The whole rule, as served: which claims the policy would approve by risk if the threshold allowed it.

The policy's own ``decide`` is asked, with a certificate whose threshold is 1: what it approves in the class *risk* then
is what any smaller threshold chooses from. Budgets are left out: they only take approvals away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from service.domain.assessment import PlatformMode, Risk
from service.domain.certificate import Certificate, Origin, Serving
from service.policy import ApprovalClass, DecideInput, Policy, decide
from training.datasets import ClaimCase, Floats


def approvable_by_risk(
    policy: Policy, cases: Iterable[ClaimCase], probabilities: Floats, serving: Serving
) -> NDArray[np.bool_]:
    """Per claim, whether the rule would approve it as class *risk* under a threshold of 1."""
    pairs = zip(cases, probabilities, strict=True)
    return np.array([_approved_as(policy, case, float(risk), serving) == ApprovalClass.RISK for case, risk in pairs])


def approved_at(
    policy: Policy, cases: Iterable[ClaimCase], probabilities: Floats, certificate: Certificate, serving: Serving
) -> list[str | None]:
    """The class each claim is approved in under a real certificate, None where a person decides."""
    pairs = zip(cases, probabilities, strict=True)
    return [_approved_as(policy, case, float(risk), serving, certificate) for case, risk in pairs]


def _approved_as(
    policy: Policy, case: ClaimCase, probability: float, serving: Serving, certificate: Certificate | None = None
) -> str | None:
    risk = Risk(probability=probability, log_odds=0.0, base=0.0, contributions=(), model=serving.model)
    held = certificate if certificate is not None else _open(serving, policy)
    outcome = decide(
        policy,
        DecideInput(
            claim=case.claim,
            as_of=case.as_of,
            evidence=case.evidence,
            checks=case.checks,
            risk=risk,
            certificate=replace(held, issued_at=case.as_of, expires_at=case.as_of + timedelta(days=1)),
            serving=serving,
            mode=PlatformMode.DEMO,
            platform_id=policy.platform,
            bundle_healthy=True,
            reused_orders=case.reused_orders,
        ),
    )
    return outcome.verdict.approval_class


def _open(serving: Serving, policy: Policy) -> Certificate:
    """Lets everything pass that the rest of the rule lets pass. It is never stored."""
    moment = datetime(1970, 1, 1, tzinfo=UTC)  # replaced by each claim's own
    return Certificate(
        id="none",
        threshold=1.0,
        alpha=0.0,
        delta=0.05,
        bound=0.0,
        labels=0,
        origin=Origin.SIMULATED,
        platforms=(policy.platform,),
        model=serving.model,
        features=serving.features,
        policy=serving.policy,
        reader=serving.reader,
        issued_at=moment,
        expires_at=moment,
        data_hash="",
        code_version="",
    )
