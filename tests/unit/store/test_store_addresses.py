"""Database URLs, as SQLAlchemy and libpq understand them."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from service.domain.errors import ConfigurationError
from service.store import Store
from service.store.database import Database, conninfo
from service.store.embedded import EmbeddedPostgres


@pytest.mark.parametrize("name", ["plain", "with blanks", 'it\'s "quoted"', "100%+1&2=3", "数据"])
def test_the_socket_folder_survives_the_way_to_the_driver(tmp_path, name):
    server = EmbeddedPostgres(tmp_path / name)
    told = conninfo_to_dict(Database(server.url("other")).conninfo)
    assert (told["host"], told["user"], told["dbname"]) == (str(server.socket_dir), "postgres", "other")


def test_a_password_reaches_the_driver_whatever_its_signs():
    told = conninfo_to_dict(conninfo("postgresql+psycopg://shop:p%40ss%20w%2Brd%27@db.example:6432/prereview"))
    assert told == {
        "host": "db.example", "port": "6432", "user": "shop", "password": "p@ss w+rd'", "dbname": "prereview",
    }  # fmt: skip


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
def test_any_spelling_of_postgresql_will_do(scheme):
    assert Database(f"{scheme}://u@h/d").url.startswith("postgresql+psycopg://")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "sqlite://"])
def test_a_url_of_something_else_is_a_matter_of_configuration(url):
    with pytest.raises(ConfigurationError, match="postgresql"):
        Store(url, "memory://")


def test_the_password_is_in_no_error():
    with pytest.raises(ConfigurationError) as caught:
        Store("mysql://shop:secret@h/d", "memory://")
    assert "secret" not in str(caught.value)
