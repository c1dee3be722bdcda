"""audit: what a reviewer and a risk owner type, and what the exit codes tell a script."""

from __future__ import annotations

import getpass
import json

from running_service import Site


def test_a_platform_without_findings_stands_closed(site: Site) -> None:
    done = site.command("audit", "standing", "--json")
    assert done.returncode == 0, done.stderr
    (row,) = [row for row in json.loads(done.stdout) if row["platform"] == "demo"]
    assert (row["settled"], row["unsettled"], row["tripped_at"]) == (0, 0, None)
    assert row["alpha"] == 0.02
    assert row["certificate"].startswith("cert-")
    assert json.loads(site.command("audit", "queue", "demo", "--json").stdout) == []


def test_a_tripped_breaker_is_seen_and_closed_by_two(site: Site) -> None:
    site.execute("UPDATE platforms SET breaker_tripped_at = now(), breaker_reason = 'too much wrong' WHERE id = 'demo'")
    seen = site.command("audit", "standing", "demo")
    assert seen.returncode == 1
    assert "TRIPPED" in seen.stdout
    assert "too much wrong" in seen.stdout
    alone = site.command("audit", "reset", "demo", "--reason", "mended", "--approved-by", getpass.getuser())
    assert alone.returncode == 1
    assert "another" in alone.stderr
    assert site.command("audit", "standing", "demo").returncode == 1
    done = site.command("audit", "reset", "demo", "--reason", "mended", "--approved-by", "risk-owner")
    assert done.returncode == 0, done.stderr
    assert site.command("audit", "standing", "demo").returncode == 0
    entries = site.rows("SELECT action, actor_name FROM audit WHERE subject = 'platform:demo' ORDER BY id DESC LIMIT 1")
    assert entries == [("platform.breaker_reset", f"cli:{getpass.getuser()}")]


def test_what_is_not_there_is_said_in_a_sentence(site: Site) -> None:
    for command in (
        ("audit", "standing", "nowhere"),
        ("audit", "queue", "nowhere"),
        ("audit", "reset", "nowhere", "--reason", "x", "--approved-by", "y"),
        ("audit", "judge", "R000000-0000000000", "--loss-share", "0"),
    ):
        done = site.command(*command)
        assert done.returncode == 1, command
        assert "error:" in done.stderr
        assert "Traceback" not in done.stderr
    assert site.command("audit", "judge", "R000000-0000000000", "--loss-share", "1.5").returncode == 2
