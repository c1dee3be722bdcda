"""The study's own arithmetic and book-keeping; whole studies run in the proof."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from service.domain.certificate import Serving
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH
from service.policy import ApprovalClass, load_platform_policy
from training.cli import app
from training.observed import Observed
from training.pipeline import Run
from training.simulator.parameters import load_parameters
from training.simulator.randomised import WorldKind
from training.studies.one_world import LATER_HALF, PARTS, approved_share
from training.studies.plots import write_plots
from training.studies.results import LOGISTIC, OURS, RULES, Approved, Issued, Ranking, Scored, WorldResult
from training.studies.summary import over, promises, summarise
from training.studies.verdicts import Decided, between, decide_window
from training.studies.worlds import Study, plan_study, run_study

POLICY = load_platform_policy("demo")


def scored(name: str, wrong: float | None, auc: float = 0.9) -> Scored:
    nothing = Approved(claims=0.0, money=0.0, wrong=math.nan)
    share = nothing if wrong is None else Approved(claims=0.3, money=0.2, wrong=wrong)
    issued = None if wrong is None else Issued(threshold=0.1, labels=400, wrong=1, bound=0.012)
    ranking = Ranking(auc=auc, average_precision=0.7, ece=0.02, brier=0.1)
    return Scored(
        name=name,
        ranking=ranking,
        certificate=issued,
        why_none="" if issued else "no safe threshold",
        by_risk=share,
        by_risk_afterwards=share,
        in_all=share,
        small_by_risk=0.3,
    )


def result(number: int, wrong: float | None, kind: WorldKind = WorldKind.DRAWN, **changed: object) -> WorldResult:
    fields = {
        "number": number,
        "kind": kind,
        "seed": number,
        "parameters_digest": f"{number}",
        "alpha": 0.02,
        "claims": 1000,
        "window_claims": 500,
        "base_rate": 0.2,
        "open_small": 0.4,
        "scored": (scored(OURS, wrong, auc=0.8 + number / 100), scored(LOGISTIC, None), scored(RULES, None)),
        "seconds": {"simulate": 1.0},
    }
    return WorldResult.model_validate({**fields, **changed})


def kept(study: Study, folder: Path) -> None:
    """Every world of the study as if it had been run."""
    (folder / "worlds").mkdir(parents=True)
    for world in study.worlds:
        made = result(world.number, 0.01, world.kind, seed=world.seed, parameters_digest=world.parameters.digest)
        (folder / "worlds" / f"{world.number:02d}.json").write_text(made.model_dump_json())


@pytest.fixture
def tiny() -> Study:
    return plan_study(load_parameters(), worlds=2, orders=1000, seed=3)


def test_a_promise_is_broken_where_more_than_alpha_was_truly_wrong() -> None:
    worlds = [result(number, wrong) for number, wrong in enumerate([0.001, 0.0201, 0.02, None, math.nan])]
    told = promises(worlds, OURS)
    assert (told.worlds, told.issued, told.broken, told.broken_afterwards) == (5, 4, 1, 1)
    clean = promises([result(number, 0.0) for number in range(20)], OURS)
    assert clean.broken == 0
    assert clean.at_most == pytest.approx(1 - 0.05 ** (1 / 20), abs=1e-6)


def test_special_worlds_are_not_averaged_with_the_drawn() -> None:
    worlds = [result(1, 0.01), result(2, 0.01), result(50, None, WorldKind.NO_SIGNAL)]
    auc = summarise(worlds).figures[OURS]["auc"]
    assert auc is not None
    assert (auc.worlds, auc.mean) == (2, pytest.approx(0.815))
    assert summarise(worlds).figures[RULES]["wrong_money_by_risk"] is None


def test_an_interval_over_worlds_holds_its_mean_and_is_the_same_twice() -> None:
    values = np.random.default_rng(1).normal(0.5, 0.1, 40).tolist()
    found = over([*values, math.nan])
    assert found == over(values)
    assert found is not None
    assert found.least < found.low < found.mean < found.high < found.most
    half = 1.96 * np.std(values) / math.sqrt(len(values))
    assert found.high - found.mean == pytest.approx(half, rel=0.15)


def test_loss_is_what_was_granted_but_not_due(small_observed: Observed, small_run: Run) -> None:
    dataset, window = small_run.dataset, between(small_run.dataset, *LATER_HALF)
    serving = Serving(model="m", features=FEATURE_HASH, policy=POLICY.digest, reader="r")
    decided = decide_window(small_observed, dataset, window, POLICY, serving)
    risk = decided.by(ApprovalClass.RISK)
    assert 50 < risk.sum() < len(window)
    assert (decided.loss <= decided.granted).all()
    assert (decided.loss[decided.by(ApprovalClass.RECOVERABLE)] == 0).all(), "released only when taken back"
    assert (decided.granted[decided.approval == ""] == 0).all()
    assert (decided.loss[risk & decided.wrong] > 0).all()
    assert (decided.amount[risk] <= POLICY.classes.risk.amount_up_to_minor).all()
    assert decided.small[risk].all()
    # By hand: every undue claim is lost whole, up to the fee.
    share = approved_share(decided, risk)
    undue = decided.granted[risk & decided.wrong].sum() / decided.granted[risk].sum()
    assert share.wrong == pytest.approx(undue, abs=0.01)
    assert share.claims == pytest.approx(risk.mean())


def test_shares_are_of_the_claims_asked_about() -> None:
    decided = Decided(
        indices=np.arange(4),
        approval=np.array(["risk", "risk", "", "one_click"]),
        amount=np.array([100, 300, 600, 1000]),
        granted=np.array([100, 300, 0, 1000]),
        loss=np.array([0.0, 300.0, 0.0, 0.0]),
        wrong=np.array([False, True, True, False]),
        small=np.array([True, True, True, False]),
    )
    by_risk = decided.by(ApprovalClass.RISK)
    assert approved_share(decided, by_risk) == Approved(claims=0.5, money=0.2, wrong=0.75)
    first = np.array([True, False, True, False])
    assert approved_share(decided, by_risk, first) == Approved(claims=0.5, money=100 / 700, wrong=0.0)
    assert math.isnan(approved_share(decided, np.zeros(4, dtype=bool)).wrong)


def test_nothing_that_is_reported_was_learned_from() -> None:
    assert max(PARTS.train[1], PARTS.tune[1], PARTS.calibrate[1], PARTS.order[1]) <= LATER_HALF[0]
    assert LATER_HALF[0] <= PARTS.certify[0] < PARTS.certify[1] < LATER_HALF[1]


def test_the_certifying_part_lies_inside_one_window_of_the_risk_budgets(small_run: Run) -> None:
    begins, ends = (small_run.dataset.moment(day).timestamp() / 3600 for day in PARTS.certify)
    hours = {budget.window_hours for budget in POLICY.budgets if [str(one) for one in budget.classes] == ["risk"]}
    assert hours
    assert all(int(begins // window) == int(ends // window) for window in hours)


def test_a_world_that_is_done_is_not_done_again(tiny: Study, tmp_path: Path) -> None:
    kept(tiny, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "worlds").iterdir()}
    outcome = run_study(tiny, tmp_path)
    assert [one.number for one in outcome.results] == [0, 1, 2, 3]
    assert not outcome.failures
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "worlds").iterdir()}


def test_another_study_in_the_folder_is_refused_and_left_alone(tiny: Study, tmp_path: Path) -> None:
    kept(tiny, tmp_path)
    run_study(tiny, tmp_path)
    before = (tmp_path / "study.json").read_bytes()
    other = plan_study(load_parameters(), worlds=2, orders=1001, seed=3)
    with pytest.raises(ConfigurationError, match="--out"):
        run_study(other, tmp_path)
    changed = plan_study(load_parameters().with_values({"faults.late_delivery": 0.5}), worlds=2, orders=1000, seed=3)
    with pytest.raises(ConfigurationError, match="worlds"):
        run_study(changed, tmp_path)
    assert (tmp_path / "study.json").read_bytes() == before


def test_worlds_are_written_down_before_anything_is_fitted(tiny: Study, tmp_path: Path) -> None:
    kept(tiny, tmp_path)
    run_study(tiny, tmp_path)
    plan = json.loads((tmp_path / "study.json").read_text("utf-8"))
    assert plan["data"] == "SIMULATED"
    assert [one["parameters_digest"] for one in plan["worlds"]] == [one.parameters.digest for one in tiny.worlds]
    assert plan["worlds"][0]["factors"] == {}
    assert len(plan["worlds"][3]["factors"]) > 30


def test_the_command_prints_tables_pictures_and_json(tiny: Study, tmp_path: Path) -> None:
    kept(tiny, tmp_path)
    arguments = ["study", "--worlds", "2", "--orders", "1000", "--seed", "3", "--out", str(tmp_path)]
    told = CliRunner().invoke(app, [*arguments, "--json"])
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    assert facts["data"] == "SIMULATED"
    assert [one["number"] for one in facts["worlds"]] == [0, 1, 2, 3]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert shown.stdout.count("SIMULATED") >= 3, "the table and what is said of either named world"
    assert {path.name for path in tmp_path.glob("*.png")} == {"promise.png", "auc.png"}


def test_a_world_that_fails_fails_alone_and_is_tried_again(tiny: Study, tmp_path: Path) -> None:
    """A result cut short is no result; with 1,000 orders its world is too small to learn from."""
    kept(tiny, tmp_path)
    (tmp_path / "worlds" / "02.json").write_text("{ half a file")
    (tmp_path / ".tables-left").mkdir()
    told = CliRunner().invoke(
        app, ["study", "--worlds", "2", "--orders", "1000", "--seed", "3", "--out", str(tmp_path), "--json"]
    )
    assert told.exit_code == 1
    assert "world 02 no signal failed" in told.stderr
    assert "--orders" in told.stderr
    facts = json.loads(told.stdout)
    assert [one["number"] for one in facts["worlds"]] == [0, 1, 3]
    assert [one["number"] for one in facts["failures"]] == [2]
    assert not list(tmp_path.glob(".tables-*"))


def test_pictures_take_worlds_that_were_refused(tmp_path: Path) -> None:
    written = write_plots([result(4, None), result(5, 0.03)], tmp_path)
    assert all(path.stat().st_size > 5000 for path in written)
