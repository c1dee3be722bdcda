from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.policy.breaker import (
    BreakerState,
    TripCause,
    audit_weight,
    ceiling_trip,
    deserialise,
    expiry_trip,
    loss_share,
    loss_trip,
    period_of,
    serialise,
    share_at_least,
    tripped,
    trips,
    update,
)
from service.policy.confidence import BETS, Value, log_capital, lower_bound

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ALPHA, DELTA = 0.02, 0.05

labels = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([1.0, 0.5, 0.075]), st.integers(0, 5)), min_size=1, max_size=40
)


def state_of(shares: list[float], period: int = 0) -> BreakerState:
    state = BreakerState()
    for share in shares:
        state = update(state, share, period=period)
    return state


def test_clean_labels_never_trip_and_wrong_ones_do() -> None:
    clean = state_of([0.0] * 500)
    assert not tripped(clean, ALPHA, DELTA)
    assert share_at_least(clean, DELTA) == 0.0
    wrong = state_of([1.0] * 3)
    assert tripped(wrong, ALPHA, DELTA)
    assert not tripped(BreakerState(), ALPHA, DELTA)


def test_capital_is_what_its_definition_says() -> None:
    """One period: half the capital plays from the start, the other half has not begun yet."""
    shares = [0.0, 1.0, 0.4, 0.0]
    played = np.mean([np.prod([1 + bet * (x / ALPHA - 1) for x in shares]) for bet in BETS])
    assert log_capital(state_of(shares).values, ALPHA) == pytest.approx(math.log(0.5 * played + 0.5))


def test_capital_of_several_periods_is_spread_over_beginnings() -> None:
    values = [Value(0, 0.0, 1.0, 30), Value(2, 1.0, 1.0, 2), Value(3, 0.0, 0.5, 4)]

    def played(beginning: int) -> float:
        each = [
            np.prod([(1 + bet * v.weight * (v.value / ALPHA - 1)) ** v.times for v in values if v.period >= beginning])
            for bet in BETS
        ]
        return float(np.mean(each))

    expected = sum(played(start) / ((start + 1) * (start + 2)) for start in range(4)) + 1 / 5
    assert log_capital(values, ALPHA) == pytest.approx(math.log(expected))


@given(labels, st.randoms(use_true_random=False))
def test_the_order_of_labels_leaves_no_trace(found: list[tuple[float, float, int]], shuffler: random.Random) -> None:
    def built(entries: list[tuple[float, float, int]]) -> BreakerState:
        state = BreakerState()
        for share, weight, period in entries:
            state = update(state, share, weight=weight, period=period)
        return state

    mixed = list(found)
    shuffler.shuffle(mixed)
    state = built(found)
    assert state == built(mixed)
    assert state.labels == len(found)
    assert deserialise(serialise(state)) == state


@given(labels, st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_capital_falls_as_the_mean_bet_against_rises(
    found: list[tuple[float, float, int]], one: float, other: float
) -> None:
    values = [Value(period, share, weight, 1) for share, weight, period in found]
    low, high = sorted((one, other))
    assert log_capital(values, low) >= log_capital(values, high) - 1e-9


@given(labels)
def test_it_trips_exactly_where_the_lower_bound_passes_alpha(found: list[tuple[float, float, int]]) -> None:
    state = BreakerState()
    for share, weight, period in found:
        state = update(state, share, weight=weight, period=period)
    bound = lower_bound(state.values, DELTA)
    if abs(bound - ALPHA) > 1e-9:
        assert tripped(state, ALPHA, DELTA) == (bound > ALPHA)


def test_false_trips_stay_below_delta_however_often_one_looks() -> None:
    """At a share of exactly alpha, 600 labels over six periods, looked at after each one."""
    worlds, random_ = 400, np.random.default_rng(7)
    tripping = 0
    for _ in range(worlds):
        wrong = np.flatnonzero(random_.random(600) < ALPHA)
        state, counted = BreakerState(), 0
        # Capital only rises with a wrong label, so it is enough to look after those.
        for number in wrong:
            for position in range(counted, number + 1):
                state = update(state, float(position == number), period=position // 100)
            counted = number + 1
            if tripped(state, ALPHA, DELTA):
                tripping += 1
                break
    assert tripping <= worlds * DELTA + 3 * math.sqrt(worlds * DELTA * (1 - DELTA))


def test_a_long_good_past_does_not_hide_a_bad_present() -> None:
    def labels_until_trip(clean: int, *, fresh: bool) -> int:
        state = state_of([0.0] * clean)
        for number in range(1, 2000):
            state = update(state, float(number % 5 == 0), period=3 if fresh else 0)
            if tripped(state, ALPHA, DELTA):
                return number
        return 2000

    assert labels_until_trip(1000, fresh=True) <= labels_until_trip(0, fresh=True) + 10
    assert labels_until_trip(1000, fresh=False) > 2 * labels_until_trip(1000, fresh=True)


@pytest.mark.parametrize("share", [-0.01, 1.01, math.nan, math.inf])
def test_a_loss_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        update(BreakerState(), share)


@pytest.mark.parametrize(("weight", "period"), [(0.0, 0), (1.1, 0), (math.nan, 0), (1.0, -1)])
def test_a_weight_or_period_outside_its_range_is_refused(weight: float, period: int) -> None:
    with pytest.raises(ValueError, match=r"weight|periods"):
        update(BreakerState(), 0.0, weight=weight, period=period)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"format":2,"values":[]}',
        '{"format":1,"values":[[0,2.0,1.0,1]]}',
        '{"format":1,"values":[[0,NaN,1.0,1]]}',
        '{"format":1,"values":[[0,0.5,1.0,0]]}',
        '{"format":1,"values":[[0,0.5,1.0,1],[0,0.5,1.0,1]]}',
        '{"format":1,"values":[[0,0.5]]}',
    ],
)
def test_a_damaged_state_does_not_pass_for_an_empty_one(text: str) -> None:
    with pytest.raises(ValueError, match="not a breaker's state"):
        deserialise(text)


