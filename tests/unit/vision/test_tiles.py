from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.evidence import Box
from service.vision.tiles import TALL, Tile, merge, tiles_of


def test_a_phone_page_is_one_tile() -> None:
    assert tiles_of(1080, 2340) == [Tile(0, 2340)]


@given(width=st.integers(200, 1500), ratio=st.floats(TALL + 0.01, 40))
@settings(max_examples=200, deadline=None)
def test_tiles_cover_the_capture_and_overlap(width: int, ratio: float) -> None:
    height = round(width * ratio)
    tiles = tiles_of(width, height)
    assert tiles[0].top == 0
    assert tiles[-1].bottom == height
    for above, below in itertools.pairwise(tiles):
        assert above.bottom - below.top >= 0.2 * width
    assert max(tile.bottom - tile.top for tile in tiles) <= 2.3 * width


TILES = [Tile(0, 240), Tile(200, 440)]


def kept(*found: list[Box]) -> list[tuple[int, int]]:
    return sorted(merge(list(zip(TILES, found, strict=True)), 440))


def test_a_line_seen_twice_is_kept_once() -> None:
    assert kept([Box(10, 210, 90, 225)], [Box(10, 10, 90, 25)]) in ([(0, 0)], [(1, 0)])


def test_the_whole_sighting_wins_over_the_cut_one() -> None:
    assert kept([Box(10, 222, 90, 240)], [Box(10, 22, 90, 44)]) == [(1, 0)]
    assert kept([Box(10, 190, 90, 215)], [Box(10, 0, 90, 15)]) == [(0, 0)]


def test_neighbouring_lines_are_two() -> None:
    assert kept([Box(10, 205, 90, 220)], [Box(10, 22, 90, 37)]) == [(0, 0), (1, 0)]


def test_a_line_that_both_cuts_touch_is_not_lost() -> None:
    assert kept([Box(10, 150, 30, 240)], []) == [(0, 0)]


def test_two_boxes_of_one_tile_never_swallow_each_other() -> None:
    assert kept([Box(10, 10, 90, 30), Box(10, 12, 90, 32)], []) == [(0, 0), (0, 1)]


@pytest.mark.parametrize("line_height", [12, 30])
def test_every_line_of_a_long_capture_comes_out_once(line_height: int) -> None:
    width, height, step = 400, 4000, 37
    tiles = tiles_of(width, height)
    lines = [Box(20, y, 380, y + line_height) for y in range(5, height - line_height, step)]
    found = []
    for tile in tiles:
        inside = [line for line in lines if line.y1 > tile.top and line.y0 < tile.bottom]
        cut = [Box(b.x0, max(b.y0 - tile.top, 0), b.x1, min(b.y1, tile.bottom) - tile.top) for b in inside]
        found.append((tile, cut))
    tops = [found[t][1][i].y0 + tiles[t].top for t, i in merge(found, height)]
    assert sorted(tops) == [line.y0 for line in lines]
