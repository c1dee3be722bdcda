"""The life of a policy at the command line, in a deployment of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running_service import migrated_database, new_claim
from typer.testing import CliRunner, Result

from service.cli import app, console
from service.domain.errors import BadRequest, Conflict, InvalidPolicyText
from service.policy import platform_policy_text
from service.store import EmbeddedPostgres

DEMO = platform_policy_text("demo")


@pytest.fixture
def deployment(postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands of this process work on a database and a home of the test's own."""
    url = migrated_database(postgres)
    monkeypatch.setenv("PREREVIEW_DATABASE_URL", url)
    monkeypatch.setenv("PREREVIEW_HOME", str(tmp_path / "home"))
    console.settings.cache_clear()
    yield
    console.settings.cache_clear()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "demo": DEMO,
        "fee": DEMO.replace("buyer_at_fault_permille: 10", "buyer_at_fault_permille: 20"),
        "broken": DEMO.replace("buyer_at_fault_permille: 10", "buyer_at_fault_permille: 1000"),
    }
    made = {}
    for name, text in texts.items():
        made[name] = tmp_path / f"{name}.yaml"
        made[name].write_text(text, encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console's width is read when it is made, with whatever test ran first."""
    monkeypatch.setattr(console.out, "width", 160)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "160", "TERM": "dumb"})


def answer(*words: object) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output + repr(result.exception)
    return json.loads(result.stdout.splitlines()[-1])


def test_a_text_is_checked_and_compared_without_a_database(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREREVIEW_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert answer("policy", "validate", files["demo"])["platform"] == "demo"
    refused = run("policy", "validate", files["broken"])
    assert isinstance(refused.exception, InvalidPolicyText)
    assert refused.exception.extra["errors"][0]["path"] == "fee.buyer_at_fault_permille"
    (files["demo"].parent / "mine.yaml").write_text(run("policy", "template").stdout, encoding="utf-8")
    assert run("policy", "validate", files["demo"].parent / "mine.yaml").exit_code == 0
    found = answer("policy", "diff", files["demo"], files["fee"])
    assert [each["path"] for each in found["differences"]] == ["fee.buyer_at_fault_permille"]
    shown = run("policy", "diff", files["demo"], files["fee"], "--text")
    assert "does not hold for the other" in shown.stdout
    assert "+fee:" in shown.stdout


@pytest.mark.usefixtures("deployment")
def test_a_version_goes_from_one_hand_to_another(files: dict[str, Path]) -> None:
    assert run("platforms", "add", "--policy", files["demo"]).exit_code == 0
    # Once it is there, an operator alone does not replace it.
    assert isinstance(run("platforms", "add", "--policy", files["fee"]).exception, Conflict)
    proposed = answer("policy", "propose", files["fee"], "--by", "ana", "--effective-at", "2036-01-01")
    assert (proposed["state"], proposed["version"]) == ("proposed", "1")
    assert proposed["wanted_at"].startswith("2035-12-31T16:00:00")  # midnight where the platform is
    assert isinstance(run("policy", "approve", "1", "--by", "Ana").exception, Conflict)
    told = run("policy", "approve", "1", "--by", "bo")
    assert told.exit_code == 0, repr(told.exception)
    assert "buyer_at_fault_permille" in told.stdout
    listed = answer("policy", "list")
    assert [each["state"] for each in listed] == ["scheduled", "in_force"]
    withdrawn = answer("policy", "withdraw", "1", "--by", "ana", "--why", "no")
    assert withdrawn["state"] == "withdrawn"
    assert run("policy", "show").stdout == DEMO
    drafted = answer("policy", "propose", files["fee"], "--by", "ana", "--draft")
    assert drafted["state"] == "drafted"
    assert answer("policy", "propose", "2", "--by", "ana")["state"] == "proposed"
    assert isinstance(run("policy", "propose", "nothing.yaml", "--by", "ana").exception, BadRequest)


@pytest.mark.usefixtures("deployment")
def test_stored_cases_are_judged_again(files: dict[str, Path], tmp_path: Path) -> None:
    assert run("platforms", "add", "--policy", files["demo"]).exit_code == 0
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps(new_claim(reason="unused_change_of_mind")), encoding="utf-8")
    number = answer("decide", claim, "--platform", "demo")["number"]
    found = answer("policy", "dry-run", number, "--policy", files["fee"])
    assert found["before"]["decision"] == found["after"]["decision"]
    table = run("policy", "dry-run", number, "--policy", files["fee"])
    assert number in table.stdout
    tried = answer("policy", "backtest", files["fee"], "--since", "2026-01-01")
    assert (tried["cases"], tried["not_repeated"]) == (1, 0)
    drawn = run("policy", "backtest", files["fee"], "--since", "2026-01-01", "--plot")
    assert drawn.exit_code == 0, repr(drawn.exception)
    assert "1 cases" in drawn.stdout
    assert "Money approved" in drawn.stdout
