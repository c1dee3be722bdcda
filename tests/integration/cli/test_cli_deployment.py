"""platforms, keys, migrate, doctor: what an operator types, and what the exit codes tell a script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running_service import Site, new_database

from service.policy import platform_policy_text
from service.store import EmbeddedPostgres


@pytest.fixture(scope="module")
def shop(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy of a platform called my-shop, set up by the command."""
    policy = tmp_path_factory.mktemp("policy") / "my-shop.yaml"
    policy.write_text(platform_policy_text("demo").replace("platform: demo", "platform: my-shop", 1))
    done = site.command("platforms", "add", "--policy", str(policy))
    assert done.returncode == 0, done.stderr
    return policy


def test_a_new_platform_is_observing_and_its_mode_can_be_changed(site: Site, shop: Path) -> None:
    modes = {row["id"]: row["mode"] for row in json.loads(site.command("platforms", "list", "--json").stdout)}
    assert modes == {"demo": "demo", "my-shop": "observing"}
    assert site.command("platforms", "mode", "my-shop", "stopped").returncode == 0
    again = site.command("platforms", "add", "--policy", str(shop), "--mode", "live")
    assert again.returncode == 0, again.stderr
    assert "mode stays" in again.stderr
    assert site.rows("SELECT mode FROM platforms WHERE id = 'my-shop'") == [("stopped",)]
    alone = site.command("platforms", "mode", "my-shop", "live")
    assert alone.returncode == 1
    assert "is stopped" in alone.stderr
    resumed = site.command("platforms", "resume", "my-shop", "--reason", "mended", "--approved-by", "wang")
    assert resumed.returncode == 0, resumed.stderr
    assert "observing again" in resumed.stderr
    unapproved = site.command("platforms", "mode", "my-shop", "live")
    assert unapproved.returncode == 1
    assert "approved by another" in unapproved.stderr
    shown = site.command("platforms", "budgets", "demo", "--json")
    assert shown.returncode == 0, shown.stderr
    budgets = json.loads(shown.stdout)
    assert ("platform-day", None, 0.0) in [(row["budget"], row["entity"], row["full"]) for row in budgets]
    unknown = site.command("platforms", "mode", "nowhere", "stopped")
    assert unknown.returncode == 1
    assert "nowhere" in unknown.stderr


def test_a_policy_with_errors_is_refused_with_the_place(site: Site, shop: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(shop.read_text().replace("certain_from_minor: 400000", "certain_from_minor: soon", 1))
    done = site.command("platforms", "add", "--policy", str(broken))
    assert done.returncode == 3
    assert "certain_from_minor" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_shown_once_and_stored_hashed(site: Site) -> None:
    made = site.command("keys", "create", "--platform", "demo", "--name", "checkout", "--scope", "claims", "--json")
    assert made.returncode == 0, made.stderr
    key = json.loads(made.stdout)
    listed = site.command("keys", "list", "--platform", "demo", "--json")
    (record,) = [row for row in json.loads(listed.stdout) if row["id"] == key["id"]]
    assert (record["name"], record["scopes"], record["revoked_at"]) == ("checkout", ["claims"], None)
    assert key["key"] not in listed.stdout
    stored = site.rows("SELECT encode(token_sha256, 'hex'), api_keys::text FROM api_keys WHERE id = %s", key["id"])
    assert len(stored[0][0]) == 64
    assert key["key"] not in stored[0][1]
    assert site.command("keys", "revoke", key["id"], "--platform", "demo").returncode == 0
    (record,) = [
        row
        for row in json.loads(site.command("keys", "list", "--platform", "demo", "--json").stdout)
        if row["id"] == key["id"]
    ]
    assert record["revoked_at"]


def test_a_key_is_replaced_with_an_overlap(site: Site) -> None:
    options = ("--scope", "cases", "--rate-class", "large", "--lifetime", "90d", "--network", "10.0.0.0/8", "--json")
    old = json.loads(site.command("keys", "create", "--platform", "demo", "--name", "desk", *options).stdout)
    rotated = site.command("keys", "rotate", old["id"], "--platform", "demo", "--overlap", "24h", "--json")
    assert rotated.returncode == 0, rotated.stderr
    new = json.loads(rotated.stdout)
    rows = {row["id"]: row for row in json.loads(site.command("keys", "list", "--platform", "demo", "--json").stdout)}
    assert rows[old["id"]]["state"].startswith("until ")
    assert rows[new["id"]]["rotated_from"] == old["id"]
    assert (rows[new["id"]]["scopes"], rows[new["id"]]["rate_class"]) == (["cases"], "large")
    assert (rows[new["id"]]["networks"], rows[new["id"]]["state"]) == (["10.0.0.0/8"], "valid")


def test_keys_for_nobody_are_refused(site: Site) -> None:
    assert site.command("keys", "create", "--platform", "nowhere").returncode == 1
    assert site.command("keys", "revoke", "not-an-id", "--platform", "demo").returncode == 2


def test_doctor_tells_an_empty_database_from_a_migrated_one(site: Site, postgres: EmbeddedPostgres) -> None:
    url = new_database(postgres)
    ill = site.command("doctor", "--json", PREREVIEW_DATABASE_URL=url)
    found = {row["part"]: row for row in json.loads(ill.stdout)}
    assert ill.returncode == 1
    assert (found["database"]["state"], found["database"]["mend"]) == ("down", "run: prereview migrate")
    assert found["reading"]["state"] == found["weights"]["state"] == "ok"
    assert site.command("migrate", PREREVIEW_DATABASE_URL=url).returncode == 0
    assert site.command("migrate", PREREVIEW_DATABASE_URL=url).returncode == 0  # again changes nothing
    well = site.command("doctor", "--json", PREREVIEW_DATABASE_URL=url)
    assert well.returncode == 0, well.stdout
    assert {row["state"] for row in json.loads(well.stdout) if row["part"] != "disk"} == {"ok"}


def test_an_unreachable_database_is_said_in_a_sentence(site: Site) -> None:
    done = site.command("platforms", "list", PREREVIEW_DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "database" in done.stderr
