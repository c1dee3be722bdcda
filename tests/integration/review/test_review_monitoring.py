"""Drift as a process of the service tells it, from what it stored itself."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from bundle_variants import write_variant

from service.domain.clock import FixedClock
from service.features import FEATURE_HASH, FEATURE_NAMES
from service.review.monitoring import Monitoring
from service.review.shadowing import Shadowing
from service.scoring import Champion, Shadow, Versions


@pytest.fixture
def monitoring(store, tmp_path, now):
    def make(*, reference: bool) -> Monitoring:
        folder = tmp_path / "risk"
        write_variant(folder, "v1", reference=reference)
        Versions(folder).promote("v1", by="ana", approved_by="ben", at=datetime(2026, 11, 22, tzinfo=UTC))
        champion, shadow = Champion(folder), Shadow(folder)
        clock = FixedClock(now + timedelta(hours=1))
        return Monitoring(store, champion, shadow, Shadowing(store, shadow), clock)

    return make


@pytest.fixture
def decide(store, accept_request, decide_request, make_assessment, make_claim, now):
    async def one(order, value):
        request = accept_request(make_claim(order), key=order, case_id=uuid.uuid4(), number=order)
        await store.accept(request)
        features = dict.fromkeys(FEATURE_NAMES, value)
        made = make_assessment(request.case_id, versions={"features": FEATURE_HASH}, features=features)
        await store.decide(decide_request(request.case_id, assessment=made))

    return one


async def test_it_tells_drift_from_the_newest_claims(monitoring, decide):
    found = monitoring(reference=True)
    assert await found.look() is None
    assert found.models().drift is None
    for number in range(40):
        await decide(f"A{number}", 1e6)
    figures = await found.look()
    assert figures is not None
    assert (figures.claims, figures.approved_share) == (40, 1.0)
    assert figures.psi["reading_score_mean"] > 0.25
    assert sum(figures.features.values()) == len(FEATURE_NAMES)
    assert figures.features["act"] > 0
    assert found.models().drift == figures
    assert (found.models().champion, found.models().shadow, found.models().refused) == ("v1", None, False)


async def test_a_bundle_without_reference_tells_nothing(monitoring, decide):
    found = monitoring(reference=False)
    await decide("A1", 1.0)
    assert await found.look() is None
