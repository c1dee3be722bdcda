"""The champion that is committed: what the demo runs on."""

from __future__ import annotations

from pathlib import Path

from service.domain.certificate import Origin
from service.evidence import EXTRACTOR_VERSION
from service.features import FEATURE_HASH
from service.policy import load_platform_policy
from service.scoring import Champion
from service.vision import READER_VERSION

MODELS = Path(__file__).parents[3] / "models" / "risk"
AGAIN = "the committed champion is out of date: make train && make promote, then commit models/risk"


def test_the_committed_champion_loads_and_says_simulated() -> None:
    champion = Champion(MODELS)
    bundle = champion.current()
    assert bundle is not None, f"{champion.problem}; {AGAIN}"
    assert bundle.origin is Origin.SIMULATED
    assert "SIMULATED" in bundle.card
    assert sum(path.stat().st_size for path in (MODELS / bundle.version).iterdir()) < 3 * 2**20


def test_its_certificate_covers_what_is_served() -> None:
    bundle = Champion(MODELS).current()
    assert bundle is not None
    certificate = bundle.certificate
    if certificate is None:
        return  # no safe threshold is a normal result; the demo then expects a person
    assert certificate.origin is Origin.SIMULATED
    assert certificate.platforms == ("demo",)
    assert certificate.model == bundle.version
    assert certificate.features == FEATURE_HASH, AGAIN
    assert certificate.policy == load_platform_policy("demo").digest, AGAIN
    assert certificate.reader == f"{READER_VERSION}+{EXTRACTOR_VERSION}", AGAIN
    assert certificate.bound <= certificate.alpha