def test_an_alpha_of_zero_is_refuted_by_any_loss_and_of_one_by_none() -> None:
    assert tripped(state_of([0.0, 0.1]), 0.0, DELTA)
    assert not tripped(state_of([0.0]), 0.0, DELTA)
    assert not tripped(state_of([1.0] * 100), 1.0, DELTA)


@pytest.mark.parametrize(
    ("due", "recovered", "share"),
    [(1000, 0, 0.0), (0, 0, 1.0), (500, 0, 0.5), (0, 250, 0.75), (600, 700, 0.0), (2000, 0, 0.0)],
)
def test_a_loss_is_what_was_granted_but_not_due_and_not_recovered(due: int, recovered: int, share: float) -> None:
    assert loss_share(1000, due, recovered) == share
    for bad in ((0, 0, 0), (1000, -1, 0), (1000, 0, -1)):
        with pytest.raises(ValueError, match="granted"):
            loss_share(*bad)


def test_weights_follow_the_money_a_label_stands_for() -> None:
    assert audit_weight(100, 400_000, 30_000) == 1.0  # every chance is below 1: every label stands for as much
    assert audit_weight(100, 10_000, 30_000) == pytest.approx(1 / 3)
    assert audit_weight(10_000, 10_000, 30_000) == pytest.approx(1 / 3)
    assert audit_weight(30_000, 10_000, 30_000) == 1.0


def test_periods_count_from_the_certificate() -> None:
    assert period_of(NOW + timedelta(days=29), NOW) == 0
    assert period_of(NOW + timedelta(days=61), NOW) == 2
    assert period_of(NOW - timedelta(days=3), NOW) == 0


def test_expiry_and_ceiling() -> None:
    assert expiry_trip(NOW, NOW - timedelta(seconds=1)) is None
    expired = expiry_trip(NOW, NOW)
    assert expired is not None
    assert "2026-11-22" in expired.text.en
    assert ceiling_trip(99, 100) is None
    assert ceiling_trip(100, 100) is not None
    assert ceiling_trip(90, 100, 10) is None
    assert ceiling_trip(90, 100, 11) is not None
    with pytest.raises(ValueError, match="negative"):
        ceiling_trip(-1, 100)


def test_every_reason_to_stop_is_told() -> None:
    found = trips(state_of([1.0] * 5), alpha=ALPHA, delta=DELTA, expires_at=NOW, now=NOW, approved_today=5, ceiling=5)
    assert [trip.cause for trip in found] == [TripCause.LOSS, TripCause.EXPIRED, TripCause.CEILING]
    assert "5 audited claims" in found[0].text.en
    assert loss_trip(BreakerState(), ALPHA, DELTA) is None
    assert not trips(BreakerState(), alpha=ALPHA, delta=DELTA, expires_at=None, now=NOW, approved_today=0, ceiling=None)
