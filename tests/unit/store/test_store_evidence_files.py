"""Evidence files: written whole or not at all, never changed, apart by platform."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.domain.errors import ConfigurationError, NotFound, Unavailable
from service.store.evidence_files import EvidenceDamaged, EvidenceFiles

DATA = b"a picture"
NAME = hashlib.sha256(DATA).hexdigest()


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_bytes_go_under_platform_and_hash_and_come_back(tmp_path):
    files = EvidenceFiles(str(tmp_path / "evidence"))
    assert await files.write("acme", DATA) == NAME
    assert await files.read("acme", NAME) == DATA
    assert everything(tmp_path / "evidence") == [f"acme/{NAME}"]
    assert (tmp_path / "evidence" / "acme" / NAME).stat().st_mode & 0o077 == 0


async def test_the_same_bytes_again_change_nothing(tmp_path):
    files = EvidenceFiles(f"file://{tmp_path}")
    await files.write("acme", DATA)
    before = (tmp_path / "acme" / NAME).stat()
    await asyncio.gather(*(files.write("acme", DATA) for _ in range(8)))
    after = (tmp_path / "acme" / NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert everything(tmp_path) == [f"acme/{NAME}"]


async def test_many_writers_of_the_same_new_bytes(tmp_path):
    files = EvidenceFiles(str(tmp_path))
    assert set(await asyncio.gather(*(files.write("acme", DATA) for _ in range(16)))) == {NAME}
    assert everything(tmp_path) == [f"acme/{NAME}"]


async def test_one_platform_never_meets_anothers_files(tmp_path):
    files = EvidenceFiles(str(tmp_path))
    await files.write("acme", DATA)
    with pytest.raises(NotFound):
        await files.read("other", NAME)


@pytest.mark.parametrize(
    ("platform", "name"),
    [("../acme", NAME), ("acme", "../../etc/passwd"), ("", NAME), ("acme", NAME[:-1]), (".", NAME)],
)
async def test_names_that_are_none_lead_nowhere(tmp_path, platform, name):
    files = EvidenceFiles(str(tmp_path))
    await files.write("acme", DATA)
    with pytest.raises(NotFound):
        await files.read(platform, name)


async def test_damaged_bytes_are_not_handed_out(tmp_path):
    files = EvidenceFiles(str(tmp_path))
    await files.write("acme", DATA)
    (tmp_path / "acme" / NAME).write_bytes(b"another")
    with pytest.raises(EvidenceDamaged):
        await files.read("acme", NAME)


async def test_any_file_system_of_fsspec_will_do():
    files = EvidenceFiles("memory://evidence")
    assert await files.write("acme", DATA) == NAME
    assert await files.write("acme", DATA) == NAME
    assert await files.read("acme", NAME) == DATA


def test_an_unknown_file_system_is_a_matter_of_configuration():
    with pytest.raises(ConfigurationError, match="nosuch"):
        EvidenceFiles("nosuch://bucket")


WRITE_TOO_MUCH = """
import asyncio, resource, signal, sys
from service.domain.errors import Unavailable
from service.store.evidence_files import EvidenceFiles
if sys.argv[2] == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
files = EvidenceFiles(sys.argv[1])
asyncio.run(files.write("acme", b"fits"))
try:
    asyncio.run(files.write("acme", b"x" * 200_000))
except Unavailable as error:
    print(error.retry_after, error.detail)
"""


def test_what_the_disk_cannot_hold_leaves_nothing_half_written(tmp_path):
    command = [sys.executable, "-c", WRITE_TOO_MUCH, str(tmp_path), "limit"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout == "30 evidence cannot be stored: File too large\n"
    assert everything(tmp_path) == [f"acme/{hashlib.sha256(b'fits').hexdigest()}"]


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    script = (
        'mount -t tmpfs -o size=96k tmpfs "$1" || exit 77; "$2" -c "$3" "$1" disk || exit 1; find "$1" -type f | wc -l'
    )
    command = ["unshare", "-Urm", "sh", "-c", script, "sh", str(tmp_path), sys.executable, WRITE_TOO_MUCH]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        pytest.skip("needs unshare of util-linux")
    if result.returncode == 77 or "unshare failed" in result.stderr:
        pytest.skip("this kernel lets nobody mount a small disk")
    assert result.stdout == "30 evidence cannot be stored: No space left on device\n1\n", result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(Unavailable):
        await EvidenceFiles(str(tmp_path)).write("acme", DATA)
