"""Databases for services that run as processes of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from running_service import Site, migrated_database, set_up

from service.store import EmbeddedPostgres


@pytest.fixture(scope="session")
def make_site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Site]:
    """A deployment with a database of its own on the session's server; keyword arguments are its environment."""

    def make(**environment: str) -> Site:
        return set_up(tmp_path_factory.mktemp("home"), migrated_database(postgres), **environment)

    return make
