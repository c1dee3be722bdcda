from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from policy_builders import AS_OF, DEMO, certificate, given

from service.domain.assessment import Decision, PlatformMode
from service.domain.certificate import Origin, Serving
from service.policy import EntityLimit, decide, entity_limit, load_platform_policy
from service.policy.certificate import mismatches

SERVING = Serving(model="m1", features="f1", policy=DEMO.digest, reader="r1")


def sentences(mode: PlatformMode = PlatformMode.DEMO, held: EntityLimit | None = None, **changes: Any) -> list[str]:
    found = mismatches(
        certificate(**changes),
        SERVING,
        platform_id="demo",
        mode=mode,
        as_of=AS_OF,
        wrong_share_up_to_permille=20,
        entity_limit=held,
    )
    assert all(text.zh and text.en for text in found)
    return [text.en for text in found]


def test_one_that_matches_has_no_mismatch() -> None:
    assert sentences() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "m0"}, "the certificate is for model m0, but m1 is serving"),
        ({"features": "f0"}, "features f0"),
        ({"policy": "p0"}, "policy p0"),
        ({"reader": "r0"}, "reader r0"),
        ({"platforms": ("other",)}, "not for demo"),
        ({"platforms": ()}, "not for demo"),
        ({"expires_at": AS_OF}, "expired on 2026-11-20"),
        ({"expires_at": AS_OF - timedelta(days=1)}, "expired on 2026-11-19"),
        ({"alpha": 0.021}, "alpha 0.021 is above the 0.02"),
        ({"bound": 0.03}, "bound 0.03 is above its own alpha"),
        ({"bound": float("nan")}, "bound nan"),
        ({"threshold": float("nan")}, "not a probability"),
        ({"threshold": 1.01}, "not a probability"),
    ],
)
def test_each_mismatch_is_one_sentence(changes: dict[str, Any], said: str) -> None:
    (sentence,) = sentences(**changes)
    assert said in sentence


def test_simulated_counts_only_in_demo() -> None:
    for mode in (PlatformMode.LIVE, PlatformMode.OBSERVING, PlatformMode.STOPPED):
        assert sentences(mode) == ["the certificate comes from simulated data: demo only"]
        assert sentences(mode, origin=Origin.OBSERVED) == []


def test_every_mismatch_is_told() -> None:
    assert len(sentences(model="m0", reader="r0", platforms=())) == 3


@pytest.mark.parametrize(
    ("held", "holds"),
    [
        (EntityLimit(30_000, 2160), True),
        (EntityLimit(20_000, 8000), True),
        (EntityLimit(30_001, 2160), False),
        (EntityLimit(30_000, 2159), False),
        (None, False),
    ],
)
def test_entities_must_be_held_as_tightly_as_was_certified(held: EntityLimit | None, holds: bool) -> None:
    said = sentences(held=held, entity_cap_minor=30_000, entity_window_hours=2160)
    assert said == [] if holds else "at most 30000 minor units in 2160 hours" in said[0]


def test_a_pooled_certificate_does_not_claim_to_hold_for_each_platform() -> None:
    pooled = certificate(platforms=("demo", "other"), holds_per_platform=False)
    assert "does not hold for each" in pooled.promise
    assert sentences(platforms=("demo", "other"), holds_per_platform=False) == []
    assert "holds for none of them by itself" in sentences(platforms=("demo", "other"))[0]


def test_the_demo_holds_every_entity_and_a_platform_that_does_not_is_told_apart() -> None:
    assert entity_limit(DEMO) == EntityLimit(30_000, 2160)
    assert entity_limit(load_platform_policy("cautious")) is None
    for dropped in ("account", "device", "payer"):
        budgets = tuple(budget for budget in DEMO.budgets if budget.id != f"{dropped}-quarter-risk")
        assert entity_limit(DEMO.model_copy(update={"budgets": budgets})) is None
    looser = tuple(
        budget.model_copy(update={"max_amount_minor": 40_000}) if budget.id == "device-quarter-risk" else budget
        for budget in DEMO.budgets
    )
    assert entity_limit(DEMO.model_copy(update={"budgets": looser})) == EntityLimit(40_000, 2160)


def test_a_certificate_drawn_under_a_limit_approves_nothing_without_it() -> None:
    held = certificate(entity_cap_minor=30_000, entity_window_hours=2160)
    assert decide(DEMO, given(certificate=held)).verdict.decision is Decision.AUTO_APPROVED
    budgets = tuple(budget for budget in DEMO.budgets if budget.id != "payer-quarter-risk")
    loose = decide(DEMO.model_copy(update={"budgets": budgets}), given(certificate=held)).verdict
    assert loose.decision is Decision.MANUAL_REVIEW
    assert "certificate_mismatch" in [reason.code for reason in loose.reasons]
