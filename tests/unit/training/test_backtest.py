"""Back-tests: what another rule would have approved, lost and left to people, against figures known beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from service.domain.assessment import Reservation
from service.domain.errors import ConfigurationError
from service.domain.money import Money
from service.features import Caps
from service.policy import Policy, load_platform_policy, load_policy, platform_policy_text
from training import datasets
from training.backtest import Backtest, backtest
from training.backtest_plots import write_backtest_plot
from training.cli import app
from training.datasets import Rows
from training.export import served, write_bundle
from training.observed import Observed
from training.pipeline import Run
from training.replaying import Budgets, Side, side_of

DEMO = platform_policy_text("demo")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _rows_once() -> Iterator[None]:
    """The rows of a world are made once for all tests; they are half of a back-test's time."""
    made: dict[tuple[Path, Caps], Rows] = {}

    def feature_rows(observed: Observed, caps: Caps, **options: Any) -> Rows:
        key = (observed.path("events").resolve(), caps)
        if key not in made:
            made[key] = datasets.feature_rows(observed, caps, **options)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.backtest.feature_rows", feature_rows)
        yield


@pytest.fixture(scope="module")
def current(small_run: Run) -> Side:
    return side_of("current", load_platform_policy("demo"), served(small_run.parts), 0.1)


@pytest.fixture(scope="module")
def result(small_observed: Observed, current: Side) -> Backtest:
    wider = replace(current, name="new", threshold=0.3)
    return backtest(small_observed, current, wider, count=100)


def policy(old: str, new: str) -> Policy:
    assert old in DEMO
    return load_policy(DEMO.replace(old, new))


def test_a_side_held_against_itself_differs_by_nothing(small_observed: Observed, current: Side, tmp_path: Path) -> None:
    same = backtest(small_observed, current, replace(current, name="new"), count=50)
    assert same.moved == ()
    assert all((one.value, one.low, one.high) == (0, 0, 0) for one in same.difference.values())
    assert write_backtest_plot(same, tmp_path / "deeper" / "b.png").is_file()
    assert same.current.totals == same.new.totals


def test_every_claim_goes_one_way_and_the_parts_add_up(result: Backtest) -> None:
    for side in (result.current, result.new):
        assert sum(line.claims.value for line in side.classes) == result.claims
        approving = [line for line in side.classes if line.money.value]
        assert sum(line.claims.value for line in approving) == side.totals["claims"].value
        assert sum(line.money.value for line in approving) == pytest.approx(side.totals["money"].value)
        assert sum(line.lost.value for line in side.classes) == pytest.approx(side.totals["lost"].value)
        assert 0 < side.totals["lost"].value < side.totals["money"].value
        for one in side.totals.values():
            assert one.low <= one.value <= one.high


def test_a_wider_threshold_moves_claims_from_people_to_risk_and_loses_more(result: Backtest) -> None:
    assert {(one.before, one.after) for one in result.moved} == {("person", "risk")}
    (moved,) = result.moved
    assert result.difference["claims"].value == moved.claims
    assert result.difference["lost"].value == pytest.approx(moved.lost.value)
    assert result.difference["lost"].low > 0
    assert result.difference["hours"].high < 0
    saved = moved.claims * result.minutes_per_review / 60
    assert -saved <= result.difference["hours"].value < -0.8 * saved  # some of them the audit gives back to people


def test_losses_are_the_labels_times_what_is_granted(small_observed: Observed, result: Backtest) -> None:
    """In an observing world every claim was judged, so the estimate is a plain sum; goods taken back lose nothing."""
    labels = {one["claim_id"]: one["wrong_share"] for one in pq.read_table(small_observed.path("labels")).to_pylist()}
    assert result.new.totals["unseen"].value == 0
    by_class = {line.name: line.lost.value for line in result.new.classes}
    assert by_class["recoverable"] == 0
    assert by_class["risk"] <= sum(labels.values()) * 20_000
    assert not any("no chance" in note for note in result.notes)


def test_what_nobody_could_have_seen_is_told_apart_and_what_was_drawn_stands_for_more(
    small_observed: Observed, current: Side, tmp_path: Path
) -> None:
    """Half the labels are taken away at random, every kept one with its chance of a half; then all of a quarter's."""
    whole = backtest(small_observed, current, current, count=50).new.totals
    halved = backtest(_thinned(small_observed, tmp_path / "half", dark=False), current, current, count=200).new.totals
    assert halved["lost"].low <= whole["lost"].value <= halved["lost"].high
    assert halved["unseen"].value == 0
    dark = backtest(_thinned(small_observed, tmp_path / "dark", dark=True), current, current, count=50).new.totals
    assert 0 < dark["unseen"].value < dark["money"].value == whole["money"].value


