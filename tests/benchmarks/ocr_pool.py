"""Reader processes: throughput of two over one, memory, and its growth. python -m tests.benchmarks.ocr_pool

Throughput is wall time and needs a quiet machine; both pools run in turns, and the best turn of each counts.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import mean

from PIL import Image

from service.vision import ReaderPool
from tests.benchmarks.drawn_pages import draw_page, encode
from tests.benchmarks.ocr_page import _figure, show

TURNS, PAGES_A_TURN = 4, 24
IMAGES = int(os.environ.get("PREREVIEW_BENCH_IMAGES", "1000"))
WARM, WINDOW = 50, 100  # images until the runtime's arena has its size; sizes differ, so means of many are compared


def run() -> Iterator[dict[str, str | float]]:
    """Images a second with one and two readers, and what a reader holds in memory; ``memory`` alone on demand."""
    if "memory" not in sys.argv:
        yield from asyncio.run(_throughput())
    yield from asyncio.run(_memory())


async def _throughput() -> list[dict[str, str | float]]:
    pages = [encode(draw_page(seed), "JPEG") for seed in range(8)]
    pools = {workers: ReaderPool(workers=workers, max_waiting=PAGES_A_TURN) for workers in (1, 2)}
    best = dict.fromkeys(pools, 0.0)
    for pool in pools.values():
        await asyncio.to_thread(pool.start)
    for _ in range(TURNS):
        for workers, pool in pools.items():
            started = time.perf_counter()
            outcomes = await asyncio.gather(*(pool.read(pages[i % len(pages)]) for i in range(PAGES_A_TURN)))
            assert all(outcome.status == "read" for outcome in outcomes)
            best[workers] = max(best[workers], PAGES_A_TURN / (time.perf_counter() - started))
    for pool in pools.values():
        await asyncio.to_thread(pool.stop)
    note = f"1080×2340 JPEG, best of {TURNS} turns of {PAGES_A_TURN}, {os.cpu_count()} cores"
    return [
        _figure("ocr.pool_one_reader", best[1], "images/s", note),
        _figure("ocr.pool_two_readers", best[2], "images/s", note),
        _figure("ocr.pool_two_over_one", best[2] / best[1], "ratio", "aim ≥ 1.7"),
    ]


async def _memory() -> list[dict[str, str | float]]:
    """One reader and many images of random size and kind, phone pages, crops, desktops and long captures."""
    pool = ReaderPool(workers=1, deadline_seconds=60, niceness=0)
    await asyncio.to_thread(pool.start)
    (pid,) = pool.health()["alive"]
    chance = random.Random(20260101)
    held: list[int] = []
    for _ in range(IMAGES):
        outcome = await pool.read(_random_image(chance))
        assert outcome.status in ("read", "empty"), outcome
        held.append(_status(pid, "VmRSS"))
    peak = _status(pid, "VmHWM")
    await asyncio.to_thread(pool.stop)
    early, late = mean(held[WARM : WARM + WINDOW]), mean(held[-WINDOW:])
    note = f"{IMAGES} images of random size"
    return [
        _figure("ocr.reader_rss", max(held) / 1024, "MB", f"aim ≤ 320; highest after any of {note}"),
        _figure("ocr.reader_peak", peak / 1024, "MB", f"high-water mark over {note}"),
        _figure(
            "ocr.reader_growth",
            late / early - 1,
            "share",
            f"aim ≤ 0.05; mean of the last {WINDOW} images over {WARM} to {WARM + WINDOW}",
        ),
    ]


@cache
def _drawn(seed: int) -> Image.Image:
    return draw_page(seed, (540, 1170))


def _random_image(chance: random.Random) -> bytes:
    width = chance.randint(300, 1500)
    height = round(width * chance.choice((0.6, 1.0, 1.6, 2.0, 2.17, 2.3, 4.0)))
    image = _drawn(chance.randrange(12)).resize((width, height))
    return encode(image, chance.choice(("PNG", "JPEG")))


def _status(pid: int, field: str) -> int:
    """A figure of /proc/PID/status in kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    raise LookupError(field)


if __name__ == "__main__":
    show(run())
