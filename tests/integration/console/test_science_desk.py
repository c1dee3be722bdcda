"""The data scientists' desk over HTTP: what is at work, what moved, what labels say, and where runs are kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from api_service import Service
from console_people import browser, sign_in

Make = Callable[..., dict[str, Any]]


def test_models_drift_and_labels_of_the_own_platform(
    service: Service, new_person: Callable[..., str], claim: Make
) -> None:
    data = claim()
    data["fulfilment"] = {"state": "delivered", "use": "activated"}
    made = service.submit(data).json()
    with service.http() as http:
        yes = {"as": "reviewer", "by": "ana", "message": "ok"}
        sent = {"Idempotency-Key": uuid.uuid4().hex}
        assert http.post(f"/v1/cases/{made['case_id']}/approve", json=yes, headers=sent).status_code in (200, 202)
        model = http.get(f"/v1/cases/{made['case_id']}").json()["versions"]["model"]
    with browser(service) as http:
        sign_in(http, new_person("data_scientist"))
        page = http.get("/models").text
        assert model in page
        assert "simulated (void outside a demo)" in page
        assert "cert-" in page
        assert "PREREVIEW_MLFLOW_URL" in page
        assert "There is no shadow" in page
        drift = http.get("/models/drift").text
        assert "<code>account_age_days</code>" in drift
        assert http.get("/users").status_code == 403
    with browser(service) as http:
        sign_in(http, new_person("data_scientist", platform="north"), platform="north")
        assert "not for this platform" in http.get("/models").text
    with browser(service) as http:
        sign_in(http, new_person("reviewer"))
        assert http.get("/models").status_code == 403
