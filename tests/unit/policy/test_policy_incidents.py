"""A jump is an incident where chance does not explain it; one account never makes one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from service.domain.incidents import Jump, Struck
from service.policy.incidents import AT_LEAST, chance, is_incident


def jump(count: int, usual: float) -> Jump:
    return Jump(
        struck=Struck.SELLER, struck_id="s", count=count, usual=usual, first_at=datetime(2026, 11, 1, tzinfo=UTC)
    )


@given(st.integers(0, 400), st.floats(0.5, 300))
def test_the_tail_is_poissons(count, mean):
    assert chance(count, mean) == pytest.approx(poisson.sf(count - 1, mean), abs=1e-11)


def test_thirty_claims_on_a_quiet_seller_are_an_incident_and_on_a_busy_one_are_not():
    assert is_incident(jump(30, 0.1))
    assert not is_incident(jump(30, 20.0))
    assert is_incident(jump(60, 20.0))


def test_few_accounts_never_are():
    assert not is_incident(jump(AT_LEAST - 1, 0.0))


@given(st.integers(AT_LEAST, 500), st.floats(0, 400))
def test_more_claims_never_make_it_less_of_one(count, usual):
    assert not is_incident(jump(count, usual)) or is_incident(jump(count + 1, usual))
