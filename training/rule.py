"""The whole rule, as served: which claims the policy would approve by risk if the threshold allowed it.

The policy's own ``decide`` is asked, with a certificate whose threshold is 1: what it approves in the class *risk* then
is what any smaller threshold chooses from. Budgets and the roll-out are left out: they only take approvals away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from service.domain.assessment import PlatformMode, Risk, Verdict
from service.domain.certificate import Certificate, Origin, Serving
from service.policy import ApprovalClass, DecideInput, Outcome, Policy, decide
from training.datasets import ClaimCase, Floats


def approvable_by_risk(
    policy: Policy, cases: Iterable[ClaimCase], probabilities: Floats, serving: Serving
) -> NDArray[np.bool_]:
    """Per claim, whether the rule would approve it as class *risk* under a threshold of 1."""
    verdicts = open_verdicts(policy, cases, probabilities, serving)
    return np.array([verdict.approval_class == ApprovalClass.RISK for verdict in verdicts])


def open_verdicts(
    policy: Policy, cases: Iterable[ClaimCase], probabilities: Floats, serving: Serving
) -> Iterator[Verdict]:
    """What the rule decides on each claim under a threshold of 1: class, grant and reasons."""
    for case, risk in zip(cases, probabilities, strict=True):
        yield _verdict(policy, case, float(risk), serving, _open(serving, policy))


def approved_at(
    policy: Policy, cases: Iterable[ClaimCase], probabilities: Floats, certificate: Certificate, serving: Serving
) -> list[str | None]:
    """The class each claim is approved in under a real certificate, None where a person decides."""
    pairs = zip(cases, probabilities, strict=True)
    return [_verdict(policy, case, float(risk), serving, certificate).approval_class for case, risk in pairs]


def outcomes_at(
    policy: Policy, cases: Iterable[ClaimCase], probabilities: Floats, serving: Serving, threshold: float | None
) -> Iterator[Outcome]:
    """Everything the rule says on each claim, reservations and fallback included. ``threshold``: taken as certified for
    this very rule, whether or not it is; None: approval by risk has no certificate."""
    held = None if threshold is None else replace(_open(serving, policy), threshold=threshold)
    for case, risk in zip(cases, probabilities, strict=True):
        yield _outcome(policy, case, float(risk), serving, held)


def _verdict(
    policy: Policy, case: ClaimCase, probability: float, serving: Serving, certificate: Certificate
) -> Verdict:
    return _outcome(policy, case, probability, serving, certificate).verdict


def _outcome(
    policy: Policy, case: ClaimCase, probability: float, serving: Serving, certificate: Certificate | None
) -> Outcome:
    held = certificate and replace(certificate, issued_at=case.as_of, expires_at=case.as_of + timedelta(days=1))
    risk = Risk(probability=probability, log_odds=0.0, base=0.0, contributions=(), model=serving.model)
    return decide(
        policy,
        DecideInput(
            claim=case.claim,
            as_of=case.as_of,
            evidence=case.evidence,
            checks=case.checks,
            risk=risk,
            certificate=held,
            serving=serving,
            mode=PlatformMode.DEMO,
            platform_id=policy.platform,
            bundle_healthy=True,
            reused_orders=case.reused_orders,
            share_draw=0.0,
        ),
    )


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
