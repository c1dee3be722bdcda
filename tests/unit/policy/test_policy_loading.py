from __future__ import annotations

import re

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from service.domain.claims import Anchor
from service.domain.errors import InvalidPolicy
from service.policy import load_platform_policy, load_policy, platform_policy_names, platform_policy_text
from service.policy.parts import NegativeRule, TimeLimit
from service.policy.schema import Policy

DEMO = platform_policy_text("demo")


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidPolicy) as caught:
        load_policy(text)
    found: list[str] = caught.value.extra["problems"]
    assert all(problem in caught.value.detail for problem in found)
    return found


def edited(old: str, new: str) -> str:
    assert old in DEMO, "the edit must touch the text, or the test proves nothing"
    return DEMO.replace(old, new, 1)


@pytest.mark.parametrize("name", platform_policy_names())
def test_every_shipped_policy_loads(name: str) -> None:
    policy = load_platform_policy(name)
    assert policy.platform == name
    assert load_policy(platform_policy_text(name)) == policy


def test_the_template_explains_and_approves_nothing_until_someone_opts_in() -> None:
    assert load_platform_policy("template").opted_in == ()


def test_an_unknown_shipped_policy_names_those_there_are() -> None:
    with pytest.raises(InvalidPolicy, match="choose one of card-alliance, cautious, demo, membership, "):
        load_platform_policy("../demo")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (edited("hours: 168,", "hours: 0,"), "line 24, time_limits.default.hours: 0 is too small; the least is 1"),
        (
            edited("hours: 168,", 'hours: "168",'),
            'write a whole number without quotes, in hours: 72 for three days (found "168")',
        ),
        (edited("hours: 168,", "hours: 168.5,"), "time_limits.default.hours: write a whole number"),
        (edited("anchor: paid_at", "anchor: paid"), '"paid" is not known here; did you mean paid_at?'),
        (edited("lanes:", "lane:"), "unknown key; did you mean `lanes`?"),
        (edited("lanes:", "lane:"), "lanes: missing; add `lanes:` at the top level, as the template shows"),
        (edited("fault: seller", "blame: seller"), "reasons.not_delivered.blame: unknown key"),
        (edited("opted_in: true", "opted_in: perhaps"), 'write true or false, without quotes (found "perhaps")'),
        (edited('version: "1"', "version: 1"), "version: write a text, in quotes"),
        (edited("zone: Asia/Shanghai", "zone: Peking"), "'Peking' is not a time zone; write one such as Asia/Shanghai"),
        (
            edited("currency: CNY", "currency: yuan"),
            'currency: "yuan" does not fit here; write the three capital letters',
        ),
        (edited("{working_days: 1}", "{working_days: 1, hours: 3}"), "either hours or working_days"),
        (edited("id: N2", "id: N1"), "the id 'N1' is used more than once"),
        (edited("[purchase, problem]", "[purchase, selfie]"), "'selfie' is not described under materials"),
        (edited("rounding: half_up", "rounding: nearest"), '"nearest" is not known here; choose one of half_up'),
        (edited("permille: 10,", "permille: 60,"), "60 is too large; the most is 50"),
        (edited("prompts: [account_restricted, region_mismatch]", "prompts: []"), "needs at least one"),
        (edited("withdrawable: true", ""), "must say withdrawable"),
        (edited("classes: [one_click, risk]}", "classes: [everything]}"), "audit.classes[1]"),
    ],
)
def test_a_problem_is_a_sentence_with_its_place(text: str, said: str) -> None:
    found = problems(text)
    assert any(said in problem for problem in found), found


def test_every_problem_is_listed_not_only_the_first() -> None:
    text = edited("hours: 168,", "hours: 0,").replace("anchor: paid_at", "anchor: birth").replace("lanes:", "lane:")
    assert len(problems(text)) == 4


def test_an_approving_class_needs_a_platform_budget_in_money() -> None:
    without = "\n".join(line for line in DEMO.splitlines() if "id: platform-" not in line)
    (problem,) = problems(without)
    assert "budgets: the class recoverable may approve, but no budget" in problem
    assert problem.startswith("line ")


def test_stolen_accounts_cannot_be_automatic() -> None:
    text = edited("  unauthorised:\n    handling: person", "  unauthorised:\n    handling: automatic")
    (problem,) = problems(text)
    assert "reasons.unauthorised.handling" in problem


def test_keys_given_twice_are_refused() -> None:
    (problem,) = problems(DEMO + "fee: {buyer_at_fault_permille: 0, rounding: half_up}\n")
    assert "fee: given twice (first in line" in problem


@pytest.mark.parametrize("number", ["05000", "1:30", "0x10", "5_000"])
def test_numbers_yaml_would_read_otherwise_than_people_are_refused(number: str) -> None:
    (problem,) = problems(edited("amount_below_minor: 5000", f"amount_below_minor: {number}"))
    assert f"write the number '{number}' in plain digits" in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "start from the commented template"),
        ("- a\n- b\n", "start from the commented template"),
        ("a: [1, 2\n", "not valid YAML"),
        ("a:\n\t- b\n", "not valid YAML"),
        ("a: &x [1]\nb: *x\n", "line 2: *x repeats another part"),
        ("--- \na: 1\n--- \nb: 2\n", "not valid YAML"),
        ("a: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
        ("1: 2\n", "line 1, top level: a key here is not a plain word"),
        ("yes: 2\n", "a key here is not a plain word"),
        ("a: 2026-99-99\n", "cannot be read"),
        ("a: " + "[" * 3000 + "]" * 3000, "nested too deeply"),
        ("a: " + "9" * 5000, "cannot be read"),
        ("x" * 200_001, "at most 200000"),
        ("a: \x07\n", "not valid YAML"),
    ],
)
def test_what_is_no_policy_at_all_is_refused_plainly(text: str, said: str) -> None:
    found = problems(text)
    assert any(said in problem for problem in found), found


