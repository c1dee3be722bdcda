"""Six whole worlds against the truth: both named ones, the two special ones and two drawn. SIMULATED.

400,000 orders a world, as the study has them: fewer give too few audit labels for any certificate at 2 %.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from training.simulator.parameters import load_parameters
from training.simulator.randomised import WorldKind
from training.studies.one_world import Task, run_world
from training.studies.plots import write_plots
from training.studies.results import LOGISTIC, OURS, RULES, WorldResult
from training.studies.summary import promises
from training.studies.worlds import Outcome, Study, plan_study, run_study

pytestmark = pytest.mark.proof
ORDERS, SEED = 400_000, 1


@pytest.fixture(scope="module")
def study() -> Study:
    return plan_study(load_parameters(), worlds=4, orders=ORDERS, seed=SEED)


@pytest.fixture(scope="module")
def outcome(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("study")
    found = run_study(study, folder)
    write_plots(found.results, folder)
    return found


@pytest.fixture(scope="module")
def worlds(outcome: Outcome) -> dict[WorldKind, WorldResult]:
    return {result.kind: result for result in outcome.results}


def test_every_world_was_taken_to_its_end(outcome: Outcome, study: Study) -> None:
    assert not outcome.failures
    assert [result.number for result in outcome.results] == [world.number for world in study.worlds]


def test_without_signal_nothing_ranks_and_the_certificate_is_refused_for_its_labels(
    worlds: dict[WorldKind, WorldResult],
) -> None:
    blind = worlds[WorldKind.NO_SIGNAL]
    assert 0.15 < blind.base_rate < 0.3
    for name in (OURS, LOGISTIC, RULES):
        # About 2,000 undue among 10,000 claims: three standard errors of the AUC are 0.02.
        assert abs(blind.by(name).ranking.auc - 0.5) < 0.025, name
        assert blind.by(name).certificate is None
        assert blind.by(name).by_risk.claims == 0.0
    # Refused by what was found wrong, not for want of labels: a test that could have said yes.
    assert "audit labels were wrong" in blind.by(OURS).why_none


def test_abuse_nothing_was_tuned_on_does_not_break_the_promise(worlds: dict[WorldKind, WorldResult]) -> None:
    """The certificate may be refused or issued; if it is issued it must hold."""
    novel = worlds[WorldKind.NOVEL]
    assert novel.by(OURS).ranking.auc > 0.5
    for name in (OURS, LOGISTIC):
        one = novel.by(name)
        assert one.why_none if one.certificate is None else one.by_risk.wrong <= novel.alpha


def test_on_the_well_kept_world_two_fifths_of_small_claims_are_approved_by_risk(
    worlds: dict[WorldKind, WorldResult],
) -> None:
    kept = worlds[WorldKind.WELL_KEPT]
    ours = kept.by(OURS)
    assert ours.certificate is not None
    assert ours.small_by_risk >= 0.40
    assert ours.by_risk.wrong <= kept.alpha
    assert ours.by_risk_afterwards.wrong <= kept.alpha


def test_where_there_is_signal_the_model_ranks_better_than_rules(outcome: Outcome) -> None:
    told = [result for result in outcome.results if result.kind is not WorldKind.NO_SIGNAL]
    assert len(told) == 5
    for result in told:
        assert result.by(OURS).ranking.auc > result.by(RULES).ranking.auc, result.name
        assert result.by(OURS).in_all.money >= result.by(RULES).in_all.money, result.name


def test_no_promise_is_broken(outcome: Outcome) -> None:
    """At delta 5 % one of six breaks by chance in one run of four; the seed is fixed, so this holds or it does not."""
    told = promises(outcome.results, OURS)
    assert told.issued >= 2, "a certificate that approves nothing does not count as passing"
    assert told.broken == 0


def test_a_world_gives_the_same_figures_twice(study: Study, tmp_path: Path) -> None:
    small = plan_study(load_parameters(), worlds=2, orders=30_000, seed=SEED).worlds[2]
    first, second = (run_world(Task(small, tmp_path / name)) for name in ("first", "second"))
    same = {"seconds": {}}
    assert first.model_copy(update=same).model_dump_json() == second.model_copy(update=same).model_dump_json()
