"""Two readers over thousands of mixed files, bad ones among them: nothing grows. python -m tests.benchmarks.ocr_steady

Memory, descriptors and threads of the readers and of this process, after warming up and at the end. A progress line on
standard error. PREREVIEW_BENCH_STEADY: how many files (5,000).
"""

from __future__ import annotations

import asyncio
import gc
import io
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean

from PIL import Image, ImageDraw, ImageFont

from service.domain.evidence import Failed
from service.vision import ReaderPool
from tests.benchmarks.drawn_pages import cjk_font, draw_page
from tests.benchmarks.ocr_page import _figure, show
from tests.benchmarks.ocr_pool import _status

FILES = int(os.environ.get("PREREVIEW_BENCH_STEADY", "5000"))
READERS = 2
WARM = 0.1  # of the files, until every size has been met
WINDOW = 0.1  # of the files, over which means are taken: sizes differ from one to the next
_SEEDS = 16
# Failures of the machinery, which no file may cause.
_OURS = frozenset({"timeout", "reader_crashed", "reader_unavailable", "internal_error"})


def run() -> Iterator[dict[str, str | float]]:
    """Growth over the run, each as a share or a number that should be 0."""
    yield from asyncio.run(_run())


async def _run() -> list[dict[str, str | float]]:
    pool = ReaderPool(workers=READERS, deadline_seconds=120, waiting_seconds=600, niceness=0)
    await asyncio.to_thread(pool.start)
    readers = sorted(pool.health()["alive"])
    chance, outcomes = random.Random(20260303), Counter[str]()
    held: list[tuple[float, float]] = []
    descriptors: list[int] = []
    threads: list[int] = []
    began = time.monotonic()
    for number in range(0, FILES, READERS):
        for outcome in await asyncio.gather(*(pool.read(_any_file(chance)) for _ in range(READERS))):
            reason = outcome.reason.value if isinstance(outcome, Failed) else outcome.status
            outcomes[reason] += 1
            if reason in _OURS and isinstance(outcome, Failed):
                print(f"\n{reason}: {outcome.detail}", file=sys.stderr)
        held.append((mean(_status(pid, "VmRSS") for pid in readers) / 1024, _status(os.getpid(), "VmRSS") / 1024))
        descriptors.append(sum(map(_descriptors, (*readers, os.getpid()))))
        threads.append(sum(_status(pid, "Threads") for pid in (*readers, os.getpid())))
        _progress(number + READERS, began, outcomes, held[-1][0])
    health = pool.health()
    await asyncio.to_thread(pool.stop)
    gc.collect()
    print(file=sys.stderr)
    note = ", ".join(f"{count:,} {name}" for name, count in sorted(outcomes.items()))
    readers_growth, own_growth = (_growth([pair[i] for pair in held]) for i in (0, 1))
    return [
        _figure("ocr.steady_files", float(sum(outcomes.values())), "files", note),
        _figure("ocr.steady_reader_growth", readers_growth, "share", f"aim ≤ 0.05; {held[-1][0]:.0f} MB at the end"),
        _figure("ocr.steady_reader_rss", max(pair[0] for pair in held), "MB", "highest mean of the two readers"),
        _figure("ocr.steady_own_growth", own_growth, "share", f"aim ≤ 0.05; {held[-1][1]:.0f} MB at the end"),
        _figure("ocr.steady_descriptors", _change(descriptors), "descriptors", "aim ≤ 0; more than after warming up"),
        _figure("ocr.steady_threads", _change(threads), "threads", "aim ≤ 0; more than after warming up"),
        _figure("ocr.steady_ours", float(sum(outcomes[name] for name in _OURS)), "files", "aim 0; our own failures"),
        _figure("ocr.steady_replaced", float(readers != sorted(health["alive"])), "pools", "aim 0; readers replaced"),
    ]


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _growth(held: list[float]) -> float:
    warm, window = round(WARM * len(held)), max(1, round(WINDOW * len(held)))
    return mean(held[-window:]) / mean(held[warm : warm + window]) - 1


