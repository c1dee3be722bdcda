"""`prereview import` as a process: killed in the middle, its exit codes, and what it never prints."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from running_service import Site, migrated_database, set_up, wait_for

from service.store import EmbeddedPostgres

ROWS = 24_000


@pytest.fixture(scope="module")
def site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Site:
    home: Path = tmp_path_factory.mktemp("home")
    return set_up(home, migrated_database(postgres), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "orders.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        file.write("id,order_sn,goods_id,actual_price,email,buy_ip,status,created_at,updated_at\n")
        for n in range(ROWS):
            times = ("2026-02-20 10:00:00", "2026-02-20 10:01:00")
            writer.writerow([n, f"SN{n}", n % 9, f"{n % 97}.5", f"b{n % 5000}@mail.com", "203.0.113.1", "4", *times])
    return path


def imported(site: Site, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return site.command("import", "--platform", "demo", "--mapping", "dujiaoka", *words, **environment)


def test_killed_in_the_middle_the_same_command_ends_the_same(site: Site, orders: Path) -> None:
    words = ["import", "--platform", "demo", "--mapping", "dujiaoka", str(orders)]
    environment = site._surroundings({})
    process = subprocess.Popen([sys.executable, "-m", "service.cli", *words], env=environment)
    position = "SELECT position FROM imports WHERE position ->> 'after' IS NOT NULL"
    wait_for(lambda: site.rows(position), 60, "no batch was written")
    process.kill()
    process.wait(20)
    assert site.rows("SELECT finished_at FROM imports") == [(None,)]
    done = imported(site, str(orders), "--json")
    assert done.returncode == 0, done.stderr
    (report,) = json.loads(done.stdout)
    assert report["resumed_after_rows"] >= 10_000
    assert (report["rows"], report["new"], report["known"]) == (ROWS, 3 * ROWS, 0)
    facts = "SELECT count(*), count(DISTINCT event_id), sum(amount_minor), max(recorded_at)::text FROM history_events"
    ((count, ids, amount, _),) = site.rows(facts)
    assert (count, ids) == (3 * ROWS, 3 * ROWS)
    assert amount == 2 * sum(n % 97 * 100 + 50 for n in range(ROWS))


def test_exit_codes(site: Site, tmp_path: Path, orders: Path) -> None:
    header = orders.read_text().splitlines()[0]
    one = tmp_path / "orders.csv"
    one.write_text(f"{header}\n1,=1+1,7,9.90,b@mail.com,203.0.113.1,4,2026-02-20 10:00:00,2026-02-20 10:01:00\n")
    refused = imported(site, str(one))
    assert refused.returncode == 1
    assert "100.0% of the rows were refused" in refused.stderr
    assert "formula" in refused.stdout
    one.write_text(f"{header}\n1,S1,7,9.90,b@mail.com,203.0.113.1,-1,2026-02-20 10:00:00,2026-02-20 10:01:00\n")
    nothing = imported(site, str(one))
    assert nothing.returncode == 1
    assert "No row made an event" in nothing.stderr


def test_no_password_is_printed_or_kept(site: Site) -> None:
    address = "mysql+pymysql://reader:hunter2@127.0.0.1:9/shop"
    done = imported(site, "env:SHOP_URL", SHOP_URL=address)
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert "hunter2" not in str(site.rows("SELECT source, report::text FROM imports"))
