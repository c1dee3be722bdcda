from __future__ import annotations

import math

import pytest
from policy_builders import DEMO

from service.domain.money import Money
from service.policy import audit_draw, draw_probability
from service.policy.audit import uniform

SECRET = b"a secret of this test"


def test_the_chance_grows_with_the_amount_and_stops_at_one() -> None:
    assert draw_probability(DEMO, Money(4000)) == 0.01
    assert draw_probability(DEMO, Money(400000)) == 1.0
    assert draw_probability(DEMO, Money(10**9)) == 1.0
    assert draw_probability(DEMO, Money(-5)) == 0.0
    assert draw_probability(DEMO, Money(1, "USD")) == 1.0


def test_the_lot_hangs_on_secret_platform_and_order_alone() -> None:
    lot = uniform(SECRET, "demo", "A1")
    assert lot == uniform(SECRET, "demo", "A1")
    assert (
        len({lot, uniform(b"other", "demo", "A1"), uniform(SECRET, "demo2", "A1"), uniform(SECRET, "demo", "A2")}) == 4
    )
    assert uniform(SECRET, "ab", "c") != uniform(SECRET, "a", "bc")


def test_applying_again_for_less_never_draws_who_was_not_drawn() -> None:
    for number in range(300):
        _, for_much = audit_draw(DEMO, SECRET, "demo", str(number), Money(200000))
        _, for_little = audit_draw(DEMO, SECRET, "demo", str(number), Money(20000))
        assert for_much or not for_little


def test_lots_are_uniform() -> None:
    lots = sorted(uniform(SECRET, "demo", str(number)) for number in range(4000))
    assert lots[0] >= 0
    assert lots[-1] < 1
    # Kolmogorov-Smirnov at a false-alarm rate of 0.1 %; the secret is fixed, so the outcome is too.
    gap = max(abs(lot - (index + 0.5) / 4000) for index, lot in enumerate(lots)) + 0.5 / 4000
    assert gap < math.sqrt(math.log(2 / 0.001) / 2 / 4000)


def test_without_a_secret_there_is_no_draw() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        audit_draw(DEMO, b"", "demo", "A1", Money(1))
