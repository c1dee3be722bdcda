"""Server time of the console's pages with a million cases and ten million events, their weight, and keys answered.

Run: python -m tests.benchmarks.console_pages [--cases 1000000 --events 10000000] [--explain]. The full size takes some
ten minutes and 30 GB of disk (PREREVIEW_BENCH_DIR says where). Times are of whole requests over loopback by somebody
signed in, one after another, warm, with the worker running; interaction is in chromium at a quarter of this machine's
speed. ``--explain`` adds the plan of the slowest statement.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import psycopg

from service.domain.clock import SystemClock
from service.domain.users import Role
from service.review.accounts import Accounts
from service.store import EmbeddedPostgres
from service.store.database import Database
from service.store.sign_in_failures import SignInFailures
from service.store.user_sessions import Sessions
from service.store.users import Users
from tests.benchmarks.console_data import Filling, templates
from tests.benchmarks.http_decisions import Result, _disk
from tests.running_service import FOUNDER, Server, Site, set_up
from training.screens.browser import chromium_path

PASSWORD = "correct horse battery"
CASE_MS, QUEUE_MS, INTERACTION_MS, PAGE_BYTES = 120.0, 80.0, 100.0, 250_000
SLOWDOWN, WARMING = 4, 10
_DURATION = re.compile(r"duration: ([\d.]+) ms  execute [^:]+: (.*)", re.DOTALL)
_PARAMETERS = re.compile(r"DETAIL:  [Pp]arameters: (.*)", re.DOTALL)
_NEXT_LINE = re.compile(r"\n(?=\d{4}-\d\d-\d\d )")


def run(cases: int, events: int, requests: int, *, explain: bool) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="prereview-console-", dir=_disk()) as folder:
        home = Path(folder)
        # Nothing is measured that writes, so nothing is synced.
        settings: dict[str, str | int | float] = {"max_wal_size": "8GB", "fsync": "off", "full_page_writes": "off"}
        with EmbeddedPostgres(home / "db", settings=settings) as postgres:
            site = set_up(home, postgres.url(), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
            with site.serving() as server, site.working():
                templates(server)
                time.sleep(2)  # the worker chains what was written
            filled = _fill(site, cases, events)
            _add_person(site.url)
            with site.serving() as server, site.working():
                yield from _pages(server, filled, requests, cases=cases, events=events)
                if chromium_path() is not None:
                    yield from _in_browser(server, filled)
            if explain:
                # Without the worker, whose statements are none of the pages'.
                with site.serving() as server:
                    yield _slowest(site, home / "db", lambda: _once_each(server, filled))


def _fill(site: Site, cases: int, events: int) -> Mapping[str, list[Any]]:
    filling = Filling(site.url, lambda line: print(line, file=sys.stderr, flush=True))
    filling.cases(cases)
    filling.events(events)
    filling.settle()
    sample = "FROM (SELECT * FROM cases WHERE state {} 'in_review' ORDER BY md5(id::text) LIMIT 150) AS chosen"
    found = {
        "decided": filling.some(f"SELECT id::text {sample.format('<>')}"),
        "waiting": filling.some(f"SELECT id::text {sample.format('=')}"),
        "numbers": filling.some(f"SELECT number {sample.format('<>')}"),
        "orders": filling.some(f"SELECT order_number {sample.format('<>')}"),
        "accounts": filling.some(f"SELECT account_id {sample.format('<>')}"),
        "actors": filling.some("SELECT name FROM actors WHERE platform_id = 'demo'"),
    }
    filling.close()
    return found


def _add_person(url: str) -> None:
    async def add() -> None:
        database = Database(url)
        accounts = Accounts(Users(database), Sessions(database), SignInFailures(database), SystemClock())
        await accounts.add("demo", "bench", [role.value for role in Role], FOUNDER, password=PASSWORD)
        await database.close()

    asyncio.run(add())


@contextmanager
def _signed_in(server: Server) -> Iterator[httpx.Client]:
    headers = {"Origin": server.address, "Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"}
    with httpx.Client(base_url=f"{server.address}/console", headers=headers, trust_env=False, timeout=60) as http:
        http.post("/sign-in", data={"platform": "demo", "login": "bench", "password": PASSWORD})
        assert http.get("/").status_code == 200, "the sign-in failed"
        yield http


# --- over HTTP ----------------------------------------------------------------------------------------------------
def _pages(
    server: Server, filled: Mapping[str, list[Any]], requests: int, *, cases: int, events: int
) -> Iterator[Result]:
    size = f"{cases:,} cases, {events:,} events"
    with _signed_in(server) as http:
        for name, paths, aim in _wanted(http, filled, requests):
            spent = psutil.Process(server.child.process.pid).cpu_times()
            result = _timed(http, name, paths, aim, size)
            now = psutil.Process(server.child.process.pid).cpu_times()
            # What stays the same on a busy machine: the service's own work, without PostgreSQL's.
            cpu = (now.user + now.system - spent.user - spent.system) / (len(paths) + WARMING)
            yield {**result, "service_cpu_ms": round(cpu * 1e3, 1)}


def _wanted(
    http: httpx.Client, filled: Mapping[str, list[Any]], requests: int
) -> Iterator[tuple[str, list[str], float | None]]:
    chance = random.Random(7)
    links = re.findall(r'href="/console(/queues\?[^"]+)"', http.get("/queues").text)
    queues = ["/queues", *sorted({link.replace("&amp;", "&") for link in links})]
    searched = [
        *filled["numbers"][:40],
        *filled["orders"][:40],
        *filled["accounts"][:20],
        *(number.replace("0", "O").replace("1", "l") for number in filled["numbers"][40:80]),
        *(number[:-1] for number in filled["numbers"][80:90]),
    ]
    audited = [f"/audit?case={number}" for number in filled["numbers"][:60]]
    audited += [f"/audit?actor={actor}" for actor in filled["actors"]] + ["/audit", "/audit/chain"]
    yield "console.case_waiting", _some(chance, [f"/cases/{one}" for one in filled["waiting"]], requests), CASE_MS
    yield "console.case_decided", _some(chance, [f"/cases/{one}" for one in filled["decided"]], requests), CASE_MS
    yield "console.queues", _some(chance, queues, requests), QUEUE_MS
    yield "console.search", _some(chance, [f"/queues/search?q={text}" for text in searched], requests), None
    yield "console.audit", _some(chance, audited, requests), None
    for room in ("/risk", "/models", "/quality", "/policy"):
        yield f"console{room.replace('/', '.')}", [room] * 20, None


def _some(chance: random.Random, paths: Sequence[str], count: int) -> list[str]:
    return [paths[number] if number < len(paths) else chance.choice(paths) for number in range(count)]


def _timed(http: httpx.Client, name: str, paths: Sequence[str], aim: float | None, size: str) -> Result:
    taken, refused = [], []
    for path in paths[:WARMING]:
        http.get(path)
    for path in paths:
        begun = time.perf_counter()
        answer = http.get(path)
        taken.append((time.perf_counter() - begun) * 1e3)
        if answer.status_code not in (200, 303):
            refused.append(f"{answer.status_code} {path}")
    p50, p95 = np.quantile(taken, [0.5, 0.95]).round(1).tolist()
    worst = paths[int(np.argmax(taken))]
    result: Result = {
        "benchmark": name, "p50_ms": p50, "p95_ms": p95, "max_ms": round(max(taken), 1), "slowest": worst,
        "requests": len(taken), "refused": "; ".join(sorted(set(refused))[:3]), "what": size,
    }  # fmt: skip
    return result if aim is None else {**result, "aim": f"p95 <= {aim:g} ms", "met": not refused and p95 <= aim}


# --- in the browser -----------------------------------------------------------------------------------------------
_WEIGHT = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((entry) => !["img", "image", "icon", "eventsource"].includes(entry.initiatorType))
  .filter((entry) => !/\\.svg$/.test(entry.name))
  .reduce((sum, entry) => sum + entry.decodedBodySize, 0)
"""
# From the input itself to the frame after next, when what it changed has been drawn.
_LISTEN = """
window.drawn = [];
for (const kind of ["keydown", "pointerover", "click"])
  addEventListener(kind, (event) => requestAnimationFrame(() => requestAnimationFrame(() =>
    window.drawn.push([kind, performance.now() - event.timeStamp]))), {capture: true, passive: true});
"""


