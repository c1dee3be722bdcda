"""A record that speaks for or against a live case, told while the database breaks off."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from api_service import Service

from service.store import EmbeddedPostgres

_CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND %s = ANY (pg_blocking_pids(pid))"
)


def tell(service: Service, order: str, event: dict[str, Any], *, upload: bool) -> int:
    with service.http() as http:
        if not upload:
            return http.post("/v1/events", json={"events": [event]}).status_code
        headers = {"Content-Type": "application/x-ndjson"}
        return http.post(f"/v1/events/uploads/{order}", json=event, headers=headers).status_code


@pytest.mark.parametrize("upload", [False, True])
def test_a_late_record_is_not_in_without_the_assessment_it_asks_for(
    service: Service, claim: Callable[..., dict[str, Any]], postgres: EmbeddedPostgres, upload: bool
) -> None:
    """Where the database breaks off between the two, neither stays; sent again, both are done."""
    asked = claim(fulfilment={"state": "delivered", "use": "activated"})
    case, order = service.submit(asked).json(), asked["order"]["order_number"]
    assert case["state"] == "in_review"
    event = {
        "event_id": uuid.uuid4().hex,
        "kind": "fulfilment",
        "occurred_at": "2026-11-20T21:04:42+08:00",
        "order_number": order,
        "outcome": "failed",
    }
    url = postgres.url(service.database).replace("+psycopg", "")
    with (
        psycopg.connect(url) as holding,
        psycopg.connect(url, autocommit=True) as watching,
        ThreadPoolExecutor(1) as threads,
    ):
        holding.execute("SELECT FROM cases WHERE id = %s FOR UPDATE", [case["case_id"]])
        told = threads.submit(tell, service, order, event, upload=upload)
        end = time.monotonic() + 20
        while not watching.execute(_CUT_OFF, [service.database, holding.info.backend_pid]).fetchall():
            assert time.monotonic() < end, "nothing waited for the case"
            time.sleep(0.02)
        assert told.result(30) == 503
        known = "SELECT count(*) FROM history_events WHERE order_number = %s AND kind = 'fulfilment'"
        assert watching.execute(known, [order]).fetchone() == (0,)
    assert tell(service, order, event, upload=upload) == 200
    causes = "SELECT data ->> 'cause' FROM case_steps WHERE case_id = %s AND data ? 'cause'"
    with psycopg.connect(url) as connection:
        assert connection.execute(causes, [case["case_id"]]).fetchall() == [("late_record",)]
