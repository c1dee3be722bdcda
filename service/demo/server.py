"""A fresh demo service: its database, its platform, its history, its key, its process."""

from __future__ import annotations

import gzip
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import orjson
from pydantic import SecretStr

from service import wiring
from service.demo.scenarios import CLOCK_START, HERE, PLATFORM
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.codec import from_data
from service.domain.errors import ConfigurationError
from service.domain.history import HistoryEvent
from service.policy import platform_policy_text
from service.review.requests import Scope
from service.settings import Settings

ACTOR = Actor(ActorKind.JOB, "demo")
PEOPLE = {
    "rui": ("reviewer",),
    "sun": ("reviewer", "senior"),
    "owen": ("risk_owner", "data_scientist"),
    "lin": ("risk_owner",),
    "ada": ("administrator",),
    "audit": ("auditor",),
}
"""Who can sign in to the demo's console, with their roles; one password for all, made anew at each start."""
START_SECONDS = 60
# Fixed, so that the audit draw picks the same of the demo's orders each time: none. A real one is kept secret.
AUDIT_SECRET = "the demo draws the same lot every time"  # noqa: S105
IDENTITY_SECRET = "the demo's people do not exist"  # noqa: S105
# Written into the demo's folder, so that only a folder of the demo is ever removed.
MARKER = "this-folder-belongs-to-the-prereview-demo"


@dataclass(frozen=True, slots=True)
class Prepared:
    """``key``: of the API, with every scope; ``password``: of all ``PEOPLE``."""

    key: str
    password: str
    events: int


@dataclass(frozen=True, slots=True)
class Running:
    address: str
    key: str
    log: Path
    process: subprocess.Popen[bytes]


def demo_settings(settings: Settings) -> Settings:
    """The given settings with a home and an embedded database of the demo's own, and its clock."""
    return settings.model_copy(
        update={
            "home": (settings.home / "demo").resolve(),
            "database_url": None,
            "evidence_url": None,
            "audit_secret": SecretStr(AUDIT_SECRET),
            "identity_secret": SecretStr(IDENTITY_SECRET),
            "clock_start": datetime.fromisoformat(CLOCK_START),
        }
    )


def fresh_home(home: Path) -> None:
    """An empty folder; what an earlier demo left is removed, anything else is left alone and refused."""
    if home.exists():
        if not (home / MARKER).exists() and any(home.iterdir()):
            raise ConfigurationError(
                f"{home} holds something that is not a demo's; set PREREVIEW_HOME to another folder"
            )
        shutil.rmtree(home)
    home.mkdir(parents=True, mode=0o700)
    (home / MARKER).touch()


async def prepare(settings: Settings, url: str) -> Prepared:
    """Migrate, set the platform up, load its history, make a key, add people."""
    # A day earlier: each process's clock starts anew, and the policy must be in force for all of them.
    earlier = datetime.fromisoformat(CLOCK_START) - timedelta(days=1)
    deployment = wiring.build(settings.model_copy(update={"clock_start": earlier}), url)
    async with wiring.running(deployment, reading=False):
        now, store = deployment.clock.now(), deployment.store
        await wiring.set_up_platform(deployment, platform_policy_text(PLATFORM), PlatformMode.DEMO, ACTOR)
        count = await store.load_history(PLATFORM, history())
        _, key = await store.create_key(PLATFORM, "demo", tuple(Scope), ACTOR, now)
        password = secrets.token_urlsafe(9)
        for login, roles in PEOPLE.items():
            await deployment.use_cases.accounts.add(PLATFORM, login, roles, ACTOR, password=password)
    return Prepared(key=key, password=password, events=count)


def history() -> Iterator[tuple[HistoryEvent, datetime]]:
    """The demo platform's past (simulated): events with the moment each was recorded."""
    with gzip.open(HERE / "history.ndjson.gz", "rb") as lines:
        for line in lines:
            data = orjson.loads(line)
            recorded_at = datetime.fromisoformat(data.pop("recorded_at"))
            yield from_data(HistoryEvent, data), recorded_at


@contextmanager
def serving(settings: Settings, url: str, key: str, port: int | None) -> Iterator[Running]:
    """The service as a process of its own, ready; ended by its id at the end."""
    port = port or _free_port()
    address = f"http://127.0.0.1:{port}"
    log = settings.home / "serve.log"
    environment = {
        **os.environ,
        "PREREVIEW_HOME": str(settings.home),
        "PREREVIEW_DATABASE_URL": url,
        "PREREVIEW_CLOCK_START": CLOCK_START,
        "PREREVIEW_AUDIT_SECRET": AUDIT_SECRET,
    }
    command = [sys.executable, "-m", "service.cli", "serve", "--with-worker", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)  # noqa: S603
    running = Running(address=address, key=key, log=log, process=process)
    try:
        _wait_until_ready(running)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(running: Running) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if running.process.poll() is not None:
            raise ConfigurationError(f"The service ended at start; what it said is in {running.log}")
        try:
            if httpx.get(f"{running.address}/readyz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise ConfigurationError(f"The service was not ready within {START_SECONDS} s; what it said is in {running.log}")
