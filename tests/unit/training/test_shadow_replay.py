"""A shadow on history gives what the service would have stored: both models under one rule, with the outcome known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.policy import load_platform_policy, load_policy, platform_policy_text
from service.scoring.shadow_comparison import compare_shadow
from training.export import served
from training.observed import Observed
from training.pipeline import Run
from training.replaying import side_of
from training.shadow_replay import shadow_on_history


def test_a_shadow_with_a_wider_threshold_approves_more(small_observed: Observed, small_run: Run) -> None:
    policy, bundle = load_platform_policy("demo"), served(small_run.parts)
    champion = side_of("champion", policy, bundle, 0.05)
    indices = np.arange(0, len(small_run.dataset), 3)
    pairs = shadow_on_history(small_observed, small_run.dataset, indices, champion, replace(champion, threshold=0.5))
    assert [str(pair.score.case_id) for pair in pairs] == [small_run.dataset.claim_ids[one] for one in indices]
    report = compare_shadow(pairs)
    assert report.mean_absolute_difference == 0
    kinds = {cell.kind: cell for cell in report.cells}
    assert kinds["only champion"].claims == 0
    assert kinds["only shadow"].claims > 0
    assert {cell.group for cell in report.by_class} == {"risk"}
    known = small_run.dataset.wrong_share[indices]
    assert [pair.loss_share for pair in pairs] == [None if np.isnan(share) else share for share in known]
    assert {pair.stands_for for pair in pairs} == {1.0}  # an observing world: everybody is looked at


def test_another_policy_is_no_shadow(small_observed: Observed, small_run: Run) -> None:
    bundle, text = served(small_run.parts), platform_policy_text("demo")
    other = load_policy(text.replace("amount_below_minor: 5000", "amount_below_minor: 9000"))
    champion = side_of("champion", load_platform_policy("demo"), bundle)
    with pytest.raises(ValueError, match="back-test"):
        shadow_on_history(small_observed, small_run.dataset, np.arange(3), champion, side_of("shadow", other, bundle))
