"""The list of prereview-train's commands: cheap to show, and what the commands say of themselves."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from service.lazy_commands import Listed, imported
from training.cli import LISTED


@pytest.mark.parametrize("listed", LISTED, ids=lambda each: each.name)
def test_what_is_listed_is_what_the_command_says_of_itself(listed: Listed) -> None:
    assert " ".join(imported(listed).help.split("\n\n")[0].split()) == listed.line


def test_every_command_of_a_listed_module_is_listed() -> None:
    beside = {each.module for each in LISTED if each.beside}
    found = {name for module in beside for name in _names(module)}
    assert found == {each.name for each in LISTED if each.beside}


def test_a_list_of_the_commands_imports_none_of_them() -> None:
    told = subprocess.run([sys.executable, "-X", "importtime", "-m", "training.cli", "--help"], capture_output=True)
    loaded = {line.rpartition(b"|")[2].strip().decode() for line in told.stderr.splitlines()}
    assert told.returncode == 0
    assert "service.lazy_commands" in loaded
    assert not loaded & {"numpy", "pandas", "ibis", "sklearn", "lightgbm", "mlflow", "matplotlib", "cv2", "pydantic"}


def _names(module: str) -> list[str]:
    commands = import_module(module).app.registered_commands
    return [each.name or each.callback.__name__.replace("_", "-") for each in commands]
