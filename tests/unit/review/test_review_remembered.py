"""Figures kept for a while: asked once, by whoever comes first, and not for ever."""

from __future__ import annotations

import asyncio

import pytest

from service.review.remembered import Remembered


class Counting:
    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        return self.asked


async def test_of_many_at_once_one_asks() -> None:
    remembered, find = Remembered(), Counting()
    assert await asyncio.gather(*(remembered.get("a", 60, find) for _ in range(20))) == [1] * 20
    assert await remembered.get("b", 60, find) == 2


async def test_what_has_lapsed_is_asked_again_and_an_error_is_not_kept() -> None:
    remembered, find = Remembered(), Counting()
    assert [await remembered.get("a", 0, find) for _ in range(3)] == [1, 2, 3]

    async def broken() -> int:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await remembered.get("b", 60, broken)
    assert await remembered.get("b", 60, find) == 4


async def test_what_was_dropped_is_asked_again() -> None:
    remembered, find = Remembered(), Counting()
    await remembered.get("a", 60, find)
    remembered.drop("a")
    remembered.drop("never there")
    assert await remembered.get("a", 60, find) == 2


async def test_the_oldest_makes_room() -> None:
    remembered, find = Remembered(most=2), Counting()
    for key in ("a", "b", "c"):
        await remembered.get(key, 60, find)
    assert await remembered.get("c", 60, find) == 3
    assert await remembered.get("b", 60, find) == 2
    assert await remembered.get("a", 60, find) == 4
