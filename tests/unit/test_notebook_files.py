"""Notebooks as they are committed: calls and plots, no logic, no outputs, and SIMULATED said before anything else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.While, ast.Try)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    found = nbformat.read(request.param, as_version=4)
    nbformat.validate(found)
    return found


def test_all_five_are_there() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


def test_nothing_that_was_printed_is_kept(notebook: Any) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_they_hold_no_logic(notebook: Any) -> None:
    """Whatever is worth a function belongs into a package, with a test."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            source = "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))
            assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, LOGIC)], source


def test_the_first_words_say_what_the_data_are(notebook: Any) -> None:
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert "SIMULATED" in first.source
