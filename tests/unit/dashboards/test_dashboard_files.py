"""The dashboard and the rules are whole: Grafana's and Prometheus' own rules, as far as they can be held here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from service import dashboards
from service.cli import app

ROWS = ["Traffic", "Decisions", "Reading", "Queues", "Money", "Integrity", "Delivery"]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(dashboards.dashboard())["panels"]
    return found


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(dashboards.alerts())["groups"] for rule in group["rules"]]


def test_a_row_for_each_concern_and_no_panel_over_another() -> None:
    assert [panel["title"] for panel in panels() if panel["type"] == "row"] == ROWS
    assert len({panel["id"] for panel in panels()}) == len(panels())
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_every_panel_says_what_it_shows_and_in_what_unit() -> None:
    for panel in panels():
        if panel["type"] == "row":
            continue
        assert panel["description"].endswith(".")
        assert panel["fieldConfig"]["defaults"]["unit"]
        steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        assert steps[0]["value"] is None
        values = [step["value"] for step in steps[1:]]
        assert values == sorted(values)
        assert panel["targets"]
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == "${datasource}"
            assert 'job=~"$job"' in target["expr"]


def test_every_rule_says_what_is_wrong_what_to_do_and_how_fast() -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules()) > 20
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        for text in ("summary", "runbook"):
            assert rule["annotations"][text].endswith("."), rule["alert"]
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "0m"))


def test_runbooks_name_commands_that_exist() -> None:
    named = set(re.findall(r"prereview ([a-z-]+(?: [a-z-]+)?)", " ".join(r["annotations"]["runbook"] for r in rules())))
    assert {"audit standing", "platforms budgets", "webhooks replay"} <= named
    for words in named:
        found = [CliRunner().invoke(app, [*given, "--help"]) for given in (words.split(), words.split()[:1])]
        assert any(each.exit_code == 0 for each in found), words


def test_expressions_are_balanced() -> None:
    given = [target["expr"] for panel in panels() for target in panel.get("targets", [])]
    for expression in (*given, *(rule["expr"] for rule in rules())):
        bare = re.sub(r'"[^"]*"', "", expression)
        assert all(bare.count(one) == bare.count(other) for one, other in ("()", "[]", "{}")), expression


def test_the_commands_print_and_write_them(tmp_path: Path) -> None:
    file = tmp_path / "alerts.yaml"
    assert CliRunner().invoke(app, ["metrics", "alerts", "--out", str(file)]).exit_code == 0
    assert file.read_text() == dashboards.alerts()
    printed = CliRunner().invoke(app, ["metrics", "dashboard"])
    assert json.loads(printed.stdout)["uid"] == "prereview"
