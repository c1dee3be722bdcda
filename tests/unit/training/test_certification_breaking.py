from __future__ import annotations

import numpy as np
import pytest

from service.policy.breaker import BreakerState, tripped, update
from training.certification.breaking import Setting, false_trips, first_trips, tripping

SETTING = Setting(money_per_day=4_000_000, money_per_label=400_000, life_days=90)


def test_simulated_sequences_trip_exactly_where_the_service_does() -> None:
    random = np.random.default_rng(4)
    share = np.array([0.02, 0.08, 0.2, 0.5])
    losses = (random.random((4, 120)) < share[:, None]) * random.choice([1.0, 0.4], (4, 120))
    period = np.arange(120) // 40
    found = first_trips(losses, period, 0.02, 0.05)
    assert (found > 0).sum() >= 2
    for sequence, trip in zip(losses, found, strict=True):
        state, expected = BreakerState(), 0
        for number, loss in enumerate(sequence):
            state = update(state, float(loss), period=int(period[number]))
            if tripped(state, 0.02, 0.05):
                expected = number + 1
                break
        assert trip == expected


def test_the_worse_it_is_the_sooner_it_trips() -> None:
    found = [tripping(SETTING, times, 100, 1) for times in (2.0, 4.0, 10.0)]
    assert found[0].tripped <= found[1].tripped <= found[2].tripped == 1.0
    medians = [one.labels[0] for one in found[1:]]
    assert all(median is not None for median in medians)
    assert medians == sorted(medians, reverse=True)  # type: ignore[type-var]
    ten = found[2]
    assert ten.labels[0] is not None
    # Lost: what labels stand for until the trip, and what was approved while they were on their way.
    assert ten.lost[0] == round(0.2 * (ten.labels[0] * 400_000 + 7 * 4_000_000))


def test_labels_are_counted_from_where_it_went_wrong() -> None:
    late = tripping(SETTING, 10.0, 100, 1, after=300)
    assert late.tripped > 0.99
    assert late.labels[0] is not None
    assert late.labels[0] < 60


def test_false_trips_are_as_rare_as_promised() -> None:
    found = false_trips(SETTING, 1.0, 300, 3)
    assert found.low <= 0.05 * 365 / 90
    assert false_trips(SETTING, 0.0, 50, 3).per_year == 0.0


def test_a_life_has_periods_of_a_month() -> None:
    assert SETTING.labels_in_life == 900
    np.testing.assert_array_equal(np.unique(SETTING.period(np.arange(900))), [0, 1, 2])
    assert Setting(money_per_day=1, life_days=1).labels_in_life == 1


@pytest.mark.parametrize("loss", [0.0, 1.0])
def test_certain_sequences(loss: float) -> None:
    found = first_trips(np.full((3, 50), loss), np.zeros(50, dtype=np.int64), 0.02, 0.05)
    assert ((found > 0) & (found < 6)).all() if loss else (found == 0).all()
