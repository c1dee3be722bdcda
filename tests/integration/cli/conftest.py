"""A deployment on which commands are run as processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_service import Site, migrated_database, set_up

from service.store import EmbeddedPostgres


@pytest.fixture(scope="module")
def site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Site:
    home: Path = tmp_path_factory.mktemp("home")
    return set_up(home, migrated_database(postgres), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