def test_the_digest_follows_what_decides_and_not_the_wording() -> None:
    digest = load_policy(DEMO).digest
    for harmless in (
        edited("商品已激活或已消耗", "已激活的商品"),
        edited('version: "1"', 'version: "2"'),
        edited("platform: demo", "platform: other"),
        edited("working_days: 1", "working_days: 2"),
        edited("max_count: 3,", "max_count: 1,"),
        edited("certain_from_minor: 400000", "certain_from_minor: 300000"),
        edited("wrong_share_up_to_permille: 20", "wrong_share_up_to_permille: 10"),
        DEMO + "# a remark\n",
    ):
        assert load_policy(harmless).digest == digest
    for decisive in (
        edited("hours: 168,", "hours: 167,"),
        edited("amount_up_to_minor: 30000", "amount_up_to_minor: 30001"),
        edited("goods: [card_code, activation]}", "goods: [card_code], maximum_risk_permille: 200}"),
        edited("permille: 10,", "permille: 11,"),
        edited("shown_by: [order, payment]", "shown_by: [order]"),
        edited("rule: trial", "rule: judged_by_person"),
        edited("handling: person\n", "handling: automatic\n"),
    ):
        assert load_policy(decisive).digest != digest


def test_a_changed_copy_has_a_digest_of_its_own() -> None:
    policy = load_policy(DEMO)
    stale = (policy.digest, policy.fingerprint)
    limits = policy.time_limits.model_copy(update={"default": TimeLimit(hours=1, anchor=Anchor.PAID)})
    changed = policy.model_copy(update={"time_limits": limits})
    assert changed.digest != stale[0]
    assert changed.fingerprint != stale[1]


def test_the_fingerprint_follows_every_change() -> None:
    policy = load_policy(DEMO)
    assert load_policy(edited("商品已激活或已消耗", "已激活的商品")).fingerprint != policy.fingerprint
    assert load_policy(DEMO).fingerprint == policy.fingerprint


def test_the_template_shows_every_key_there_is() -> None:
    schema = Policy.model_json_schema()
    keys = {key for part in [schema, *schema["$defs"].values()] for key in part.get("properties", {})}
    template = platform_policy_text("template")
    assert len(keys) > 80
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", template)] == []
    rules = [rule.value for rule in NegativeRule]
    assert [rule for rule in rules if rule not in template] == []


def test_what_may_be_left_out_may_be_left_out() -> None:
    """A file of the first layout is still valid, and the settings added since change nothing of it."""
    old = load_platform_policy("cautious")
    added = ("calendar", "deadlines", "liability", "offers", "notes", "confirmations", "further_materials", "rounding")
    assert not any(f"\n{key}:" in platform_policy_text("cautious") for key in added)
    assert old.digest == "eafa379016ea9bd94d418036adae77615dea4b26ea3c9cdb3da29199d85f7f6f"


@pytest.mark.parametrize(
    "more",
    [
        "rounding: down\n",
        "further_materials:\n  - {id: M1, materials: [purchase], zh: 一, en: one}\n",
        "confirmations:\n  - {id: C1, ask: seller, zh: 一, en: one}\n",
    ],
)
def test_what_was_added_counts_once_it_is_used(more: str) -> None:
    assert load_policy(DEMO + more).digest != load_policy(DEMO).digest


def test_examples_of_evidence_are_wording() -> None:
    example = "    good: {zh: 好, en: good}\n    bad: {zh: 坏, en: bad}\n"
    text = edited("  operator_word:\n", "  operator_word:\n" + example)
    assert load_policy(text).digest == load_policy(DEMO).digest
    assert load_policy(text).fingerprint != load_policy(DEMO).fingerprint


# --- whatever is written, the answer is sentences ---

LINES = platform_policy_text("template").splitlines()
WRITTEN = [number for number, line in enumerate(LINES) if line.strip() and not line.lstrip().startswith("#")]
VALUES = [
    "",
    "x",
    "3",
    "-1",
    "1.5",
    "true",
    "[]",
    "[1]",
    "{}",
    "{a: 1}",
    "null",
    "2026-10-01",
    "~",
    "'",
    "18:00",
    "&a 1",
]


@settings(max_examples=60, deadline=None)
@hypothesis_given(
    number=st.sampled_from(WRITTEN),
    slip=st.sampled_from(["drop", "twice", "indent", "key", "value"]),
    value=st.sampled_from(VALUES),
)
def test_a_slip_anywhere_is_answered_in_sentences(number: int, slip: str, value: str) -> None:
    line = LINES[number]
    key = re.match(r"\s*(?:- )?[A-Za-z_]+:", line)
    changed = {
        "drop": [],
        "twice": [line, line],
        "indent": ["  " + line],
        "key": [line.replace(":", "x:", 1)],
        "value": [f"{key.group()} {value}" if key else value],
    }[slip]
    try:
        load_policy("\n".join([*LINES[:number], *changed, *LINES[number + 1 :]]))
    except InvalidPolicy as refused:
        for problem in refused.extra["problems"]:
            assert re.match(r"(line \d+|[a-z_.\[\]0-9]+: missing; add|a value cannot be read)", problem), problem
            assert "<" not in problem, problem
            assert "Input should" not in problem, problem
