"""`prereview users`: the first administrator, without a password in arguments or output."""

from __future__ import annotations

import json

from running_service import Site

PASSWORD = "correct horse battery"


def listed(site: Site) -> dict[str, dict[str, object]]:
    done = site.command("users", "list", "--platform", "demo", "--json")
    assert done.returncode == 0, done.stderr
    return {user["login"]: user for user in json.loads(done.stdout)}


def test_a_platform_gets_its_people_by_command(site: Site) -> None:
    words = ("users", "add", "Ana.Lopez", "--platform", "demo", "--role", "administrator", "--password-stdin")
    added = site.command(*words, typed=f"{PASSWORD}\n", PREREVIEW_LOG_LEVEL="DEBUG")
    assert added.returncode == 0, added.stderr
    assert PASSWORD not in added.stdout + added.stderr
    made = site.command("users", "add", "bo", "--platform", "demo", "--role", "reviewer", "--generate")
    assert made.returncode == 0
    assert len(made.stdout.strip()) == 23
    site.command("users", "roles", "bo", "--platform", "demo", "--role", "senior", "--role", "auditor")
    people = listed(site)
    assert people["ana.lopez"]["roles"] == ["administrator"]
    assert people["bo"]["roles"] == ["auditor", "senior"]
    assert people["bo"]["password_due"]
    assert not {"password", "password_hash"} & set(people["bo"])

    last = site.command("users", "disable", "ana.lopez", "--platform", "demo")
    assert (last.returncode, "only administrator" in last.stderr) == (1, True)
    actions = {
        row[0]: row[1] for row in site.rows("SELECT action, actor_name FROM audit WHERE starts_with(subject, 'user:')")
    }
    assert {"user.added", "user.roles_set"} <= set(actions)
    assert all(name.startswith("cli:") for name in actions.values())


def test_what_will_not_do_is_refused_in_words(site: Site) -> None:
    done = site.command(
        "users", "add", "cy", "--platform", "demo", "--role", "reviewer", "--password-stdin", typed="short\n"
    )
    assert (done.returncode, "12 to 128 characters" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr
