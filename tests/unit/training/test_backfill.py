from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.domain.errors import ConfigurationError
from service.features import FEATURE_NAMES
from service.policy import load_platform_policy
from training.backfill import Backfill, backfill, read_rows
from training.datasets import build_dataset
from training.engines import EngineName
from training.observed import Observed
from training.pipeline import Run, caps_of
from training.spark import java_home

CAPS = caps_of(load_platform_policy("demo"))


@pytest.fixture(scope="module")
def made(small_observed: Observed, tmp_path_factory: pytest.TempPathFactory) -> Backfill:
    return backfill(small_observed, CAPS, tmp_path_factory.mktemp("rows") / "rows.parquet")


def test_rows_on_disk_are_the_rows_that_train(made: Backfill, small_observed: Observed, small_run: Run) -> None:
    rows = read_rows(made.out, small_observed, CAPS)
    np.testing.assert_array_equal(rows, small_run.dataset.rows)
    assert rows.dtype == np.float32
    assert np.isnan(rows).any()
    assert build_dataset(small_observed, CAPS, rows=rows).claim_ids == small_run.dataset.claim_ids


def test_counts_hash_and_memory_are_told(made: Backfill, small_observed: Observed) -> None:
    assert (made.claims, made.events) == (small_observed.facts["claims"], small_observed.facts["events"])
    assert made.features == len(FEATURE_NAMES)
    assert len(made.rows_hash) == 64
    assert 50 < made.peak_mib < 20_000
    assert 0 < made.seconds < 600


def test_the_size_of_a_batch_changes_nothing(made: Backfill, small_observed: Observed, tmp_path: Path) -> None:
    """Events that no claim of a batch can see are dropped; were one too many dropped, cells would change."""
    pieces = backfill(small_observed, CAPS, tmp_path / "rows.parquet", batch=450)
    assert pieces.rows_hash == made.rows_hash
    assert pq.read_table(pieces.out).equals(pq.read_table(made.out))


def test_rows_of_other_tables_or_limits_are_refused(made: Backfill, small_observed: Observed, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(small_observed.folder, folder, ignore=shutil.ignore_patterns("truth"))
    labels = pq.read_table(folder / "labels.parquet")
    pq.write_table(labels.slice(1), folder / "labels.parquet")
    with pytest.raises(ConfigurationError, match="different data hash"):
        read_rows(made.out, Observed(folder), CAPS)
    with pytest.raises(ConfigurationError, match="different set of limits"):
        read_rows(made.out, small_observed, type(CAPS)(auto_amount=1, one_click_amount=1))
    with pytest.raises(ConfigurationError, match="prereview-train backfill"):
        read_rows(tmp_path / "none.parquet", small_observed, CAPS)


def test_a_backfill_that_fails_leaves_what_was_there(small_observed: Observed, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(small_observed.folder, folder, ignore=shutil.ignore_patterns("truth"))
    claims = pq.read_table(folder / "claims.parquet")
    records = [*claims["record"].to_pylist()[:-1], "{}"]
    broken = claims.set_column(claims.column_names.index("record"), "record", pa.array(records))
    pq.write_table(broken, folder / "claims.parquet")
    out = tmp_path / "rows.parquet"
    out.write_text("as it was")
    with pytest.raises(ConfigurationError, match=claims["claim_id"][-1].as_py()):
        backfill(Observed(folder), CAPS, out)
    assert out.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "rows.parquet"]


def test_histories_that_do_not_fit_say_what_to_do(small_observed: Observed, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="did not fit into 16 MiB"):
        backfill(small_observed, CAPS, tmp_path / "rows.parquet", memory_mib=16)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("claims", lambda table: table.drop_columns(["checks"]), "lacks the column checks"),
        ("events", lambda table: table.drop_columns(["recorded_at"]), "lacks the column recorded_at"),
        ("claims", lambda table: pa.concat_tables([table, table.slice(0, 1)]), "more than once"),
        ("labels", lambda table: pa.concat_tables([table, table.slice(3, 1)]), "more than once"),
        (
            "claims",
            lambda table: table.set_column(1, "as_of", table["as_of"].cast(pa.timestamp("us"))),
            "must be a moment with a zone",
        ),
    ],
)
def test_tables_that_cannot_be_right_are_named(
    small_observed: Observed, tmp_path: Path, table: str, change: Callable[[pa.Table], pa.Table], says: str
) -> None:
    folder = tmp_path / "world"
    shutil.copytree(small_observed.folder, folder, ignore=shutil.ignore_patterns("truth"))
    pq.write_table(change(pq.read_table(folder / f"{table}.parquet")), folder / f"{table}.parquet")
    with pytest.raises(ConfigurationError, match=says):
        backfill(Observed(folder), CAPS, tmp_path / "rows.parquet")


def test_a_java_that_is_not_there_is_one_sentence(
    small_observed: Observed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="Spark is installed with: make spark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java_home() == tmp_path
    with pytest.raises(ConfigurationError, match="JAVA_HOME"):
        backfill(small_observed, CAPS, tmp_path / "rows.parquet", engine=EngineName.SPARK)
