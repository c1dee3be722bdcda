"""Every command explains itself, with an example, and the exit codes are told."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from service import __version__
from service.cli import LISTED, app
from service.lazy_commands import imported

COMMANDS = [
    ("read",), ("decide",), ("replay",), ("serve",), ("worker",), ("migrate",), ("doctor",), ("demo",),
    ("import",), ("audit", "queue"), ("audit", "judge"), ("audit", "standing"), ("audit", "reset"),
    ("audit", "verify"), ("audit", "public-key"),
    *(("cases", name) for name in ("list", "show", "approve", "reject", "offer", "ask", "evidence", "appeal", "rule")),
    *(("cases", name) for name in ("second-review", "escalate", "withdraw", "reopen", "reverse", "close", "diagram")),
    *(("incidents", name) for name in ("list", "show", "declare", "confirm", "dismiss", "end")),
    ("queues",), ("anomalies",), ("ledger",), ("cases", "link"),
    *(("personal-data", name) for name in ("reveal", "reveals", "export", "erase", "sweep", "rotate-keys")),
    ("personal-data", "withdraw-consent"),
    ("keys", "create"), ("keys", "rotate"), ("keys", "revoke"), ("keys", "list"),
    *(("webhooks", name) for name in ("create", "list", "disable", "enable", "delete", "rotate", "test")),
    ("webhooks", "deliveries"), ("webhooks", "replay"),
    *(("users", name) for name in ("add", "list", "disable", "enable", "password", "roles")),
    ("metrics", "dashboard"), ("metrics", "alerts"),
    ("models", "list"), ("models", "rollback"), ("models", "shadow"), ("models", "compare"),
    ("policy", "validate"), ("policy", "show"), ("policy", "list"), ("policy", "propose"), ("policy", "approve"),
    ("policy", "reject"), ("policy", "withdraw"), ("policy", "diff"), ("policy", "dry-run"), ("policy", "backtest"),
    ("policy", "template"),
    ("platforms", "add"), ("platforms", "mode"), ("platforms", "stop"), ("platforms", "resume"),
    ("platforms", "budgets"), ("platforms", "sightings"),
    ("platforms", "list"), ("platforms", "identity-key"),
]  # fmt: skip


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words], env={"COLUMNS": "200", "TERM": "dumb"})
    return result.exit_code, result.output


def test_the_commands_listed_are_all_there_are() -> None:
    found: set[tuple[str, ...]] = set()
    for each in LISTED:
        inner = getattr(imported(each), "commands", None)
        found |= {(each.name, one) for one in inner} if inner else {(each.name,)}
    assert found == set(COMMANDS)


def test_what_is_listed_is_what_the_commands_say_of_themselves() -> None:
    for each in LISTED:
        assert " ".join(imported(each).help.split("\n\n")[0].split()) == each.line


def test_a_list_of_the_commands_imports_none_of_them() -> None:
    told = subprocess.run([sys.executable, "-X", "importtime", "-m", "service.cli", "--help"], capture_output=True)
    loaded = {line.rpartition(b"|")[2].strip().decode() for line in told.stderr.splitlines()}
    assert told.returncode == 0
    assert "service.lazy_commands" in loaded
    assert not loaded & {"service.wiring", "service.store", "sqlalchemy", "fastapi", "pydantic", "numpy", "cv2"}


def test_help_names_commands_and_exit_codes() -> None:
    code, text = run("--help")
    assert code == 0
    for name in {words[0] for words in COMMANDS}:
        assert name in text
    assert "Exit codes: 0 done" in text


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_an_example(words: tuple[str, ...]) -> None:
    code, text = run(*words, "--help")
    assert code == 0
    assert "Example" in text
    assert "prereview " + " ".join(words) in text


def test_version() -> None:
    assert run("version") == (0, f"{__version__}\n")


@pytest.mark.parametrize(
    "words", [("nonsense",), ("keys", "create"), ("decide",), ("import",), ("import", "--mapping", "dujiaoka")]
)
def test_wrong_usage_ends_with_two(words: tuple[str, ...]) -> None:
    assert run(*words)[0] == 2
