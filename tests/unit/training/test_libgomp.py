from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.domain.errors import ConfigurationError
from training import libgomp
from training.libgomp import SONAME, bundled_copy, ensure_libgomp, renamed

# On this machine the system's libgomp may be there: load the renamed copy all the same, and see that it is the one
# LightGBM runs on.
_TRAIN_ON_THE_COPY = """
from training.libgomp import bundled_copy, load_renamed
load_renamed(bundled_copy())
import ctypes, lightgbm, numpy
rows = numpy.random.default_rng(0).random((300, 2))
booster = lightgbm.train({"verbose": -1, "num_threads": 2}, lightgbm.Dataset(rows, rows[:, 0]), 3)
assert booster.num_trees() == 3
mapped = {line.split(None, 5)[-1].strip() for line in open("/proc/self/maps") if "libgomp" in line}
print("\\n".join(sorted(mapped)))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libgomp is a matter of Linux")
def test_lightgbm_trains_on_scikit_learn_s_copy() -> None:
    assert bundled_copy() is not None
    done = subprocess.run(
        [sys.executable, "-c", _TRAIN_ON_THE_COPY],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(libgomp.__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    mapped = done.stdout.splitlines()
    assert any("prereview-libgomp-" in path for path in mapped)
    assert all("prereview-libgomp-" in path or "scikit_learn.libs" in path for path in mapped), mapped


def test_renaming_changes_the_name_and_moves_nothing() -> None:
    old = "libgomp-e985bcbb.so.1.0.0"
    library = b"\x7fELF..\0libm.so.6\0" + old.encode() + b"\0GOMP_1.0\0rest"
    new = renamed(library, old)
    assert len(new) == len(library)
    assert new.index(b"GOMP_1.0") == library.index(b"GOMP_1.0")
    assert SONAME.encode() + b"\0" in new
    assert old.encode() not in new


@pytest.mark.parametrize("library", [b"", b"\0libgomp-x.so.1.0.0\0\0libgomp-x.so.1.0.0\0"])
def test_a_library_without_that_one_name_is_left_alone(library: bytes) -> None:
    with pytest.raises(ValueError, match="not named once"):
        renamed(library, "libgomp-x.so.1.0.0")


def test_neither_the_system_s_nor_a_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(libgomp, "SONAME", "libgomp-that-is-not-here.so.1")
    monkeypatch.setattr(libgomp, "bundled_copy", lambda: None)
    with pytest.raises(ConfigurationError, match="libgomp1"):
        ensure_libgomp()


def test_the_system_s_is_taken_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libgomp, "SONAME", "libc.so.6")
    assert ensure_libgomp() == "system"
