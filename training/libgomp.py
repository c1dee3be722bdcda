"""LightGBM's wheel wants the system's libgomp.so.1, which bare machines lack. scikit-learn's wheel carries a copy.

That copy has a name of its own (``libgomp-<hash>.so.1.0.0``), so the loader does not take it for libgomp.so.1. Loaded
once under the wanted SONAME, it satisfies every later library that asks for it. Call ``ensure_libgomp()`` before the
first ``import lightgbm``.
"""

from __future__ import annotations

import ctypes
import importlib.util
import tempfile
from pathlib import Path

from service.domain.errors import ConfigurationError

SONAME = "libgomp.so.1"


def ensure_libgomp() -> str:
    """Makes libgomp.so.1 loadable in this process; says where it came from. ConfigurationError where there is none."""
    if _loads(SONAME):
        return "system"
    copy = bundled_copy()
    if copy is None:
        raise ConfigurationError(
            "training needs libgomp.so.1, and scikit-learn's copy of it was not found; "
            "install the locked requirements (make test), or the system package libgomp1"
        )
    load_renamed(copy)
    return str(copy)


def bundled_copy() -> Path | None:
    """scikit-learn's own libgomp (in ``scikit_learn.libs`` beside the package); None where there is none."""
    spec = importlib.util.find_spec("sklearn")
    if spec is None or spec.origin is None:
        return None
    libs = Path(spec.origin).parent.parent / "scikit_learn.libs"
    return next(iter(sorted(libs.glob("libgomp*.so*"))), None)


def renamed(library: bytes, old: str) -> bytes:
    """The library with its SONAME ``old`` changed to libgomp.so.1; ValueError where it does not carry that name.

    The name is a NUL-terminated entry of the string table, and the new one is no longer, so nothing moves.
    """
    entry = b"\0" + old.encode() + b"\0"
    if library.count(entry) != 1 or len(old) < len(SONAME):
        raise ValueError(f"{old} is not named once in the library, or is shorter than {SONAME}")
    padded = SONAME.encode().ljust(len(old), b"\0")
    return library.replace(entry, b"\0" + padded + b"\0")


def load_renamed(copy: Path) -> None:
    """Loads a renamed copy for the whole process, its symbols global; OSError where it cannot be loaded."""
    with tempfile.TemporaryDirectory(prefix="prereview-libgomp-") as folder:
        target = Path(folder) / SONAME
        target.write_bytes(renamed(copy.read_bytes(), copy.name))
        # Stays mapped after the file is gone.
        ctypes.CDLL(str(target), mode=ctypes.RTLD_GLOBAL)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True
