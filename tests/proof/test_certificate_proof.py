"""The certificate over thousands of resampled worlds: kept promises, and issued where deserved."""

from __future__ import annotations

import pytest

from training.certification.proof import DELTA, Count, Power, prove

pytestmark = pytest.mark.proof

WORLDS, POWER_WORLDS = 2000, 200


@pytest.fixture(scope="module")
def proved() -> tuple[dict[float, tuple[Count, ...]], tuple[Power, ...]]:
    return prove(WORLDS, POWER_WORLDS, seed=20261122)


def test_the_promise_is_broken_in_no_more_than_delta_of_worlds(
    proved: tuple[dict[float, tuple[Count, ...]], tuple[Power, ...]],
) -> None:
    for times, counts in proved[0].items():
        for one in counts:
            if "claims tested" not in one.name:
                assert one.keeps, f"{one.name} at {times} x alpha: {one.broken} of {one.worlds}"
            print(f"{times:g} {one.name}: {one.broken / one.worlds:.3f} ({one.low:.3f} to {one.high:.3f})")


def test_a_test_that_takes_claims_for_independent_breaks_it_in_rings(
    proved: tuple[dict[float, tuple[Count, ...]], tuple[Power, ...]],
) -> None:
    for counts in proved[0].values():
        naive = [one for one in counts if "no entity cap" in one.name]
        assert naive
        assert all(one.low > 2 * DELTA for one in naive)


def test_a_certificate_is_issued_where_it_is_deserved(
    proved: tuple[dict[float, tuple[Count, ...]], tuple[Power, ...]],
) -> None:
    """Without it, refusing everything would pass the tests above."""
    found = {(one.labels, one.share): one for one in proved[1]}
    assert found[600, 0.0].sequence >= 0.99
    assert found[600, 0.2].sequence >= 0.9
    assert found[1200, 0.5].sequence >= 0.7
    assert min(found[600, 0.2].ringed, found[1200, 0.2].ringed) >= 0.9
