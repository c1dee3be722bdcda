"""Two policies compared by what they mean, not by how their files are laid out."""

from __future__ import annotations

import yaml

from service.policy import Change, load_policy, platform_policy_text, policy_differences

DEMO = platform_policy_text("demo")


def changed(**edits):
    """The demo policy with top-level parts replaced; (differences by path, decides alike)."""
    data = yaml.safe_load(DEMO)
    for name, edit in edits.items():
        data[name] = edit(data[name])
    old, new = load_policy(DEMO), load_policy(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    return {each.path: each for each in policy_differences(old, new)}, old.digest == new.digest


def test_layout_comments_and_order_of_keys_are_no_difference():
    relaid = yaml.safe_dump(yaml.safe_load(DEMO), allow_unicode=True, sort_keys=True)
    assert relaid != DEMO
    assert policy_differences(load_policy(DEMO), load_policy(relaid)) == ()


def test_a_changed_figure_is_named_with_what_it_was():
    found, alike = changed(fee=lambda fee: {**fee, "buyer_at_fault_permille": 20})
    one = found["fee.buyer_at_fault_permille"]
    assert (one.change, one.before, one.after, one.wording) == (Change.CHANGED, 10, 20, False)
    assert not alike


def test_clauses_are_told_apart_by_their_id_wherever_they_stand():
    def edit(clauses):
        rest = [each for each in clauses if each["id"] not in ("N2", "N5")]
        late = next(each for each in clauses if each["id"] == "N5")
        trial = {"id": "N10", "rule": "trial", "zh": "试玩", "en": "Taster"}
        return [trial, *rest, {**late, "en": "Too late"}]

    found, alike = changed(negative_list=edit)
    assert found["negative_list.N10"].change is Change.ADDED
    assert found["negative_list.N2"].change is Change.REMOVED
    assert found["negative_list.N2"].before["rule"] == "partly_used"
    wording = found["negative_list.N5.en"]
    assert (wording.after, wording.wording) == ("Too late", True)
    assert set(found) == {"negative_list.N10", "negative_list.N2", "negative_list.N5.en"}
    assert not alike


def test_wording_alone_decides_nothing():
    found, alike = changed(official_channel=lambda channel: {**channel, "en": "the website"})
    assert [each.wording for each in found.values()] == [True]
    assert alike


def test_lists_of_words_tell_what_came_and_what_went():
    def edit(materials):
        return {**materials, "problem": {**materials["problem"], "shown_by": ["chat", "prompt"]}}

    found, _ = changed(materials=edit)
    one = found["materials.problem.shown_by"]
    assert (one.before, one.after) == (["list"], ["chat"])


def test_another_order_is_told_because_the_first_that_holds_counts():
    found, _ = changed(negative_list=lambda clauses: clauses[::-1])
    [one] = found.values()
    assert one.path == "negative_list"
    assert one.before == one.after[::-1]
