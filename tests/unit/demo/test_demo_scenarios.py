"""The demo's scenarios: claims the API takes, files that exist, expectations that can fail."""

from __future__ import annotations

import copy
import json
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from service.api.schemas.claims import ClaimIn
from service.demo.scenarios import CLOCK_START, HERE, Scenario, curl_line, scenarios, unmet
from service.demo.server import MARKER, fresh_home
from service.domain.assessment import Decision, ObligationKind
from service.domain.checks import CheckCode, Result
from service.domain.errors import ConfigurationError
from service.review.requests import Submission
from service.review.submissions import refuse_future

ALL = scenarios()


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.id)
def test_a_scenario_can_be_posted_and_judged(scenario: Scenario) -> None:
    claim = ClaimIn.model_validate(scenario.claim).to_domain("demo")
    submission = Submission(claim=claim, claim_data=scenario.claim, files=(), idempotency_key=scenario.id)
    refuse_future(submission, datetime.fromisoformat(CLOCK_START))
    for path in scenario.files:
        assert path.is_file(), path
    assert scenario.decision in {decision.value for decision in Decision}
    assert set(scenario.title) == {"zh", "en"}
    assert scenario.shows
    checks = scenario.expects.get("checks", {})
    assert set(checks) <= {code.value for code in CheckCode}
    assert set(checks.values()) <= {result.value for result in Result}
    if "obligation" in scenario.expects:
        assert scenario.expects["obligation"] in {kind.value for kind in ObligationKind}


def test_ids_references_and_orders_are_each_scenarios_own() -> None:
    assert len({scenario.id for scenario in ALL}) == len(ALL) >= 10
    linked = {scenario.expects["linked_to"] for scenario in ALL if "linked_to" in scenario.expects}
    assert linked <= {scenario.id for scenario in ALL}
    orders = [scenario.claim["order"]["order_number"] for scenario in ALL if "linked_to" not in scenario.expects]
    assert len(set(orders)) == len(orders)


def test_every_page_is_used() -> None:
    used = {path.name for scenario in ALL for path in scenario.files}
    pages = {path.name for path in (HERE / "pages").iterdir() if path.suffix in {".png", ".jpg", ".webp"}}
    assert pages == used


def approval(**changes: Any) -> dict[str, Any]:
    answer = {
        "case_id": "c1",
        "decision": "auto_approved",
        "obligations": [],
        "buyer": {"missing": []},
        "internal": {"recommendation": "approve", "checks": [], "evidence": [], "risk": {"certificate": "cert"}},
    }
    return answer | changes


def scenario_with(decision: str = "auto_approved", **expects: Any) -> Scenario:
    return Scenario(id="s", title={}, shows="", claim={}, files=(), decision=decision, expects=expects)


@pytest.mark.parametrize(
    ("expects", "answer", "complaint"),
    [
        ({}, approval(decision="manual_review"), "decision is manual_review"),
        ({"obligation": "void_code"}, approval(), "obligation void_code"),
        ({"recommendation": "reject"}, approval(), "recommendation is approve"),
        ({"missing": True}, approval(), "nothing is named as missing"),
        ({"checks": {"amount": "pass"}}, approval(), "check amount is None"),
        ({"failed_reasons": ["damaged"]}, approval(), "reading ended"),
        ({"linked_to": "first"}, approval(case_id="c2", linked_claim_id="l"), "the case is not that of first"),
        ({"linked_to": "first"}, approval(), "not told as linked"),
    ],
)
def test_what_is_not_met_is_said(expects: dict[str, Any], answer: dict[str, Any], complaint: str) -> None:
    found = unmet(scenario_with(**expects), answer, {"first": {"case_id": "c1"}})
    assert len(found) == 1
    assert complaint in found[0]


def test_without_a_certificate_a_person_is_expected_where_one_is_needed() -> None:
    person = approval(decision="manual_review")
    person["internal"] = {**person["internal"], "risk": None}
    assert unmet(scenario_with(needs_certificate=True), person, {}) == []
    assert unmet(scenario_with(), person, {}) != []
    certified = approval(decision="manual_review")
    assert unmet(scenario_with(needs_certificate=True), certified, {}) != []


def test_the_curl_line_posts_a_claim_of_a_new_order() -> None:
    words = shlex.split(curl_line("http://127.0.0.1:1", "prk_x").replace("\\\n", " "))
    claim = json.loads(
        next(word for word in words if word.startswith("claim=")).removeprefix("claim=").rpartition(";")[0]
    )
    posted = copy.deepcopy(ALL[0].claim)
    assert claim["order"]["order_number"] != posted["order"]["order_number"]
    ClaimIn.model_validate(claim)


def test_only_a_demos_folder_is_emptied(tmp_path: Path) -> None:
    fresh_home(tmp_path / "new")
    (tmp_path / "new" / "old").touch()
    fresh_home(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [MARKER]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "data").touch()
    with pytest.raises(ConfigurationError):
        fresh_home(tmp_path / "mine")
    assert (tmp_path / "mine" / "data").exists()
