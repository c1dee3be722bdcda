"""What a run was made with: code, Python, libraries, and the lock they were installed from."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import service
from service.scoring.format import sha256

_ROOT = Path(service.__file__).resolve().parents[1]
LOCK = Path("requirements/dev.lock")
# What can change a model or its figures.
_LIBRARIES = (
    "lightgbm",
    "numpy",
    "scikit-learn",
    "scipy",
    "onnx",
    "onnxruntime",
    "duckdb",
    "pyarrow",
    "mlflow",
    "optuna",
)


def code_version(root: Path = _ROOT) -> str:
    """The git commit, ``-dirty`` where tracked files differ from it; the package's version outside a checkout."""
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return service.__version__
    changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    return commit + ("-dirty" if changed else "")


def environment(root: Path = _ROOT) -> dict[str, Any]:
    """JSON-ready; ``lock_sha256`` is None where the lock is not beside the code."""
    lock = root / LOCK
    return {
        "code_version": code_version(root),
        "package_version": service.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "lock": str(LOCK),
        "lock_sha256": sha256(lock.read_bytes()) if lock.is_file() else None,
        "libraries": {name: _installed(name) for name in _LIBRARIES},
    }


def _git(root: Path, *words: str) -> str | None:
    if not (root / ".git").exists():
        return None  # a checkout of something else around an installed package is not our code
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *words],  # noqa: S607
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