def _in_browser(server: Server, filled: Mapping[str, list[Any]]) -> Iterator[Result]:
    from playwright.sync_api import sync_playwright

    with _signed_in(server) as http, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium_path()))
        context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=server.address)
        context.add_init_script(_LISTEN)
        context.add_cookies(
            [{"name": one.name, "value": one.value or "", "url": server.address} for one in http.cookies.jar]
        )
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        places = {"case": f"/cases/{filled['waiting'][0]}", "queues": "/queues", "audit": "/audit"}
        for name, path in places.items():
            page.goto(f"/console{path}")
            weight = int(page.evaluate(_WEIGHT))
            yield {
                "benchmark": f"console.weight.{name}", "bytes": weight, "aim": f"<= {PAGE_BYTES:,} without images",
                "met": weight <= PAGE_BYTES, "what": "document, scripts and styles, uncompressed, cold",
            }  # fmt: skip
            yield _interaction(page, name)
        browser.close()


def _interaction(page: Any, name: str) -> Result:
    """Pointing at rows, moving by Tab, and keys that do nothing but are looked at by every handler."""
    page.evaluate("window.drawn = []")
    for row in page.locator("tbody tr").all()[:12]:
        if row.is_visible():
            row.hover()
    for _ in range(12):
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    drawn = [taken for _, taken in page.evaluate("window.drawn")]
    p95 = round(float(np.quantile(drawn, 0.95)), 1) if drawn else 0.0
    return {
        "benchmark": f"console.interaction.{name}", "p95_ms": p95, "max_ms": round(max(drawn, default=0.0), 1),
        "inputs": len(drawn), "aim": f"<= {INTERACTION_MS:g} ms", "met": bool(drawn) and max(drawn) <= INTERACTION_MS,
        "what": f"from the input to the second frame after it, processor slowed {SLOWDOWN} times",
    }  # fmt: skip


