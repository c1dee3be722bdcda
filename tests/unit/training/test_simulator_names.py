from __future__ import annotations

import ipaddress
from datetime import UTC, datetime

import numpy as np

from training.simulator.calendar import Span
from training.simulator.names import Names

NAMES = Names(Span(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)), np.array([0.0, 60.0]), 7)


def test_every_number_has_a_name_of_its_own() -> None:
    numbers = [*range(3000), *range(400_000, 403_000), 2**22 - 1]
    for write in (NAMES.account, NAMES.device, NAMES.payer, NAMES.address, NAMES.seller, NAMES.product):
        assert len({write(number) for number in numbers}) == len(numbers)


def test_addresses_belong_to_nobody() -> None:
    nobody = ipaddress.ip_network("100.64.0.0/10")
    assert all(ipaddress.ip_address(NAMES.address(number)) in nobody for number in (0, 1, 65_535, 462_000, 2**22 - 1))


def test_a_name_does_not_tell_what_range_its_number_is_from() -> None:
    """Shared devices of rings and thieves are numbered above everybody's own."""
    own = [int(NAMES.device(number).removeprefix("dev-"), 16) for number in range(0, 300_000, 100)]
    shared = [int(NAMES.device(number).removeprefix("dev-"), 16) for number in range(310_000, 313_000)]
    assert abs(np.mean(own) - np.mean(shared)) < 0.05 * 2**32


def test_cases_of_two_worlds_differ() -> None:
    other = Names(NAMES.span, NAMES.ordered, 8)
    assert NAMES.case(1) != other.case(1)
    assert NAMES.case(1).version == 8
