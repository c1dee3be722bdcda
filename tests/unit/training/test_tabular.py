"""The external tables' own rules on tables made here; the real ones where PREREVIEW_EXTERNAL_DATA has them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from service.domain.errors import ConfigurationError
from service.domain.history import EventKind
from service.features import Aggregate, Entity, Measure
from training.recipe import load_recipe
from training.tabular import chargebacks, handbook
from training.tabular.external import read_table, run
from training.tabular.history import as_of, events

_EXTERNAL = os.environ.get("PREREVIEW_EXTERNAL_DATA")
TABLES = Path(_EXTERNAL) / "tabular" if _EXTERNAL else None
external = pytest.mark.skipif(
    TABLES is None or not (TABLES / chargebacks.FILE).is_file(),
    reason="PREREVIEW_EXTERNAL_DATA does not point to a folder with tabular/",
)


def test_a_card_is_left_out_once_its_fraud_is_known_and_not_before() -> None:
    """Days 0-6 train, 7-13 delay, 14-20 test. Card 1: fraud in training. Card 2: fraud on day 8, known from day 16.
    Card 3: fraud on day 13, known only after the test. Card 4: honest."""
    rows = [(day, card, 0) for day in range(14, 21) for card in (1, 2, 3, 4)] + [(3, 1, 1), (8, 2, 1), (13, 3, 1)]
    day, card, wrong = (np.array(column) for column in zip(*rows, strict=True))
    kept = handbook.judged(day, wrong, card)
    assert {int(one) for one in card[kept]} == {2, 3, 4}
    assert sorted(day[kept][card[kept] == 2]) == [14, 15]
    assert sorted(day[kept][card[kept] == 3]) == list(range(14, 21))


def test_what_is_recorded_late_is_not_seen_early() -> None:
    at = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-05", "2024-01-12"], utc=True))
    cards = {Entity.ACCOUNT: pd.Series(["a", "a", "a"])}
    told = events(at, EventKind.CHARGEBACK, cards, pd.Series([100, 200, 300]), pd.Timedelta(days=7))
    count = Aggregate(
        name="known", entity=Entity.ACCOUNT, kinds=(EventKind.CHARGEBACK,), measure=Measure.COUNT, window_days=31
    )
    assert as_of(at, cards, [told], [count])["known"].tolist() == [0.0, 0.0, 1.0]


def test_an_id_that_is_not_there_gives_no_count() -> None:
    at = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02"], utc=True))
    devices = {Entity.DEVICE: pd.Series(["d", None])}
    seen = events(at, EventKind.PAYMENT, devices, pd.Series([1, 2]), pd.Timedelta(0))
    count = Aggregate(
        name="seen", entity=Entity.DEVICE, kinds=(EventKind.PAYMENT,), measure=Measure.COUNT, window_days=7
    )
    found = as_of(at, devices, [seen], [count])["seen"]
    assert found[0] == 0.0
    assert np.isnan(found[1])


def test_a_table_that_is_missing_or_another_one_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--data"):
        chargebacks.load(tmp_path)
    (tmp_path / chargebacks.FILE).write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ConfigurationError, match="lacks the columns transaction_id"):
        chargebacks.load(tmp_path)
    (tmp_path / handbook.FILE).write_bytes(b"\x1f\x8bnot gzip")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        handbook.load(tmp_path)
    with pytest.raises(ConfigurationError, match="is not there"):
        read_table(tmp_path / "none.csv", ())


@external
def test_the_chargeback_table_is_reached_without_a_label_in_any_feature() -> None:
    assert TABLES is not None
    table = chargebacks.load(TABLES)
    judged = table.contest.judged
    assert len(judged) == 640
    found = run(table, load_recipe().model, 1)
    assert found.reached, found.comparison.standings[-1]


@external
def test_labels_change_no_feature(tmp_path: Path) -> None:
    """Turned around, they leave every row as it was."""
    assert TABLES is not None
    frame = pd.read_csv(TABLES / chargebacks.FILE)
    frame["has_cbk"] = ~frame["has_cbk"].astype(str).str.upper().eq("TRUE")
    frame.to_csv(tmp_path / chargebacks.FILE, index=False)
    one, other = chargebacks.load(TABLES).contest, chargebacks.load(tmp_path).contest
    np.testing.assert_array_equal(one.judged.rows, other.judged.rows)
    np.testing.assert_array_equal(one.learning.rows, other.learning.rows)
    assert (one.judged.wrong == 1 - other.judged.wrong).all()


@external
@pytest.mark.proof
def test_the_handbook_s_slice_is_reached_and_its_own_aggregates_are_ours() -> None:
    assert TABLES is not None
    table = handbook.load(TABLES)
    assert len(table.contest.judged) == 58_264
    assert int(table.contest.judged.wrong.sum()) == 385
    assert min(table.agreement.values()) > 0.9999
    found = run(table, load_recipe().model, 1)
    assert found.reached, found.comparison.standings[-1]
