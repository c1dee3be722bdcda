"""A tightened threshold takes approvals away and gives none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_builders import DEMO, certificate
from policy_builders import given as asked
from policy_strategies import arbitrary_inputs, easy_inputs, plausible_inputs

from service.domain.assessment import Decision
from service.policy import DecideInput, Outcome, decide
from service.policy.certificate import threshold_at_work

LIMITS = st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.05, -1.0, 2.0, float("nan"), float("inf")])


def approved(outcome: Outcome) -> bool:
    return any(
        verdict is not None and verdict.decision is Decision.AUTO_APPROVED
        for verdict in (outcome.verdict, outcome.fallback, outcome.would_have_been)
    )


def limited(inputs: DecideInput, limit: float) -> DecideInput:
    if inputs.certificate is None:
        return inputs
    return replace(inputs, threshold_limits={inputs.certificate.id: limit})


@settings(max_examples=150)
@given(easy_inputs() | plausible_inputs() | arbitrary_inputs(), LIMITS, LIMITS)
def test_tightening_never_approves_what_was_not_approved_before(inputs: DecideInput, one: float, other: float) -> None:
    """Of two limits the tighter approves no more, and neither more than the certificate alone."""
    free = approved(decide(DEMO, inputs))
    assert free or not approved(decide(DEMO, limited(inputs, one)))
    tight, loose = sorted((one, other)) if one == one and other == other else (one, one)
    if 0 <= tight <= loose <= 1:
        assert approved(decide(DEMO, limited(inputs, loose))) or not approved(decide(DEMO, limited(inputs, tight)))


def test_a_tightened_threshold_keeps_back_what_lies_above_it() -> None:
    inputs = asked()
    assert inputs.risk is not None
    assert decide(DEMO, inputs).verdict.approval_class == "risk"
    at = inputs.risk.probability
    assert decide(DEMO, limited(inputs, at)).verdict.approval_class == "risk"
    kept_back = decide(DEMO, limited(inputs, at * 0.99)).verdict
    assert kept_back.decision is Decision.MANUAL_REVIEW
    assert "tightened threshold" in kept_back.reasons[0].text.en


def test_another_certificates_limit_has_no_say() -> None:
    inputs = replace(asked(), threshold_limits={"cert-of-another": 0.0})
    assert decide(DEMO, inputs).verdict.approval_class == "risk"


@pytest.mark.parametrize(
    ("limit", "wanted"), [(0.5, None), (0.001, 0.001), (0.0, 0.0), (-0.1, -1.0), (float("nan"), -1.0)]
)
def test_the_threshold_at_work(limit: float, wanted: float | None) -> None:
    one = certificate()
    assert threshold_at_work(one, {one.id: limit}) == (one.threshold if wanted is None else wanted)
    assert threshold_at_work(one, {}) == one.threshold
