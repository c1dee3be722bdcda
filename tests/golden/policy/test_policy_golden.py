"""Whole outcomes of typical claims under the demo policy, kept as files.

``base.json`` is one claim that is approved; each other file changes some of its facts (dotted paths) and holds the
outcome. After a wanted change: ``PREREVIEW_UPDATE_GOLDEN=1 pytest tests/golden/policy``, then read the diff.
"""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from service.domain.codec import from_data, to_data
from service.policy import DecideInput, Policy, decide, load_platform_policy

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("*.json") if path.name != "base.json")
UPDATE = os.environ.get("PREREVIEW_UPDATE_GOLDEN") == "1"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_platform_policy("demo")


def inputs(changes: dict[str, Any], policy: Policy) -> DecideInput:
    data = copy.deepcopy(json.loads((HERE / "base.json").read_text(encoding="utf-8")))
    for path, value in {"serving.policy": policy.digest, "certificate.policy": policy.digest, **changes}.items():
        *parents, last = path.split(".")
        target = data
        for step in parents:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if target is None:  # the certificate was taken away
            continue
        key: Any = int(last) if isinstance(target, list) else last
        assert key in target or isinstance(key, int), f"{path} changes nothing"
        target[key] = value
    return from_data(DecideInput, data)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 12


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_outcome_is_as_kept(path: Path, policy: Policy) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    outcome = to_data(decide(policy, inputs(case["changes"], policy)))
    if UPDATE:
        case["outcome"] = outcome
        path.write_text(json.dumps(case, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert case["outcome"] == outcome
