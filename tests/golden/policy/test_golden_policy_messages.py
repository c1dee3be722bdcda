"""What people read who make the usual slips in a policy, kept as a file to be read as they would.

After a wanted change: ``PREREVIEW_UPDATE_GOLDEN=1 pytest tests/golden/policy``, then read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from service.domain.errors import InvalidPolicy
from service.policy import load_policy, platform_policy_text

KEPT = Path(__file__).parent / "messages.txt"
UPDATE = os.environ.get("PREREVIEW_UPDATE_GOLDEN") == "1"
POLICY = platform_policy_text("cautious")

# (what is written, what was meant to be written): each touches the file once.
SLIPS = [
    ("hours: 72,", 'hours: "72",'),
    ("hours: 72,", "hours: 72h,"),
    ("hours: 72,", "hours: 3天,"),
    ("hours: 72,", "hours: 0,"),
    ("hours: 72,", "hours: 1:30,"),
    ("anchor: delivered_at", "anchor: delivered"),
    ("anchor: delivered_at", "anchor: birthday"),
    ("amount_below_minor: 2000", "amount_below_minor: 20.00"),
    ("amount_below_minor: 2000", "amount_below_minor: ¥20"),
    ("amount_below_minor: 2000", "amount_below_minor: -1"),
    ("amount_below_minor: 2000", "amount_below: 2000"),
    ("buyer_at_fault_permille: 50", "buyer_at_fault_permille: 5%"),
    ("buyer_at_fault_permille: 50", "buyer_at_fault_permille: 100"),
    ("rounding: half_up", "rounding: half"),
    ("rounding: half_up}", "rounding: half_up, by_reason: {not_delivered: 10}}"),
    ("rounding: half_up}", "rounding: half_up, by_reason: {unused_change_of_mind: 1.5}}"),
    ("currency: CNY", "currency: RMB¥"),
    ("zone: Asia/Shanghai", "zone: Beijing"),
    ("platform: cautious", "platform: 谨慎平台"),
    ('version: "1"', "version: 1"),
    ("{working_days: 3}", "{working_days: 3, hours: 72}"),
    ("{working_days: 3}", "{days: 3}"),
    ("{working_days: 3}", "3 working days"),
    ("elderly_first: true", "elderly_first: ja"),
    ("elderly_first: true", "elderly_frist: true"),
    ("elderly_first: true", "elderly_first: true, audit: 3"),
    ("rule: trial", "rule: trail"),
    ("rule: trial", "rule: used_above"),
    ("rule: trial", "rule: trial\n    used_permille: 300"),
    ("rule: trial", "rule: prompt_shown"),
    ('id: "2"', 'id: "1"'),
    ("    en: Trial goods", "    en: Trial: goods"),
    ("    en: Trial goods", ""),
    ("reasons: [wrong_target, partial_use]", "reasons: wrong_target"),
    ("reasons: [wrong_target, partial_use]", "reasons: [wrong_traget]"),
    ("reasons: [wrong_target, partial_use]", "reasons: []"),
    ("  code_invalid:\n    handling", "  code_broken:\n    handling"),
    ("materials: [payment_record]", "materials: [payment_recrd]"),
    ("shown_by: [order]", "shown_by: [orders]"),
    ("shown_by: [order]", "shown_by: [order]\n    statement_characters: 20"),
    ("shown_by: [order]", "shown_by: [order]\n    names_order: true"),
    ("  - route: original", "  - route: card"),
    ("  - route: original", "  - route: original\n    payment_methods: [alipay]"),
    ("  - route: original", "  - route: original\n    withdrawable: true"),
    ("  - route: original", "  - route: original\n    arrives_within: {working_days: 2, minutes: 10}"),
    ("max_count: 20, max_amount_minor: 100000", ""),
    ("lanes: {", "lane: {"),
    ("lanes: {", "calendar: {country: China}\nlanes: {"),
    ("lanes: {", "calendar: {country: ZZ}\nlanes: {"),
    ("lanes: {", "calendar: {closed: [10-01]}\nlanes: {"),
    ("lanes: {", "calendar: {closed: [2026-10-08], open: [2026-10-08]}\nlanes: {"),
    ("lanes: {", "calendar: {day_ends_at: 18:00}\nlanes: {"),
    ("lanes: {", "deadlines: {appeal: {days: 7}}\nlanes: {"),
    ("lanes: {", "deadlines: {apeal: {hours: 168}}\nlanes: {"),
    ("lanes: {", "liability: {escrow: yes please}\nlanes: {"),
    ("lanes: {", "offers:\n  - {id: O1, zh: 一半, en: half}\nlanes: {"),
    ("lanes: {", "offers:\n  - {id: O1, share_permille: 500, clauses: [N9], zh: 一半, en: half}\nlanes: {"),
    ("lanes: {", "offers:\n  - {id: O1, share_permille: 1000, zh: 全部, en: all}\nlanes: {"),
    ("lanes: {", 'offers:\n  - {id: "3", share_permille: 500, zh: 一半, en: half}\nlanes: {'),
    ("lanes: {", "confirmations:\n  - {id: C1, ask: buyer, zh: 问, en: ask}\nlanes: {"),
    ("lanes: {", "further_materials:\n  - {id: M1, materials: [], zh: 材料, en: material}\nlanes: {"),
    (
        "lanes: {",
        "further_materials:\n  - {id: M1, when: amount_from, materials: [statement], zh: 一, en: one}\nlanes: {",
    ),
    ("lanes: {", "notes: text\nlanes: {"),
    ("lanes: {", "\tlanes: {"),
    ("lanes: {", "lanes: {}\nlanes: {"),
    ("  other:\n    handling: person_after_materials", "  unauthorised:\n    handling: automatic"),
]


def said(written: str) -> list[str]:
    with pytest.raises(InvalidPolicy) as caught:
        load_policy(written)
    problems: list[str] = caught.value.extra["problems"]
    return problems


def test_every_slip_is_answered_as_kept() -> None:
    blocks = []
    for meant, slip in SLIPS:
        assert meant in POLICY, meant
        found = said(POLICY.replace(meant, slip, 1))
        blocks.append("\n".join([f"# {slip or f'(without) {meant}'}".replace("\n", "\n# "), *found]))
    text = "\n\n".join(blocks) + "\n"
    if UPDATE:
        KEPT.write_text(text, encoding="utf-8")
    assert KEPT.read_text(encoding="utf-8") == text


def test_no_sentence_speaks_the_language_of_programmers() -> None:
    shown = "\n".join(line for line in KEPT.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for word in (
        "pydantic",
        "Input should",
        "validation",
        "NoneType",
        "Traceback",
        "regex",
        "pattern",
        "tuple",
        "dict",
    ):
        assert word not in shown, word


def test_every_sentence_says_where() -> None:
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert re.match(r"(line \d+|[a-z_.\[\]0-9]+: missing; add)", line), line
