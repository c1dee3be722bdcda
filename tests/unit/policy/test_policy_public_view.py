from __future__ import annotations

import json

import pytest
from policy_builders import DEMO

from service.policy import load_platform_policy, platform_policy_names, public_view


@pytest.mark.parametrize("name", platform_policy_names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_view_is_json_and_says_everything_a_buyer_needs(name: str, language: str) -> None:
    policy = load_platform_policy(name)
    view = json.loads(json.dumps(public_view(policy, language)))
    assert view["language"] == language
    assert [clause["id"] for clause in view["negative_list"]] == [clause.id for clause in policy.negative_list]
    assert [each["reason"] for each in view["criteria"]] == [reason.value for reason in policy.reasons]
    assert view["time_limits"]["default"]["hours"] == policy.time_limits.default.hours
    assert view["routes"]


def test_texts_follow_the_language_and_fall_back_to_chinese() -> None:
    assert public_view(DEMO, "en")["negative_list"][0]["text"] == "The goods were activated or consumed"
    assert public_view(DEMO, "fr") == public_view(DEMO, "zh")


def test_materials_are_told_with_the_reason_that_needs_them() -> None:
    criteria = {each["reason"]: each for each in public_view(DEMO, "zh")["criteria"]}
    assert [each["code"] for each in criteria["code_invalid"]["materials"]] == ["purchase", "problem"]


def test_nothing_of_how_risk_is_judged_is_published() -> None:
    shown = json.dumps(public_view(DEMO, "en"))
    for private in ("risk", "budget", "audit", "maximum", "wrong_share", "second_review", "30000000"):
        assert private not in shown


def test_a_class_the_platform_did_not_opt_into_is_not_promised() -> None:
    view = public_view(load_platform_policy("template"), "zh")
    assert view["without_upload"]["one_click_below_minor"] is None
    assert view["without_upload"]["recoverable_up_to_minor"] is None


def test_fees_and_examples_stand_with_what_they_are_for() -> None:
    view = public_view(load_platform_policy("membership"), "en")
    fees = {each["reason"]: each["fee_permille"] for each in view["criteria"]}
    assert (fees["unused_change_of_mind"], fees["partial_use"], fees["not_delivered"]) == (50, 30, 0)
    purchase = next(each for each in view["evidence"] if each["code"] == "purchase")
    assert "legible" in purchase["good"]
    assert "badge" in purchase["bad"]


def test_whoever_is_asked_first_is_published_with_the_time_given() -> None:
    (supplier, issuer, seller) = public_view(load_platform_policy("top-up"), "en")["asked_first"]
    assert (supplier["party"], supplier["within"]) == ("supplier", "24 hours")
    assert issuer["party"] == "supplier"
    assert (seller["party"], seller["within"]) == ("seller", "48 hours")
