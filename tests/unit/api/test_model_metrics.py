from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from service.api.metrics import Metrics
from service.api.model_metrics import ModelCollector
from service.review.monitoring import DriftFigures, ModelsAtWork
from service.review.shadowing import ShadowCounts

AT_WORK = ModelsAtWork(
    champion="v1",
    shadow="v2",
    refused=False,
    certificate_expires_at=datetime(2027, 5, 19, tzinfo=UTC),
    shadow_counts=ShadowCounts(scored=7, dropped=1, failed=2),
    drift=DriftFigures(
        claims=900, psi={"score": 0.031, "pages_read": 0.3}, features={"act": 1, "stable": 80}, approved_share=0.25
    ),
)


def exposed(models: ModelsAtWork) -> str:
    metrics = Metrics()
    metrics.registry.register(ModelCollector(lambda: models))
    return metrics.exposition().decode()


def test_what_is_at_work_can_be_scraped() -> None:
    text = exposed(AT_WORK)
    for line in (
        'prereview_models_info{champion="v1",shadow="v2"} 1.0',
        "prereview_model_refused 0.0",
        "prereview_certificate_expires_timestamp_seconds 1.8106848e+09",
        'prereview_shadow_claims_total{outcome="scored"} 7.0',
        'prereview_shadow_claims_total{outcome="failed"} 2.0',
        'prereview_drift_psi{figure="pages_read"} 0.3',
        'prereview_drift_features{level="act"} 1.0',
        "prereview_drift_claims 900.0",
        "prereview_approved_share 0.25",
    ):
        assert line in text.splitlines(), line
    assert "platform" not in text


def test_without_models_it_says_so_and_nothing_more() -> None:
    text = exposed(replace(AT_WORK, champion=None, shadow=None, refused=True, certificate_expires_at=None, drift=None))
    assert 'prereview_models_info{champion="none",shadow="none"} 1.0' in text
    assert "prereview_model_refused 1.0" in text
    assert "prereview_drift" not in text
    assert "prereview_certificate" not in text
