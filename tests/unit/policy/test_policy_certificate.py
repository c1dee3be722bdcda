from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from policy_builders import AS_OF, DEMO, certificate

from service.domain.assessment import PlatformMode
from service.domain.certificate import Origin, Serving
from service.policy.certificate import mismatches

SERVING = Serving(model="m1", features="f1", policy=DEMO.digest, reader="r1")


def sentences(mode: PlatformMode = PlatformMode.DEMO, **changes: Any) -> list[str]:
    found = mismatches(
        certificate(**changes),
        SERVING,
        platform_id="demo",
        mode=mode,
        as_of=AS_OF,
        wrong_share_up_to_permille=20,
    )
    assert all(text.zh and text.en for text in found)
    return [text.en for text in found]


def test_one_that_matches_has_no_mismatch() -> None:
    assert sentences() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "m0"}, "the certificate is for model m0, but m1 is serving"),
        ({"features": "f0"}, "features f0"),
        ({"policy": "p0"}, "policy p0"),
        ({"reader": "r0"}, "reader r0"),
        ({"platforms": ("other",)}, "not for demo"),
        ({"platforms": ()}, "not for demo"),
        ({"expires_at": AS_OF}, "expired on 2026-11-20"),
        ({"expires_at": AS_OF - timedelta(days=1)}, "expired on 2026-11-19"),
        ({"alpha": 0.021}, "alpha 0.021 is above the 0.02"),
        ({"bound": 0.03}, "bound 0.03 is above its own alpha"),
        ({"bound": float("nan")}, "bound nan"),
        ({"threshold": float("nan")}, "not a probability"),
        ({"threshold": 1.01}, "not a probability"),
    ],
)
def test_each_mismatch_is_one_sentence(changes: dict[str, Any], said: str) -> None:
    (sentence,) = sentences(**changes)
    assert said in sentence


def test_simulated_counts_only_in_demo() -> None:
    for mode in (PlatformMode.LIVE, PlatformMode.OBSERVING, PlatformMode.STOPPED):
        assert sentences(mode) == ["the certificate comes from simulated data: demo only"]
        assert sentences(mode, origin=Origin.OBSERVED) == []


def test_every_mismatch_is_told() -> None:
    assert len(sentences(model="m0", reader="r0", platforms=())) == 3
