from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.money import Money, Rounding

DECIMAL = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}


@pytest.mark.parametrize(
    ("minor", "parts", "rounded"),
    [
        # minor / parts: half up, half even, down, up
        (5, 2, (3, 2, 2, 3)),
        (7, 2, (4, 4, 3, 4)),
        (1, 3, (0, 0, 0, 1)),
        (-5, 2, (-3, -2, -2, -3)),
        (4, 2, (2, 2, 2, 2)),
    ],
)
def test_each_way_of_rounding(minor: int, parts: int, rounded: tuple[int, ...]) -> None:
    assert tuple(Money(minor).share(1, parts, way).minor for way in Rounding) == rounded


@given(
    minor=st.integers(-(10**15), 10**15),
    numerator=st.integers(0, 10**6),
    denominator=st.integers(1, 10**6),
    rounding=st.sampled_from(Rounding),
)
def test_a_share_is_what_exact_decimals_say(minor: int, numerator: int, denominator: int, rounding: Rounding) -> None:
    share = Money(minor, "JPY").share(numerator, denominator, rounding)
    assert share.currency == "JPY"
    exact_quotient, rest = divmod(abs(minor * numerator), denominator)
    with localcontext() as context:
        context.prec = 60
        expected = (Decimal(exact_quotient) + Decimal(rest) / denominator).quantize(Decimal(1), DECIMAL[rounding])
    assert abs(share.minor) == int(expected)


def test_what_lies_just_under_a_half_is_not_rounded_up() -> None:
    digits = 10**40
    assert Money(1).share(digits - 1, 2 * digits) == Money(0)
