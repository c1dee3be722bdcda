"""Databases for services that run as processes of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from running_service import Site, set_up

from service.store import EmbeddedPostgres


@pytest.fixture(scope="session")
def make_site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Site]:
    """A deployment with a database of its own on the session's server; keyword arguments are its environment."""

    def make(**environment: str) -> Site:
        name = f"system_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        home: Path = tmp_path_factory.mktemp("home")
        return set_up(home, postgres.url(name), **environment)

    return make
