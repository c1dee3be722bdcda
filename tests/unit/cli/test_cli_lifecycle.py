"""The drawing of a case's life in the documents is the one the code makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.cli.cases import with_diagram
from service.domain.errors import BadRequest

ARCHITECTURE = Path(__file__).parents[3] / "ARCHITECTURE.md"


def test_the_architecture_shows_the_machine_as_it_is() -> None:
    document = ARCHITECTURE.read_text("utf-8")
    assert with_diagram(document) == document, "run: prereview cases diagram --write ARCHITECTURE.md"


def test_a_document_without_markers_is_left_alone() -> None:
    with pytest.raises(BadRequest, match="lacks the markers"):
        with_diagram("# Nothing here")
