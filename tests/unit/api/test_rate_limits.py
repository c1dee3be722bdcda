"""What a key may ask, as it is counted and as it is told."""

from __future__ import annotations

import pytest

from service.api.errors import TooManyRequests
from service.api.rate_limits import Places, RateLimits

CLASSES = {"standard": "3/minute; 5/hour", "unlimited": "", "bulk": "100/10 second"}


async def test_what_is_left_is_told_in_the_drafts_fields() -> None:
    limits = RateLimits(CLASSES)
    told = await limits.spend("a", "standard")
    assert told["RateLimit-Policy"] == '"minute";q=3;w=60, "hour";q=5;w=3600'
    minute, hour = told["RateLimit"].split(", ")
    assert minute.startswith('"minute";r=2;t=')
    assert hour.startswith('"hour";r=4;t=')
    assert (await limits.spend("b", "bulk"))["RateLimit-Policy"] == '"10-seconds";q=100;w=10'
    assert await limits.spend("c", "unlimited") == {}


async def test_a_key_that_used_up_its_window_waits_and_others_do_not() -> None:
    limits = RateLimits(CLASSES)
    for _ in range(3):
        await limits.spend("a", "standard")
    with pytest.raises(TooManyRequests) as refused:
        await limits.spend("a", "standard")
    assert refused.value.status == 429
    assert refused.value.retry_after is not None
    assert 1 <= refused.value.retry_after <= 120
    assert refused.value.headers["RateLimit"].startswith('"minute";r=0;t=')
    # Refused requests cost nothing: the hour still has room.
    assert '"hour";r=2' in refused.value.headers["RateLimit"]
    await limits.spend("b", "standard")


async def test_a_batch_costs_what_it_carries_and_takes_all_or_nothing() -> None:
    limits = RateLimits(CLASSES)
    await limits.spend("a", "bulk", 60)
    with pytest.raises(TooManyRequests):
        await limits.spend("a", "bulk", 60)
    assert '"10-seconds";r=0' in (await limits.spend("a", "bulk", 40))["RateLimit"]
    # One larger than a whole window can still pass, alone.
    assert '"10-seconds";r=0' in (await limits.spend("b", "bulk", 5_000))["RateLimit"]


async def test_each_of_several_processes_holds_to_its_part() -> None:
    told = await RateLimits({"standard": "100/second; 1/minute"}, processes=4).spend("a", "no such class")
    assert told["RateLimit-Policy"] == '"second";q=25;w=1, "minute";q=1;w=60'


def test_no_key_takes_every_place() -> None:
    places = Places(4)
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert [places.take("b"), places.take("c"), places.take("d")] == [True, True, False]
    places.give_back("a")
    assert places.take("d")


def test_a_door_nobody_is_known_at_takes_few_places() -> None:
    places = Places(16)
    assert [places.take("door", few=True) for _ in range(3)] == [True, True, False]
    places.give_back("door")
    assert places.take("door", few=True)
