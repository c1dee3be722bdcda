"""The demo's claims and what each must be answered with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

HERE = Path(str(resources.files("service.demo")))
PLATFORM = "demo"
# The pages print dates of the days before this moment, so the demo's clock starts here on whatever day it is played.
CLOCK_START = "2026-11-20T12:00:00+08:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One claim of the demo. ``expects`` holds what must be true of the answer beside its decision."""

    id: str
    title: dict[str, str]
    shows: str
    claim: dict[str, Any]
    files: tuple[Path, ...]
    decision: str
    expects: dict[str, Any] = field(default_factory=dict)


def scenarios() -> tuple[Scenario, ...]:
    """All scenarios, in the order they are played."""
    items = yaml.safe_load((HERE / "scenarios.yaml").read_text(encoding="utf-8"))
    return tuple(
        Scenario(
            id=item["id"],
            title=item["title"],
            shows=item["shows"],
            claim=item["claim"],
            files=tuple(HERE / "pages" / name for name in item["files"]),
            decision=item["decision"],
            expects=item.get("expects") or {},
        )
        for item in items
    )


def unmet(scenario: Scenario, answer: dict[str, Any], earlier: dict[str, dict[str, Any]]) -> list[str]:
    """What of the scenario's expectations the answer does not meet, as sentences; empty: all met.

    Where approval needs a certified threshold and none is in force, a person is the right answer.
    """
    internal = answer.get("internal") or {}
    certified = bool((internal.get("risk") or {}).get("certificate"))
    expected = scenario.decision
    if scenario.expects.get("needs_certificate") and not certified and expected == "auto_approved":
        expected = "manual_review"
    found = []
    if answer.get("decision") != expected:
        found.append(f"decision is {answer.get('decision')}, expected {expected}")
    found += _unmet_expectations(scenario.expects, answer, internal, earlier)
    return found


def _unmet_expectations(
    expects: dict[str, Any], answer: dict[str, Any], internal: dict[str, Any], earlier: dict[str, dict[str, Any]]
) -> list[str]:
    found = []
    if (wanted := expects.get("obligation")) and wanted not in (answer.get("obligations") or []):
        found.append(f"obligation {wanted} is not named")
    if (wanted := expects.get("recommendation")) and internal.get("recommendation") != wanted:
        found.append(f"recommendation is {internal.get('recommendation')}, expected {wanted}")
    if expects.get("missing") and not answer["buyer"]["missing"]:
        found.append("nothing is named as missing")
    results = {check["code"]: check["result"] for check in internal.get("checks", [])}
    for code, wanted in (expects.get("checks") or {}).items():
        if results.get(code) != wanted:
            found.append(f"check {code} is {results.get(code)}, expected {wanted}")
    if reasons := expects.get("failed_reasons"):
        ends = [item["reason"] for item in internal.get("evidence", []) if item["status"] == "failed"]
        if not ends or not set(ends) <= set(reasons):
            found.append(f"reading ended {ends}, expected one of {reasons}")
    if (wanted := expects.get("linked_to")) and answer["case_id"] != earlier[wanted]["case_id"]:
        found.append(f"the case is not that of {wanted}")
    if expects.get("linked_to") and not answer.get("linked_claim_id"):
        found.append("the claim is not told as linked")
    return found


def curl_line(address: str, key: str) -> str:
    """A command to post the first scenario again as a new claim."""
    claim = json.loads(json.dumps(scenarios()[0].claim))
    claim["order"]["order_number"] += "-2"
    return (
        f"curl -sS {address}/v1/pre-reviews -H 'Authorization: Bearer {key}' -H 'Idempotency-Key: try-1' \\\n"
        f"  -F 'claim={json.dumps(claim, ensure_ascii=False)};type=application/json'"
    )
