"""What each sample platform says to the same claims, kept as files that people can read side by side.

After a wanted change: ``PREREVIEW_UPDATE_GOLDEN=1 pytest tests/golden/policy``, then read the diff.
"""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.domain.assessment import Decision, Grant, Verdict
from service.domain.checks import CheckCode
from service.domain.codec import from_data
from service.policy import DecideInput, Policy, decide, load_platform_policy

HERE = Path(__file__).parent
CLAIMS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "samples" / "claims.yaml").read_text(encoding="utf-8"))
BASE = json.loads((HERE / "base.json").read_text(encoding="utf-8"))
PAID_AT = "2026-11-19T20:00:00+08:00"
PLATFORMS = ("card-alliance", "top-up", "membership")
UPDATE = os.environ.get("PREREVIEW_UPDATE_GOLDEN") == "1"


def inputs(policy: Policy, changes: dict[str, Any]) -> DecideInput:
    data = copy.deepcopy(BASE)
    data |= {"certificate": None, "platform_id": policy.platform}
    claim = data["claim"]
    claim["platform_id"] = policy.platform
    claim["order"] |= {"ordered_at": PAID_AT, "paid_at": PAID_AT}
    claim["fulfilment"]["delivered_at"] = PAID_AT
    rest = dict(changes)
    if rest.pop("pages", True) is False:
        data["evidence"] = []
        data["checks"] = [{"code": code.value, "result": "unknown"} for code in CheckCode]
    if (paid := rest.pop("paid", None)) is not None:
        rest = {"order.amount_paid": paid, "claimed": paid, **rest}
    for path, value in rest.items():
        *parents, last = ("amount_claimed" if path == "claimed" else path).split(".")
        target = claim
        for step in parents:
            target = target[step]
        money = last in ("amount_paid", "amount_claimed") and isinstance(value, int)
        target[last] = {"minor": value, "currency": "CNY"} if money else value
    return from_data(DecideInput, data)


def shown_grant(grant: Grant | None) -> dict[str, Any] | None:
    if grant is None:
        return None
    owed = grant.liability
    assert owed is not None
    arrival = grant.arrival
    return {
        "amount": str(grant.amount),
        "fee": str(grant.fee),
        "route": grant.route.value,
        "arrival": None if arrival is None else {key: getattr(arrival, key) for key in ("minutes", "working_days")},
        "withdrawable": grant.withdrawable,
        "obligations": [each.value for each in grant.obligations],
        "liable": owed.party.value,
        "paid_from": owed.paid_from.value,
        "frozen": owed.freeze,
        "recover": None if owed.recover_from is None else f"{owed.recover} from {owed.recover_from.value}",
        "basis": [*grant.basis, owed.clause],
    }


def shown(verdict: Verdict) -> dict[str, Any]:
    return {
        "decision": verdict.decision.value,
        "recommendation": verdict.recommendation.value,
        "class": verdict.approval_class,
        "reasons": [reason.code for reason in verdict.reasons if not reason.code.startswith("risk.")],
        "clauses": list(verdict.clauses),
        "grant": shown_grant(verdict.grant),
        "offer": shown_grant(verdict.offer),
        "ask": [party.value for party in verdict.ask],
        "senior": verdict.senior,
        "second_review": verdict.second_review,
        "lane": verdict.lane,
        "buyer": [verdict.buyer.message.zh, verdict.buyer.next.zh],
    }


def outcomes(policy: Policy) -> dict[str, Any]:
    return {name: shown(decide(policy, inputs(policy, changes)).verdict) for name, changes in CLAIMS.items()}


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_claim_is_answered_as_kept(name: str) -> None:
    path = HERE / "samples" / f"{name}.kept"
    found = outcomes(load_platform_policy(name))
    if UPDATE:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert sorted(kept) == sorted(found)
    for claim, outcome in found.items():
        assert kept[claim] == outcome, claim


def test_the_samples_differ_where_platforms_differ() -> None:
    """The figures DOMAIN gives, by hand: so that a file updated without reading does not pass for a check."""
    found = {name: outcomes(load_platform_policy(name)) for name in PLATFORMS}
    decided = {name: {claim: outcome["decision"] for claim, outcome in each.items()} for name, each in found.items()}
    assert decided["card-alliance"]["small_unused_code"] == "auto_approved"
    assert found["card-alliance"]["small_unused_code"]["grant"]["amount"] == "¥9.81"  # 1 % of ¥9.90, rounded down
    assert found["top-up"]["small_unused_code"]["grant"]["amount"] == "¥9.90"  # no fee
    assert found["membership"]["voidable_code"]["grant"]["amount"] == "¥83.60"  # less 5 %
    assert found["card-alliance"]["fee_of_the_products_page"]["grant"]["fee"] == "¥0.63"  # 2.5 % as shown, down
    assert found["top-up"]["voidable_code_after_receipt_was_confirmed"]["grant"]["recover"] == "¥88.00 from seller"
    assert found["top-up"]["top_up_of_which_the_log_knows_nothing"]["ask"] == ["supplier"]
    assert found["top-up"]["top_up_paid_20_hours_ago"]["decision"] == "manual_review"
    assert found["top-up"]["invalid_code_with_pages"]["ask"] == ["seller"]
    assert found["membership"]["changed_mind_after_part_use"]["offer"]["amount"] == "¥20.00"
    assert found["membership"]["membership_mostly_used"]["recommendation"] == "reject"
    assert found["card-alliance"]["three_weeks_late"]["recommendation"] == "review"  # the manual channel
    assert found["membership"]["three_weeks_late"]["recommendation"] == "reject"
    assert "material_missing.identity" in found["card-alliance"]["large_amount"]["reasons"]
    assert found["top-up"]["large_amount"]["second_review"]
    for name in PLATFORMS:
        assert decided[name]["stolen_account"] == Decision.MATERIALS_NEEDED.value
        assert decided[name]["vague_statement"] == Decision.MATERIALS_NEEDED.value
        assert decided[name]["from_abroad_without_proof_of_identity"] == Decision.MATERIALS_NEEDED.value
        assert found[name]["disputed_at_the_payment_provider"]["senior"]
        assert found[name]["large_amount"]["lane"] == "large_amount"
        assert found[name]["refunded_in_part_before"]["grant"] is None
