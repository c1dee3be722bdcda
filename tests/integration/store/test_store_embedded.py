"""The embedded PostgreSQL through everything that happens to it on a real machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.domain.errors import ConfigurationError
from service.store.embedded import EmbeddedPostgres

FAST = {"fsync": "off", "shared_buffers": "16MB", "max_connections": 20}
USER = """
import sys, time
from pathlib import Path
from service.store.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off", "shared_buffers": "16MB", "max_connections": 20})
server.acquire()
print("up", flush=True)
time.sleep(60)
"""
# Root in a user namespace that allows no further one: what root meets in most containers.
AS_CONTAINER_ROOT = """
import ctypes, os, sys
ready, go = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    if ctypes.CDLL(None).unshare(0x10000000):
        os._exit(77)
    os.write(ready[1], b"1"); os.read(go[0], 1)
    os.setgid(0); os.setuid(0)
    open("/proc/sys/user/max_user_namespaces", "w").write("0")
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
os.read(ready[0], 1)
for name in ("uid_map", "gid_map"):
    open(f"/proc/{child}/{name}", "w").write("0 0 65536")
os.write(go[1], b"1")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
KEEP_A_ROW = """
import sys, psycopg
from pathlib import Path
from service.store.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    row = psycopg.connect(server.url().replace("+psycopg", "")).execute("SELECT 6 * 7").fetchone()
    print(server._run_as().name, row)
"""


def ask(server: EmbeddedPostgres, query: str):
    with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone() if cursor.description else None


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def kill(server: EmbeddedPostgres) -> int:
    number = postmaster(server)
    os.kill(number, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{number}/cmdline").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return number


def stopped(server: EmbeddedPostgres) -> bool:
    return not (server.data / "postmaster.pid").exists()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Other users can reach it, which is not so below pytest's own temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_starts_keeps_its_data_and_stops(base):
    with EmbeddedPostgres(base, settings=FAST) as server:
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
        assert ask(server, "SHOW timezone") == ("UTC",)
        assert ask(server, "SHOW listen_addresses") == ("",)
    assert stopped(server)
    with EmbeddedPostgres(base, settings=FAST) as server:
        assert ask(server, "SELECT one FROM kept") == (1,)


def test_the_last_user_stops_it(base):
    first, second = EmbeddedPostgres(base, settings=FAST).acquire(), EmbeddedPostgres(base, settings=FAST).acquire()
    first.release()
    first.release()
    assert ask(second, "SELECT 1") == (1,)
    second.release()
    assert stopped(second)


def test_a_killed_user_is_no_longer_counted(base):
    user = subprocess.Popen([sys.executable, "-c", USER, str(base)], stdout=subprocess.PIPE)
    assert user.stdout.readline() == b"up\n"
    server = EmbeddedPostgres(base, settings=FAST).acquire()
    user.kill()
    user.wait()
    assert ask(server, "SELECT 1") == (1,)
    server.release()
    assert stopped(server)


def test_a_killed_server_is_started_again_with_its_data(base):
    with EmbeddedPostgres(base, settings={**FAST, "fsync": "on"}) as server:
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
        killed = kill(server)
        server.acquire()
        assert postmaster(server) != killed
        assert ask(server, "SELECT one FROM kept") == (1,)


def test_a_process_number_that_belongs_to_another_by_now_is_no_server(base):
    with EmbeddedPostgres(base, settings=FAST) as server:
        text = (server.data / "postmaster.pid").read_text()
    (server.data / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    with EmbeddedPostgres(base, settings=FAST) as server:
        assert ask(server, "SELECT 1") == (1,)


def test_half_a_cluster_is_thrown_away(base):
    half = base / "pg18.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(base, settings=FAST) as server:
        assert ask(server, "SELECT 1") == (1,)
    assert not half.exists()


@pytest.mark.parametrize("name", ["with blanks, 'quotes' and \"more\"", "数据", "long-" + "x" * 120])
def test_any_folder_will_do(tmp_path, name):
    tmp_path.chmod(0o700)
    with EmbeddedPostgres(tmp_path / name, settings=FAST) as server:
        assert ask(server, "SELECT 1") == (1,)
        assert ask(server, "SHOW data_directory") == (str(server.data),)
    if server.socket_dir != server.base:
        server.socket_dir.rmdir()  # empty once the server is gone


def test_only_this_user_may_connect(base):
    with EmbeddedPostgres(base, settings=FAST) as server:
        assert (server.socket_dir / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
        assert server.data.stat().st_mode & 0o077 == 0


def test_a_start_that_fails_says_why_and_can_be_repeated(base):
    broken = EmbeddedPostgres(base, settings={**FAST, "shared_buffers": "nonsense"})
    with pytest.raises(ConfigurationError, match="shared_buffers"):
        broken.acquire()
    with EmbeddedPostgres(base, settings=FAST) as server:
        assert ask(server, "SELECT 1") == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to play a container's root")
def test_root_without_user_namespaces_runs_it_as_nobody(open_folder):
    data = str(open_folder / "data")
    command = [sys.executable, "-c", AS_CONTAINER_ROOT, "-c", KEEP_A_ROW, data]
    for _ in range(2):  # the second time on data that belongs to nobody
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if result.returncode == 77:
            pytest.skip("this kernel has no user namespaces")
        assert result.stdout == "nobody (42,)\n", result.stderr
        assert (open_folder / "data" / "pg18").stat().st_uid == 65534
    # Where namespaces exist, the data still belongs to nobody and is left to them.
    plain = subprocess.run([sys.executable, "-c", KEEP_A_ROW, data], capture_output=True, text=True)
    assert plain.stdout == "nobody (42,)\n", plain.stderr
