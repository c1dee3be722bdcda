"""Three weeks of the simulated card transactions of Le Borgne, Siblini, Lebichot and Bontempi, *Reproducible machine
learning for credit card fraud detection* (2022), with the book's own features, split as the book splits them.

Training 07-25 to 07-31, a delay of 7 days in which labels become known, test 08-08 to 08-14 without the cards already
known as compromised: those with a fraud in training, and from day to day those whose fraud the delay has uncovered.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from service.domain.history import EventKind
from service.features import Aggregate, Entity, Measure
from training.boosting import Indices
from training.tabular.external import External, Target, contest_of, read_table
from training.tabular.history import as_of, events

FILE = "handbook_2018-07-25_2018-08-14.csv.gz"
TRAIN_DAYS, DELAY_DAYS, TEST_DAYS = 7, 7, 7
TARGET = Target(0.874, 0.657, "the book's random forest, run again on this slice")
_WINDOWS = (1, 7, 30)
BOOK = (
    "TX_AMOUNT",
    "TX_DURING_WEEKEND",
    "TX_DURING_NIGHT",
    *(f"CUSTOMER_ID_{what}_{days}DAY_WINDOW" for days in _WINDOWS for what in ("NB_TX", "AVG_AMOUNT")),
    *(f"TERMINAL_ID_{what}_{days}DAY_WINDOW" for days in _WINDOWS for what in ("NB_TX", "RISK")),
)
COLUMNS = ("TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_FRAUD", *BOOK)
# A terminal with few transactions is pulled to the base rate: as in service.features, by a prior of so many.
_PRIOR_TRANSACTIONS, _PRIOR_RATE = 5.0, 0.01


def load(folder: Path, *, check: bool = True) -> External:
    """ConfigurationError where the table is missing or another one. ``check``: hold our aggregates against the book's
    columns, some seconds."""
    table = read_table(folder / FILE, COLUMNS)
    at = pd.to_datetime(table["TX_DATETIME"], utc=True)
    day = np.asarray((at.dt.normalize() - at.dt.normalize().min()).dt.days, dtype=np.int64)
    wrong = table["TX_FRAUD"].to_numpy(np.int64)
    rows = _rows(table)
    contest = contest_of(
        rows,
        wrong,
        table["TX_AMOUNT"],
        table["CUSTOMER_ID"].astype(str).to_numpy(dtype=np.str_),
        [_direction(name) for name in rows.columns],
        (
            np.flatnonzero(day < TRAIN_DAYS - 2),
            np.flatnonzero(day == TRAIN_DAYS - 2),
            np.flatnonzero(day == TRAIN_DAYS - 1),
            judged(day, wrong, table["CUSTOMER_ID"].to_numpy(np.int64)),
        ),
    )
    return External(
        name="handbook",
        how="the book's features, amounts over the customer's own means, smoothed terminal risk; 5 days learned from, "
        "1 to stop, 1 to calibrate, a delay of 7, 7 days judged without cards known as compromised",
        contest=contest,
        folds=((contest.learning, contest.watching),),
        target=TARGET,
        agreement=_agreement(table, at, day) if check else {},
    )


def judged(day: Indices, wrong: Indices, customer: Indices) -> Indices:
    """Test rows, day by day without the customers known by then: known are those with a fraud in training and, on each
    test day, those with one on the day that has just left the delay."""
    known = set(customer[(day < TRAIN_DAYS) & (wrong == 1)].tolist())
    kept = []
    for number in range(TEST_DAYS):
        uncovered = day == TRAIN_DAYS + number - 1
        known |= set(customer[uncovered & (wrong == 1)].tolist())
        today = np.flatnonzero(day == TRAIN_DAYS + DELAY_DAYS + number)
        kept.append(today[~np.isin(customer[today], list(known))])
    return np.concatenate(kept).astype(np.int64)


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    rows = table[list(BOOK)].copy()
    for days in _WINDOWS:
        usual = table[f"CUSTOMER_ID_AVG_AMOUNT_{days}DAY_WINDOW"]
        rows[f"amount_over_customer_{days}d"] = table["TX_AMOUNT"] / usual.clip(lower=0.01)
        rows[f"customer_amount_{days}d"] = usual * table[f"CUSTOMER_ID_NB_TX_{days}DAY_WINDOW"]
        seen = table[f"TERMINAL_ID_NB_TX_{days}DAY_WINDOW"]
        frauds = table[f"TERMINAL_ID_RISK_{days}DAY_WINDOW"] * seen
        rows[f"terminal_risk_smoothed_{days}d"] = (frauds + _PRIOR_TRANSACTIONS * _PRIOR_RATE) / (
            seen + _PRIOR_TRANSACTIONS
        )
    month = table["CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW"].clip(lower=0.01)
    for days in (1, 7):
        rows[f"customer_mean_{days}d_over_30d"] = table[f"CUSTOMER_ID_AVG_AMOUNT_{days}DAY_WINDOW"] / month
    return rows


def _direction(name: str) -> int:
    return int("RISK" in name or "risk" in name or name == "TX_AMOUNT" or name.startswith("amount_over"))


_CHECKED = (
    Aggregate(
        name="customer_1d", entity=Entity.ACCOUNT, kinds=(EventKind.PAYMENT,), measure=Measure.COUNT, window_days=1
    ),
    Aggregate(
        name="customer_7d", entity=Entity.ACCOUNT, kinds=(EventKind.PAYMENT,), measure=Measure.COUNT, window_days=7
    ),
    # What the book counts with a delay of 7 days over 7 is, recorded 7 days late, a window of 14.
    Aggregate(
        name="terminal_frauds_7d",
        entity=Entity.SELLER,
        kinds=(EventKind.CHARGEBACK,),
        measure=Measure.COUNT,
        window_days=14,
    ),
)


def _agreement(table: pd.DataFrame, at: pd.Series[pd.Timestamp], day: Indices) -> dict[str, float]:
    """Our as-of aggregates against the book's columns, where the slice holds the whole window: share of equal rows."""
    entities = {
        Entity.ACCOUNT: table["CUSTOMER_ID"].astype(str),
        Entity.SELLER: table["TERMINAL_ID"].astype(str),
    }
    minor = (table["TX_AMOUNT"] * 100).round().astype("int64")
    fraud = table["TX_FRAUD"].eq(1)
    past = [
        events(at, EventKind.PAYMENT, entities, minor, pd.Timedelta(0)),
        events(
            at[fraud],
            EventKind.CHARGEBACK,
            {entity: ids[fraud] for entity, ids in entities.items()},
            minor[fraud],
            pd.Timedelta(days=DELAY_DAYS),
        ),
    ]
    ours = as_of(at, entities, past, _CHECKED)
    # The book's customer windows count the transaction itself.
    theirs = {
        "customer_1d": (table["CUSTOMER_ID_NB_TX_1DAY_WINDOW"] - 1, 1),
        "customer_7d": (table["CUSTOMER_ID_NB_TX_7DAY_WINDOW"] - 1, 7),
        "terminal_frauds_7d": (
            (table["TERMINAL_ID_RISK_7DAY_WINDOW"] * table["TERMINAL_ID_NB_TX_7DAY_WINDOW"]).round(),
            14,
        ),
    }
    return {
        name: float((ours[name].to_numpy() == column.to_numpy())[day >= days].mean())
        for name, (column, days) in theirs.items()
    }
