"""The pool with real processes: what happens to them happens here by kill, stop and deadline."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from service.domain.errors import ConfigurationError
from service.domain.evidence import Failed, FailedReason, Read, ReadOutcome
from service.vision import DecodeLimits, ReaderPool


def note(rows: int) -> bytes:
    image = Image.new("L", (720, 80 + 40 * rows), 255)
    for i in range(rows):
        ImageDraw.Draw(image).text((40, 30 + 40 * i), f"ORDER {20260000 + i}", font=ImageFont.load_default(30), fill=0)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


SHORT = note(2)
LONG = note(100)  # about half a second of work, more where the machine is shared
ENDLESS = note(1_300)  # some seconds of work on any machine


@pytest.fixture(scope="module")
def shared() -> Iterator[ReaderPool]:
    pool = ReaderPool(workers=2)
    pool.start()
    yield pool
    pool.stop()


@pytest.fixture
def single() -> Iterator[ReaderPool]:
    """One reader, which the test may hurt."""
    pool = ReaderPool(workers=1, deadline_seconds=30, niceness=0)
    pool.start()
    yield pool
    pool.stop()


def texts(outcome: ReadOutcome) -> list[str]:
    assert isinstance(outcome, Read), outcome
    return [line.text for line in outcome.lines]


def reason(outcome: ReadOutcome) -> FailedReason:
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    try:
        return "State:\tZ" in status.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


async def until(condition: object, seconds: float = 20.0) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.05)


async def test_reads_many_images_at_once(shared: ReaderPool) -> None:
    outcomes = await asyncio.gather(*(shared.read(SHORT) for _ in range(8)))
    assert all(texts(outcome) == ["ORDER 20260000", "ORDER 20260001"] for outcome in outcomes)


async def test_bad_input_is_an_outcome(shared: ReaderPool) -> None:
    assert reason(await shared.read(b"")) is FailedReason.EMPTY_FILE
    assert reason(await shared.read(b"MZ" + bytes(100))) is FailedReason.UNSUPPORTED_TYPE
    assert reason(await shared.read(SHORT[:300])) is FailedReason.TRUNCATED


async def test_too_large_a_file_never_reaches_a_reader(shared: ReaderPool) -> None:
    assert reason(await shared.read(bytes(50_000_000))) is FailedReason.TOO_LARGE


async def test_lays_pictures_over_each_other(shared: ReaderPool) -> None:
    tall = note(20)
    same, other = await asyncio.gather(shared.compare(tall, tall), shared.compare(tall, LONG))
    assert same is not None
    assert (same.aligned, same.boxes) == (True, ())
    assert other is None or not other.aligned or other.boxes
    assert await shared.compare(tall, tall[:300]) is None
    assert await shared.compare(tall, bytes(50_000_000)) is None
    assert await ReaderPool().compare(tall, tall) is None


async def test_readers_give_way(shared: ReaderPool) -> None:
    for pid in shared.health()["alive"]:
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


async def test_health_counts(shared: ReaderPool) -> None:
    before = shared.health()["outcomes"].get("read", 0)
    await shared.read(SHORT)
    health = shared.health()
    assert health["state"] == "ready"
    assert len(health["alive"]) == 2
    assert health["outcomes"]["read"] == before + 1


async def test_limits_reach_the_readers() -> None:
    pool = ReaderPool(workers=1, limits=DecodeLimits(max_pixels=1000))
    await asyncio.to_thread(pool.start)
    assert reason(await pool.read(SHORT)) is FailedReason.TOO_MANY_PIXELS
    await asyncio.to_thread(pool.stop)


async def test_a_reader_killed_mid_read_is_replaced(single: ReaderPool) -> None:
    reading = asyncio.create_task(single.read(ENDLESS))
    await asyncio.sleep(0.3)
    (victim,) = single.health()["alive"]
    os.kill(victim, signal.SIGKILL)
    assert reason(await reading) is FailedReason.READER_CRASHED
    assert texts(await single.read(SHORT))
    assert single.health()["alive"] != [victim]


async def test_a_reader_killed_idle_costs_nobody_anything(single: ReaderPool) -> None:
    (victim,) = single.health()["alive"]
    os.kill(victim, signal.SIGKILL)
    await until(lambda: single.health()["alive"] not in ([], [victim]))
    assert texts(await single.read(SHORT))
    assert single.health()["state"] == "ready"


async def test_an_image_right_after_an_idle_kill_is_read(single: ReaderPool) -> None:
    os.kill(single.health()["alive"][0], signal.SIGKILL)
    assert texts(await single.read(SHORT))


async def test_a_hanging_reader_is_killed_at_the_deadline() -> None:
    pool = ReaderPool(workers=1, deadline_seconds=2.0, niceness=0)
    await asyncio.to_thread(pool.start)
    reading = asyncio.create_task(pool.read(ENDLESS))
    await asyncio.sleep(0.3)
    (victim,) = pool.health()["alive"]
    os.kill(victim, signal.SIGSTOP)  # deaf to everything but SIGKILL
    assert reason(await reading) is FailedReason.TIMEOUT
    assert is_gone(victim)
    assert texts(await pool.read(SHORT))
    await asyncio.to_thread(pool.stop)


async def test_the_others_go_on_while_one_times_out() -> None:
    pool = ReaderPool(workers=2, deadline_seconds=2.0, niceness=0)
    await asyncio.to_thread(pool.start)
    slow, *fast = await asyncio.gather(pool.read(ENDLESS), *(pool.read(SHORT) for _ in range(6)))
    assert reason(slow) is FailedReason.TIMEOUT
    assert all(texts(outcome) for outcome in fast)
    await asyncio.to_thread(pool.stop)


async def test_a_full_queue_refuses_at_once() -> None:
    pool = ReaderPool(workers=1, max_waiting=2, niceness=0)
    await asyncio.to_thread(pool.start)
    reading = [asyncio.create_task(pool.read(SHORT)) for _ in range(3)]
    await asyncio.sleep(0)
    began = time.monotonic()
    assert reason(await pool.read(SHORT)) is FailedReason.READER_UNAVAILABLE
    assert time.monotonic() - began < 0.05
    assert all(texts(outcome) for outcome in await asyncio.gather(*reading))
    await asyncio.to_thread(pool.stop)


async def test_waiting_has_a_deadline_of_its_own() -> None:
    pool = ReaderPool(workers=1, waiting_seconds=0.1, deadline_seconds=30, niceness=0)
    await asyncio.to_thread(pool.start)
    long = asyncio.create_task(pool.read(LONG))
    await asyncio.sleep(0.05)
    assert reason(await pool.read(SHORT)) is FailedReason.TIMEOUT
    assert isinstance(await long, Read)
    await asyncio.to_thread(pool.stop)


async def test_a_caller_who_goes_away_takes_no_reader_along(single: ReaderPool) -> None:
    before = single.health()["alive"]
    callers = [asyncio.create_task(single.read(SHORT)) for _ in range(4)]
    await asyncio.sleep(0.02)
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert texts(await single.read(SHORT))
    assert single.health()["alive"] == before
    assert single.health()["waiting"] == 0


async def test_a_stopped_pool_says_so() -> None:
    pool = ReaderPool(workers=1)
    assert reason(await pool.read(SHORT)) is FailedReason.READER_UNAVAILABLE
    await asyncio.to_thread(pool.start)
    (pid,) = pool.health()["alive"]
    reading = asyncio.create_task(pool.read(ENDLESS))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(pool.stop)
    assert reason(await reading) is FailedReason.READER_UNAVAILABLE
    assert is_gone(pid)
    assert pool.health()["state"] == "stopped"


def test_damaged_weights_refuse_to_start(tmp_path: Path) -> None:
    pool = ReaderPool(workers=1, weights=tmp_path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        pool.start()
    assert pool.health()["state"] == "stopped"


def test_an_engine_that_cannot_start_is_reported() -> None:
    """Its packages are not in this environment, which only the reader process finds out."""
    pool = ReaderPool(engine="paddleocr", workers=1)
    with pytest.raises(ConfigurationError, match="no OCR reader process came up"):
        pool.start(wait_seconds=4)
    assert pool.health()["state"] == "stopped"


PARENT = """
    import sqlalchemy, fastapi, os, sys, time
    from service.vision import ReaderPool
    pool = ReaderPool(workers=2)  # no guard on purpose: readers must not run this file again
    pool.start()
    print(*pool.health()["alive"], flush=True)
    time.sleep(60)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(PARENT))
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def test_readers_load_none_of_the_parents_modules(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout is not None
    for pid in map(int, parent.stdout.readline().split()):
        mapped = Path(f"/proc/{pid}/maps").read_text()
        assert "onnxruntime" in mapped
        assert "sqlalchemy" not in mapped
        assert "pydantic_core" not in mapped


async def test_readers_die_with_a_parent_that_is_killed(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.send_signal(signal.SIGKILL)
    await until(lambda: all(is_gone(pid) for pid in pids), seconds=5)
