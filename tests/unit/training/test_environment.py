from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import service
from training.environment import LOCK, code_version, environment


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def test_the_code_is_named_by_its_commit_and_whether_it_was_changed(tmp_path: Path) -> None:
    assert code_version(tmp_path) == service.__version__  # no checkout
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("a = 1\n")
    git(tmp_path, "add", "a.py")
    git(tmp_path, "commit", "-q", "-m", "one")
    commit = code_version(tmp_path)
    assert len(commit) == 40
    (tmp_path / "b.py").write_text("never added\n")
    assert code_version(tmp_path) == commit
    (tmp_path / "a.py").write_text("a = 2\n")
    assert code_version(tmp_path) == f"{commit}-dirty"


def test_an_installed_package_below_somebody_elses_checkout_is_not_their_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    inside = tmp_path / "site-packages"
    inside.mkdir()
    assert code_version(inside) == service.__version__


def test_the_environment_names_lock_python_and_libraries(tmp_path: Path) -> None:
    assert environment(tmp_path)["lock_sha256"] is None
    (tmp_path / LOCK).parent.mkdir()
    (tmp_path / LOCK).write_bytes(b"numpy==1\n")
    found = environment(tmp_path)
    assert found["lock_sha256"] == hashlib.sha256(b"numpy==1\n").hexdigest()
    assert found["python"].startswith("3.")
    assert all(found["libraries"][name] for name in ("lightgbm", "onnxruntime", "numpy", "mlflow"))
