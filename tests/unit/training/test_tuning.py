from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.domain.errors import ConfigurationError
from training.datasets import Dataset
from training.pipeline import Run
from training.recipe import ModelSettings, load_recipe
from training.tuning import SPACE, Budget, Tuned, tune
from training.tuning_report import tuned_recipe, write_history, write_recipe


def quick(run: Run) -> ModelSettings:
    return run.recipe.model.model_copy(update={"rounds": 40, "early_stopping": 10})


def look(
    run: Run, dataset: Dataset | None = None, trials: int = 5, storage: Path | None = None, **more: object
) -> Tuned:
    chosen = run.dataset if dataset is None else dataset
    budget = Budget(trials)
    return tune(chosen, run.split, quick(run), 5, budget, data_hash="d", storage=storage, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found(small_run: Run) -> Tuned:
    return look(small_run)


def test_it_starts_from_the_recipe_and_never_ends_worse(small_run: Run, found: Tuned) -> None:
    assert found.trials[0].settings == quick(small_run)
    assert found.trials[0].loss == found.start_loss
    assert found.loss == min(trial.loss for trial in found.trials if not trial.pruned and trial.loss is not None)
    assert found.loss <= found.start_loss
    assert len(found.trials) == 5


def test_it_never_opens_what_calibrates_orders_or_certifies(small_run: Run, found: Tuned) -> None:
    """Those parts spoilt beyond use, the search goes exactly as before."""
    dataset, parts = small_run.dataset, small_run.split
    rows, wrong, amount = dataset.rows.copy(), dataset.wrong.copy(), dataset.amount.copy()
    for indices in (parts.calibrate, parts.order, parts.certify):
        rows[indices] = np.nan
        wrong[indices] = 1 - np.abs(wrong[indices])
        amount[indices] = 1
    spoilt = look(small_run, replace(dataset, rows=rows, wrong=wrong, amount=amount))
    assert [trial.loss for trial in spoilt.trials] == [trial.loss for trial in found.trials]
    assert spoilt.settings == found.settings


def test_it_does_look_at_tune(small_run: Run, found: Tuned) -> None:
    wrong = small_run.dataset.wrong.copy()
    wrong[small_run.split.tune] = 1 - wrong[small_run.split.tune]
    assert look(small_run, replace(small_run.dataset, wrong=wrong)).start_loss != found.start_loss


def test_a_study_goes_on_where_it_stopped(small_run: Run, tmp_path: Path) -> None:
    storage = tmp_path / "deep" / "studies.db"
    first = look(small_run, trials=3, storage=storage)
    assert len(first.trials) == 3
    more = look(small_run, trials=6, storage=storage)
    assert [trial.loss for trial in more.trials[:3]] == [trial.loss for trial in first.trials]
    assert len(more.trials) == 6
    drawn = [trial.settings for trial in more.trials]
    assert len({one.model_dump_json() for one in drawn}) == 6, "a resumed search draws its first trials again"
    assert len(look(small_run, trials=6, storage=storage).trials) == 6


def test_another_objective_is_another_study(small_run: Run, tmp_path: Path, found: Tuned) -> None:
    storage = tmp_path / "studies.db"
    look(small_run, trials=2, storage=storage)
    money = look(small_run, trials=2, storage=storage, objective="money")
    assert len(money.trials) == 2
    assert money.start_loss != found.start_loss


def test_a_budget_of_seconds_ends_a_search(small_run: Run) -> None:
    ended = tune(small_run.dataset, small_run.split, quick(small_run), 5, Budget(seconds=0.5), data_hash="d")
    assert 1 <= len(ended.trials) < 200


def test_a_search_without_end_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="--trials"):
        Budget()


def test_a_file_that_is_no_study_is_one_clear_sentence(small_run: Run, tmp_path: Path) -> None:
    damaged = tmp_path / "studies.db"
    damaged.write_text("this is not SQLite " * 200, "utf-8")
    with pytest.raises(ConfigurationError, match="not a study file"):
        look(small_run, storage=damaged)
    assert damaged.read_text("utf-8").startswith("this is not")


def test_every_knob_is_a_setting_and_stays_within_what_a_recipe_allows(small_run: Run) -> None:
    for knob in SPACE:
        assert knob.why
        for value in (knob.low, knob.high):
            settings = ModelSettings.model_validate({**quick(small_run).model_dump(), knob.name: knob.rounded(value)})
            assert getattr(settings, knob.name) == knob.rounded(value)


def test_the_recipe_written_is_one_that_run_takes(small_run: Run, found: Tuned, tmp_path: Path) -> None:
    path = write_recipe(small_run.recipe, found, tmp_path / "new" / "recipe.yaml", data_hash="abc")
    assert load_recipe(path) == tuned_recipe(small_run.recipe, found)
    assert load_recipe(path).model == found.settings
    assert "not opened" in path.read_text("utf-8").splitlines()[2]
    assert [file.name for file in path.parent.iterdir()] == ["recipe.yaml"]


def test_the_history_is_a_picture(found: Tuned, tmp_path: Path) -> None:
    assert write_history(found, tmp_path, origin="SIMULATED data").read_bytes().startswith(b"\x89PNG")
