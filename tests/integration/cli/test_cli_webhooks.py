"""webhooks: what an operator does about a platform's endpoints."""

from __future__ import annotations

import json

from running_service import Site


def test_an_operator_makes_lists_rotates_and_replays(site: Site) -> None:
    refused = site.command("webhooks", "create", "--platform", "demo", "--url", "https://10.0.0.7/hooks")
    assert (refused.returncode, "not public" in refused.stderr) == (1, True)
    words = ("--platform", "demo", "--url", "https://shop.example/hooks", "--type", "case.approved", "--json")
    made = site.command("webhooks", "create", *words)
    assert made.returncode == 0, made.stderr
    endpoint = json.loads(made.stdout)
    rotated = site.command("webhooks", "rotate", endpoint["id"], "--platform", "demo", "--json")
    assert json.loads(rotated.stdout)["secret"] not in ("", endpoint["secret"])
    listed = site.command("webhooks", "list", "--platform", "demo", "--json")
    assert [(row["id"], row["state"], row["dead"]) for row in json.loads(listed.stdout)] == [
        (endpoint["id"], "enabled", 0)
    ]
    assert endpoint["secret"] not in listed.stdout
    tested = site.command("webhooks", "test", endpoint["id"], "--platform", "demo")
    assert site.rows("SELECT type FROM outgoing_events WHERE id = %s", tested.stdout.strip()) == [("webhook.test",)]
    replayed = site.command("webhooks", "replay", endpoint["id"], "--platform", "demo", "--which", "missed")
    assert "Queued: 0" in replayed.stderr
    assert site.rows("SELECT DISTINCT actor_kind FROM audit WHERE subject = %s", f"webhook:{endpoint['id']}") == [
        ("person",)
    ]
    nowhere = site.command("webhooks", "list", "--platform", "nowhere", "--json")
    assert json.loads(nowhere.stdout) == []
