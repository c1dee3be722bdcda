"""What it takes to start: commands, a reader process, the service. Run: python -m tests.benchmarks.startup

Every command is run in turn with ``python -c pass``, round after round, so that what the machine does meanwhile is
common to all; ``times_python`` is the ratio of the medians of CPU time (user + system, children included). Aims, in
seconds on a quiet machine: 0.5 for a list of the commands, 0.9 for a light command.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from service.store import EmbeddedPostgres
from tests.running_service import Site, new_claim, set_up

Result = dict[str, Any]
Taken = tuple[float, float]
"""Wall and CPU seconds."""

_NOTHING = "python -c pass"
_READER = "from service.vision import build_engine; build_engine('onnx')"


def run(rounds: int) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="prereview-bench-") as folder:
        home = Path(folder)
        with EmbeddedPostgres(home / "db") as postgres:
            site = set_up(home, postgres.url(), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
            with site.serving() as server:
                number = server.submit(new_claim()).json()["number"]
            commands = _commands(number)
            taken: dict[str, list[Taken]] = {name: [] for name in commands}
            taken["prereview serve, to its first answer"] = []
            for _ in range(rounds):
                for name, words in commands.items():
                    taken[name].append(_command(words, site))
                taken["prereview serve, to its first answer"].append(_service(site))
    base = median(cpu for _, cpu in taken[_NOTHING])
    for name, each in taken.items():
        cpu = median(spent for _, spent in each)
        yield {
            "benchmark": "startup", "what": name, "seconds": round(median(wall for wall, _ in each), 3),
            "cpu_seconds": round(cpu, 3), "times_python": round(cpu / base, 1), "rounds": rounds,
        }  # fmt: skip


def _commands(number: str) -> dict[str, Sequence[str]]:
    python = sys.executable
    listed = {
        "prereview --help": ("--help",),
        "prereview version": ("version",),
        "prereview policy show": ("policy", "show"),
        "prereview cases show": ("cases", "show", number),
        "prereview platforms list": ("platforms", "list"),
    }
    return {
        _NOTHING: (python, "-c", "pass"),
        **{name: (python, "-m", "service.cli", *words) for name, words in listed.items()},
        "prereview-train --help": (python, "-m", "training.cli", "--help"),
        "a reader's imports and models": (python, "-c", _READER),
    }


def _command(words: Sequence[str], site: Site) -> Taken:
    surroundings = {**os.environ, "PREREVIEW_HOME": str(site.home), "PREREVIEW_DATABASE_URL": site.url}
    begun, before = time.perf_counter(), _spent_by_children()
    subprocess.run(words, env=surroundings, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun, _spent_by_children() - before


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _service(site: Site) -> Taken:
    begun = time.perf_counter()
    with site.serving() as server:
        wall = time.perf_counter() - begun
        process = psutil.Process(server.child.process.pid)
        times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
        return wall, sum(each.user + each.system for each in times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    for result in run(parser.parse_args().rounds):
        print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
