"""Hostile files and pages by the hundred thousand: no crash, no hang, bounded memory, and only answers we know."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import resource
import time
import warnings
from collections.abc import Callable
from datetime import date
from multiprocessing.sharedctypes import Synchronized
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hostile_input import hostile_page, mutated, picture_seeds

from service.api import examples
from service.api.schemas.claims import ClaimIn
from service.domain.checks import CheckCode
from service.domain.evidence import Evidence, Failed
from service.evidence import extract, verify
from service.evidence.document import reading_document
from service.vision import DecodeLimits, OnnxEngine, read_image
from service.vision.archives import ArchiveLimits, ArchiveRefused, is_archive, open_archive
from service.vision.decode import DecodeFailed, decode

FILES, PAGES, READ = 70_000, 40_000, 3_000
SLOWEST_SECONDS = 10.0  # the reader's deadline for one picture
MEMORY_BYTES = 3_000_000_000
LIMITS = DecodeLimits(max_pixels=4_000_000)
CLAIM = ClaimIn.model_validate(examples.CLAIM).to_domain("acme")
ZONE = ZoneInfo("Asia/Shanghai")
ARCHIVE = ArchiveLimits(member_bytes=2_000_000, total_bytes=4_000_000)


def _decode_one(number: int, seeds: dict[str, bytes]) -> None:
    data = mutated(seeds, number)
    with contextlib.suppress(DecodeFailed):
        decoded = decode(data, LIMITS)
        assert decoded.pixels.shape[0] * decoded.pixels.shape[1] <= LIMITS.max_pixels
    if is_archive(data):
        with contextlib.suppress(ArchiveRefused):
            assert all("/" not in member.name for member in open_archive(data, ARCHIVE))


def _read_one(number: int, seeds: dict[str, bytes], engine: OnnxEngine) -> None:
    outcome = read_image(mutated(seeds, number), engine, LIMITS)
    if isinstance(outcome, Failed):
        assert outcome.detail
        return
    json.dumps(reading_document(outcome, None))


def _extract_one(number: int) -> None:
    outcome = hostile_page(number)
    page = extract(outcome, as_of=date(2026, 3, 2) if number % 2 else None)
    checks = verify(CLAIM, [Evidence(sha256="0" * 64, outcome=outcome, page=page)], zone=ZONE)
    assert {check.code for check in checks} == set(CheckCode)
    json.dumps(reading_document(outcome, page), allow_nan=False)


def _cases(kind: str) -> Callable[[int], None]:
    if kind == "extract":
        return _extract_one
    seeds = picture_seeds()
    if kind == "decode":
        return lambda number: _decode_one(number, seeds)
    engine = OnnxEngine()
    return lambda number: _read_one(number, seeds, engine)


def _run(kind: str, first: int, last: int, at: Synchronized[int], slowest: Synchronized[float]) -> None:
    """In a process of its own, so that a crash of native code is a finding and not the end of the test run."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    warnings.simplefilter("ignore")
    try_one = _cases(kind)
    for number in range(first, last):
        at.value = number
        started = time.perf_counter()
        try_one(number)
        slowest.value = max(slowest.value, time.perf_counter() - started)
    at.value = last


def _in_processes(kind: str, cases: int, processes: int = 2) -> None:
    context = multiprocessing.get_context("spawn")
    running = []
    for share in range(processes):
        first, last = cases * share // processes, cases * (share + 1) // processes
        at, slowest = context.Value("q", first), context.Value("d", 0.0)
        process = context.Process(target=_run, args=(kind, first, last, at, slowest))
        process.start()
        running.append((process, last, at, slowest))
    try:
        _wait(kind, running)
    finally:
        for process, *_ in running:
            process.kill()


def _wait(kind: str, running: list[Any]) -> None:
    for process, last, at, slowest in running:
        while process.is_alive():
            before = at.value
            process.join(60)
            assert not process.is_alive() or at.value != before, f"{kind} case {before} hangs"
        assert process.exitcode == 0, f"{kind} case {at.value} ended the process with {process.exitcode}"
        assert at.value == last
        assert slowest.value < SLOWEST_SECONDS


@pytest.mark.proof
def test_no_mutated_file_crashes_hangs_or_swells_the_decoder() -> None:
    _in_processes("decode", FILES)


@pytest.mark.proof
def test_no_mutated_file_crashes_the_whole_reader() -> None:
    _in_processes("read", READ)


@pytest.mark.proof
def test_no_page_of_nonsense_breaks_the_extractor() -> None:
    _in_processes("extract", PAGES)


def test_short_run_over_files() -> None:
    seeds = picture_seeds()
    for number in range(1_500):
        _decode_one(number, seeds)


def test_short_run_over_pages() -> None:
    for number in range(500):
        _extract_one(number)


def test_a_case_is_repeated_by_its_number() -> None:
    seeds = picture_seeds()
    assert mutated(seeds, 7) == mutated(seeds, 7)
    assert hostile_page(7) == hostile_page(7)
