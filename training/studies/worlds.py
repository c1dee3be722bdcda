"""The study over randomised worlds: which worlds, run on two processes, each kept as soon as it is done.

The worlds are fixed and written down before the first of them is fitted. A study that was stopped goes on where it
stopped; a folder that holds another study is refused, so that worlds of different assumptions are never averaged.
"""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tqdm import tqdm

from service.domain.codec import digest
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH
from service.policy import load_platform_policy
from training.simulator.parameters import Parameters
from training.simulator.randomised import RandomisedWorld, study_worlds
from training.studies.one_world import Task, run_world, study_recipe
from training.studies.results import Failure, WorldResult

PROCESSES = 2
PLAN = "study.json"
_NICER = 5
_TABLES = ".tables-"
_THREADS = "OMP_THREAD_LIMIT"


@dataclass(frozen=True, slots=True)
class Study:
    """``worlds``: the two named ones and the randomised ones, by number."""

    seed: int
    orders: int
    worlds: tuple[RandomisedWorld, ...]

    def plan(self) -> dict[str, Any]:
        """Everything that decides the results, as data."""
        recipe = study_recipe(self.orders, self.seed)
        return {
            "data": "SIMULATED",
            "seed": self.seed,
            "orders": self.orders,
            "recipe": digest(recipe.model_dump(mode="json")),
            "policy": load_platform_policy(recipe.platform).digest,
            "features": FEATURE_HASH,
            "worlds": [
                {
                    "number": world.number,
                    "kind": world.kind.value,
                    "seed": world.seed,
                    "parameters_digest": world.parameters.digest,
                    "factors": {path: round(factor, 4) for path, factor in world.factors.items()},
                }
                for world in self.worlds
            ],
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """Worlds done, in order, and those that failed."""

    results: tuple[WorldResult, ...]
    failures: tuple[Failure, ...]


def plan_study(base: Parameters, *, worlds: int, orders: int, seed: int) -> Study:
    """ConfigurationError for fewer than 2 worlds."""
    return Study(seed, orders, study_worlds(base.with_values({"span.orders": orders}), worlds, seed))


def run_study(study: Study, folder: Path, *, processes: int = PROCESSES, progress: bool = False) -> Outcome:
    """Run what is not yet done, two worlds at a time, and keep each in ``folder``.

    ConfigurationError if the folder holds another study, or another process is at work in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _write_down(study, folder)
        for left in folder.glob(f"{_TABLES}*"):  # of a study that was killed; nobody else is at work here
            shutil.rmtree(left, ignore_errors=True)
        done = {world.number: kept for world in study.worlds if (kept := _kept(folder, world)) is not None}
        waiting = [world for world in study.worlds if world.number not in done]
        failures: list[Failure] = []
        with tqdm(total=len(study.worlds), initial=len(done), desc="worlds", unit="world", disable=not progress) as bar:
            for world, outcome in _run(waiting, folder, processes):
                if isinstance(outcome, Failure):
                    failures.append(outcome)
                else:
                    _replace(_place(folder, world), outcome.model_dump_json(indent=1))
                    done[world.number] = outcome
                bar.set_postfix_str(world.name)
                bar.update(1)
    ordered = tuple(done[world.number] for world in study.worlds if world.number in done)
    return Outcome(ordered, tuple(sorted(failures, key=lambda failure: failure.number)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"another study is at work in {folder}; wait for it or give another --out"
            ) from None
        yield


def _write_down(study: Study, folder: Path) -> None:
    """The plan, before anything is fitted. More worlds of the same study may be added to it."""
    plan, path = study.plan(), folder / PLAN
    if path.is_file():
        held = _read_plan(path)
        common = min(len(held["worlds"]), len(plan["worlds"]))
        if {**held, "worlds": held["worlds"][:common]} != {**plan, "worlds": plan["worlds"][:common]}:
            differing = [name for name in plan if held.get(name) != plan[name]]
            raise ConfigurationError(
                f"{folder} holds another study (other {', '.join(differing)}); give another --out, or remove it"
            )
        if len(held["worlds"]) >= len(plan["worlds"]):
            return
    _replace(path, json.dumps(plan, indent=1, ensure_ascii=False))


def _read_plan(path: Path) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads(path.read_text("utf-8"))
        len(held["worlds"])
    except (ValueError, TypeError, KeyError):
        raise ConfigurationError(f"{path} cannot be read; give another --out, or remove that folder") from None
    return held


def _place(folder: Path, world: RandomisedWorld) -> Path:
    return folder / "worlds" / f"{world.number:02d}.json"


def _kept(folder: Path, world: RandomisedWorld) -> WorldResult | None:
    """A result kept before; what cannot be read, or is of other parameters, is done again."""
    try:
        kept = WorldResult.model_validate_json(_place(folder, world).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return kept if kept.parameters_digest == world.parameters.digest and kept.seed == world.seed else None


def _replace(path: Path, text: str) -> None:
    """Written whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    scratch.write_text(text + "\n", "utf-8")
    scratch.replace(path)


def _run(
    worlds: Sequence[RandomisedWorld], folder: Path, processes: int
) -> Iterator[tuple[RandomisedWorld, WorldResult | Failure]]:
    if not worlds:
        return
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=_TABLES) as scratch,
        _one_thread_each(),
        ProcessPoolExecutor(
            max_workers=min(processes, len(worlds)),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=os.nice,
            initargs=(_NICER,),
        ) as pool,
    ):
        tasks: dict[Future[WorldResult], RandomisedWorld] = {
            pool.submit(_run_and_clear, Task(world, Path(scratch) / f"{world.number}")): world for world in worlds
        }
        try:
            for future in as_completed(tasks):
                yield tasks[future], _outcome(tasks[future], future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Two processes with two threads each would spin on two cores: a fit of 0.2 s took 30. Read when OpenMP loads, so
    it is set where the processes are started."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


def _run_and_clear(task: Task) -> WorldResult:
    """A world's tables are as large as its orders, so they go when its figures are there."""
    with tempfile.TemporaryDirectory(dir=task.folder.parent) as scratch:
        return run_world(Task(task.world, Path(scratch) / "world"))


def _outcome(world: RandomisedWorld, future: Future[WorldResult]) -> WorldResult | Failure:
    try:
        return future.result()
    except ConfigurationError as error:
        return Failure(number=world.number, kind=world.kind, reason=error.detail)
    except BrokenProcessPool:
        return Failure(number=world.number, kind=world.kind, reason="its process died (out of memory?); run again")