# --- what is slow -------------------------------------------------------------------------------------------------
def _once_each(server: Server, filled: Mapping[str, list[Any]]) -> None:
    with _signed_in(server) as http:
        for _, paths, _ in _wanted(http, filled, 30):
            for path in paths:
                http.get(path)


def _slowest(site: Site, folder: Path, work: Callable[[], None]) -> Result:
    """Every statement of the pages is logged with its time; the slowest is planned and run again."""
    with psycopg.connect(site.url.replace("+psycopg", ""), autocommit=True) as connection:
        # By role, so that only connections made from now on are told of; the pool's are made anew.
        for statement in (
            "ALTER SYSTEM SET log_min_duration_statement = 0",
            "ALTER SYSTEM SET log_parameter_max_length = 4000",
            "SELECT pg_reload_conf()",
        ):
            connection.execute(statement.encode())
        time.sleep(0.5)
        work()
        connection.execute("ALTER SYSTEM RESET log_min_duration_statement")
        connection.execute("SELECT pg_reload_conf()")
        duration, statement, parameters = _worst(folder)
        plan = _plan(connection, statement, parameters) if statement else "no statement was logged"
    print(f"{duration} ms: {statement}\nparameters: {parameters}\n{plan}", file=sys.stderr, flush=True)
    return {"benchmark": "console.slowest_statement", "ms": duration, "statement": statement[:300]}


def _worst(folder: Path) -> tuple[float, str, str]:
    worst = (0.0, "", "")
    for log in folder.rglob("*.log"):
        entries = _NEXT_LINE.split(log.read_text(errors="replace"))
        for number, entry in enumerate(entries):
            found = _DURATION.search(entry)
            if found is None or not found[2].lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            after = _PARAMETERS.search(entries[number + 1]) if number + 1 < len(entries) else None
            worst = max(worst, (float(found[1]), found[2].strip(), after[1].strip() if after else ""))
    return worst


def _plan(connection: psycopg.Connection[Any], statement: str, parameters: str) -> str:
    values = re.split(r", (?=\$\d+ = )", parameters) if parameters else []
    literals = ", ".join(value.partition(" = ")[2] for value in values)
    try:
        connection.execute(f"PREPARE slowest AS {statement}".encode())
        called = f"slowest({literals})" if literals else "slowest"
        rows = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) EXECUTE {called}".encode()).fetchall()
    except psycopg.Error as error:
        return f"it could not be planned again: {error}"
    return "\n".join(row[0] for row in rows)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--events", type=int, default=100_000)
    options.add_argument("--requests", type=int, default=200, help="of each kind of page")
    options.add_argument("--explain", action="store_true", help="print the plan of the slowest statement")
    chosen = options.parse_args()
    for result in run(chosen.cases, chosen.events, chosen.requests, explain=chosen.explain):
        print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