def _thinned(observed: Observed, folder: Path, *, dark: bool) -> Observed:
    folder.mkdir()
    claims = pq.read_table(observed.path("claims"))
    dice = np.random.default_rng(5)
    drawn = dice.random(claims.num_rows) < 0.5
    chance = np.full(claims.num_rows, 0.5)
    if dark:
        unseen = dice.random(claims.num_rows) < 0.25
        chance[unseen], drawn = 0.0, drawn & ~unseen
    for name, column in (
        ("draw_probability", chance), ("drawn", drawn), ("route", np.full(claims.num_rows, "risk")),
    ):  # fmt: skip
        if name in claims.column_names:
            claims = claims.drop_columns([name])
        claims = claims.append_column(name, pa.array(column))
    kept = set(np.array(claims["claim_id"].to_pylist())[drawn])
    labels = pq.read_table(observed.path("labels"))
    pq.write_table(claims, folder / "claims.parquet")
    pq.write_table(
        labels.filter(pa.array([one in kept for one in labels["claim_id"].to_pylist()])), folder / "labels.parquet"
    )
    for name in ("events.parquet", "world.json"):
        (folder / name).symlink_to(observed.folder / name)
    return Observed(folder)


def test_budgets_turn_claims_to_people(small_observed: Observed, current: Side) -> None:
    tight = policy("max_count: 20000,", "max_count: 1,")
    found = backtest(small_observed, current, replace(current, name="new", policy=tight), count=20)
    assert found.new.over_budget > 0
    assert found.difference["claims"].value < 0
    assert all(one.after == "person" for one in found.moved)


def test_rooms_are_taken_as_the_store_takes_them() -> None:
    def asked(amount: int, entity: str = "account:a") -> Reservation:
        return Reservation(
            budget="b", entity=entity, window_hours=24, amount=Money(amount), limit_amount=100, limit_count=2
        )

    budgets = Budgets()
    assert budgets.reserve([asked(60)], NOON)
    assert not budgets.reserve([asked(10, "account:b"), asked(50)], NOON)  # all or nothing
    assert budgets.reserve([asked(100, "account:b")], NOON)
    assert budgets.reserve([asked(40)], NOON + timedelta(hours=1))
    assert not budgets.reserve([asked(0)], NOON + timedelta(hours=2))  # the third
    assert not budgets.reserve([asked(100)], NOON + timedelta(hours=12))  # no window turns at midnight
    assert not budgets.reserve([asked(100)], NOON + timedelta(hours=24))  # a part of the window counts whole
    assert budgets.reserve([asked(100)], NOON + timedelta(hours=26))


def test_what_cannot_be_replayed_is_refused(small_observed: Observed, current: Side) -> None:
    other = load_policy(DEMO.replace("platform: demo", "platform: other", 1))
    with pytest.raises(ConfigurationError, match="platform"):
        backtest(small_observed, current, replace(current, policy=other))
    with pytest.raises(ConfigurationError, match="longer window"):
        backtest(small_observed, current, current, first=NOON, last=NOON + timedelta(hours=3))
    with pytest.raises(ConfigurationError, match="empty"):
        backtest(small_observed, current, current, first=NOON, last=NOON)


def test_the_reader_is_told_what_a_figure_rests_on(small_observed: Observed, current: Side) -> None:
    found = backtest(
        small_observed, replace(current, threshold=None), current, first=small_observed.start,
        last=small_observed.end, learned_until=NOON, count=10,
    )  # fmt: skip
    notes = " ".join(found.notes)
    for said in ("learned from", "no certified threshold", "is not certified", "ends earlier", "nobody adapts"):
        assert said in notes


def test_the_command(small_observed: Observed, small_run: Run, tmp_path: Path) -> None:
    bundle = write_bundle(small_run.parts, tmp_path)
    words = ["--world", str(small_observed.folder), "--current-model", str(bundle), "--from", "2026-06-01"]
    picture = tmp_path / "b.png"
    done = CliRunner().invoke(app, ["backtest", *words, "--threshold", "0.2", "--json", "--plot", str(picture)])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["data"] == "SIMULATED"
    assert found["new"]["totals"]["money"]["value"] > found["current"]["totals"]["money"]["value"]
    assert found["first"].startswith("2026-06-01T00:00:00+08:00")
    assert picture.stat().st_size > 10_000
    table = CliRunner().invoke(app, ["backtest", *words], env={"COLUMNS": "150"})
    assert table.exit_code == 0
    assert "by clause that decided" in table.output
    broken = tmp_path / "broken.yaml"
    other = platform_policy_text("demo").replace("platform: demo", "platform: other", 1)
    for written, said in (
        (b"format: 1\n", "error"),
        ("退款".encode("gbk"), "UTF-8"),
        (other.encode(), "policy of other"),
    ):
        broken.write_bytes(written)
        done = CliRunner().invoke(app, ["backtest", *words, "--policy", str(broken)])
        assert done.exit_code == 1
        assert said in done.output
