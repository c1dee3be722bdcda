"""webhooks: what an operator does about a platform's endpoints."""

from __future__ import annotations

import json

from running_service import Site


def test_an_operator_makes_lists_and_replays(site: Site) -> None:
    words = ("--platform", "demo", "--url", "https://shop.example/hooks", "--type", "case.approved", "--json")
    made = site.command("webhooks", "create", *words)
    assert made.returncode == 0, made.stderr
    endpoint = json.loads(made.stdout)
    assert endpoint["secret"].startswith("whsec_")
    listed = site.command("webhooks", "list", "--platform", "demo", "--json")
    assert [(row["id"], row["state"], row["dead"]) for row in json.loads(listed.stdout)] == [
        (endpoint["id"], "enabled", 0)
    ]
    assert endpoint["secret"] not in listed.stdout
    replayed = site.command("webhooks", "replay", endpoint["id"], "--platform", "demo", "--which", "missed")
    assert "Queued: 0" in replayed.stderr
    assert site.rows("SELECT action, actor_kind FROM audit WHERE subject = %s", f"webhook:{endpoint['id']}") == [
        ("webhook.created", "person"),
        ("webhook.replayed", "person"),
    ]