def _change(counts: list[int]) -> float:
    window = max(1, round(WINDOW * len(counts)))
    return float(min(counts[-window:]) - max(counts[round(WARM * len(counts)) :][:window]))


def _progress(done: int, began: float, outcomes: Counter[str], megabytes: float) -> None:
    seconds = time.monotonic() - began
    left = seconds / done * (FILES - done)
    refused = sum(count for name, count in outcomes.items() if name not in ("read", "empty", *_OURS))
    ours = sum(outcomes[name] for name in _OURS)
    said = f"{done:,} of {FILES:,} files, {refused:,} refused, {ours} failures of ours, {megabytes:.0f} MB a reader"
    print(f"\r{said}, {left / 60:.1f} min left   ", end="", file=sys.stderr, flush=True)


def _any_file(chance: random.Random) -> bytes:
    """Mostly pages in every format and shape; one in six is no picture, broken or beyond a limit."""
    if chance.random() < 1 / 6:
        return chance.choice(_BAD)(chance)
    return _encoded(_page(chance), chance)


def _page(chance: random.Random) -> Image.Image:
    width = chance.randint(300, 1440)
    ratio = chance.choice((0.6, 1.0, 1.78, 2.0, 2.17, 2.17, 2.33, 4.0))
    page = _drawn(chance.randrange(_SEEDS)).resize((width, round(width * ratio)))
    if chance.random() < 0.1:
        page = page.transpose(chance.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180)))
    return page


def _drawn(seed: int) -> Image.Image:
    """A page with codes that have to be read again, kept for the run."""
    if seed not in _PAGES:
        page = draw_page(seed, (540, 1170))
        chance, pen = random.Random(seed), ImageDraw.Draw(page)
        font = ImageFont.truetype(str(cjk_font()), 20)
        for row in range(seed % 5):
            words = "".join(chance.choices("0123456789OQIBSZDKM", k=14))
            pen.text((40, 900 + 40 * row), words, font=font, fill="#888888")
        _PAGES[seed] = page
    return _PAGES[seed]


_PAGES: dict[int, Image.Image] = {}


def _encoded(image: Image.Image, chance: random.Random) -> bytes:
    kind = chance.choice(("PNG", "JPEG", "JPEG", "WEBP", "GIF"))
    buffer = io.BytesIO()
    options: dict[str, int] = {"JPEG": {"quality": chance.randrange(40, 96)}, "PNG": {"compress_level": 1}}.get(
        kind, {}
    )
    image.convert("P" if kind == "GIF" else "RGB").save(buffer, kind, **options)
    return buffer.getvalue()


def _cut_off(chance: random.Random) -> bytes:
    data = _encoded(_page(chance), chance)
    return data[: chance.randrange(len(data))]


def _flipped(chance: random.Random) -> bytes:
    data = bytearray(_encoded(_page(chance), chance))
    for _ in range(chance.randrange(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _moving(chance: random.Random) -> bytes:
    frames = [Image.new("RGB", (64, 64), (chance.randrange(256), i, 0)) for i in range(5)]
    buffer = io.BytesIO()
    frames[0].save(buffer, chance.choice(("GIF", "PNG", "WEBP", "TIFF")), save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def _noise(chance: random.Random) -> bytes:
    side = chance.randrange(40, 700)
    return _encoded(Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3)), chance)


def _blank(chance: random.Random) -> bytes:
    return _encoded(Image.new("RGB", (chance.randrange(1, 2000), chance.randrange(1, 4000)), "white"), chance)


_BAD: tuple[Callable[[random.Random], bytes], ...] = (
    _cut_off,
    _flipped,
    _moving,
    _noise,
    _blank,
    lambda chance: chance.choice((b"", b"%PDF-1.7\n", b"MZ", b"PK\x03\x04")) + chance.randbytes(chance.randrange(2000)),
)


if __name__ == "__main__":
    show(run())
