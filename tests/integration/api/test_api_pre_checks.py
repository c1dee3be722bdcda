"""A buyer asks before applying: the answer is the published rules', and no trace of the question stays."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
from api_service import Service

from service.api import policy_examples
from service.api.schemas.pre_checks import PreCheckOut
from service.policy import load_platform_policy
from service.store import EmbeddedPostgres

Make = Callable[..., dict[str, Any]]
DEMO = load_platform_policy("demo")
AT = "2026-11-20T20:58:00+08:00"


def ask(service: Service, body: Any, key: str = "claims", **headers: str) -> httpx.Response:
    with service.http(key) as http:
        return http.post("/v1/pre-checks", json=body, headers=headers)


def example(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(policy_examples.PRE_CHECK), **changes}


def holding(service: Service, postgres: EmbeddedPostgres, marker: str) -> dict[str, int]:
    """Tables with a row that holds ``marker`` anywhere, and how many."""
    url = postgres.url(service.database).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT relname FROM pg_stat_user_tables")]
        found = {}
        for name in tables:
            query = f'SELECT count(*) FROM "{name}" WHERE "{name}"::text LIKE %s'
            [(count,)] = connection.execute(query.encode(), [f"%{marker}%"]).fetchall()
            if count:
                found[name] = count
        return found


def test_it_says_what_to_send_and_what_to_expect_in_both_languages(service: Service) -> None:
    for language in ("zh", "en"):
        answer = ask(service, example(), **{"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        data = answer.json()
        assert PreCheckOut.model_validate(data).model_dump(mode="json") == data
        assert data["prospect"] == "can_qualify"
        sent = [DEMO.materials[code].text.get(language) for code in ("purchase", "problem")]
        assert [each["text"] for each in data["materials"]] == sent
        assert (data["expected"]["amount"], data["expected"]["fee"]) == (2950, 0)
        assert data["expected"]["arrival"] == DEMO.routes[0].text.get(language)
        assert answer.headers["Content-Language"] == language


def test_an_exclusion_is_told_with_its_clause(service: Service) -> None:
    late = example()
    late["order"] |= {"ordered_at": "2026-10-01T00:00:00Z"}
    data = ask(service, late, **{"Accept-Language": "en"}).json()
    assert (data["prospect"], data["clauses"][0]["id"]) == ("excluded", "N5")
    assert "a person checks it" in data["message"]


def test_nothing_is_stored_whatever_is_asked(service: Service, postgres: EmbeddedPostgres, claim: Make) -> None:
    marker = f"M{uuid.uuid4().hex}"
    files = sorted(service.evidence.rglob("*"))
    marked = claim(marker, statement=marker)
    asked = [marked, {**marked, "reason": "other"}, {**marked, "account": {"id": marker}}, {"nonsense": marker}]
    assert [ask(service, body).status_code for body in asked] == [200, 200, 200, 422]
    assert holding(service, postgres, marker) == {}
    assert sorted(service.evidence.rglob("*")) == files
    # A claim would have been found that way.
    assert service.submit(marked).status_code == 201
    assert {"cases", "history_events"} <= set(holding(service, postgres, marker))


def test_who_asks_makes_no_difference(service: Service, claim: Make) -> None:
    one, other = claim("T1"), claim("T1")
    other["account"] = {"id": "u-ring", "device_id": "d-ring", "ip": "203.0.113.9", "payer_id": "p-ring"}
    assert ask(service, one).json() == ask(service, other).json()


def test_it_is_for_keys_that_may_send_claims_of_their_own_platform(service: Service) -> None:
    assert ask(service, example(), key="events").json()["scope"] == "claims"
    assert ask(service, example(platform="north")).status_code == 403
    assert ask(service, example(platform="demo")).status_code == 200
    with service.http("claims") as http:
        assert http.post("/v1/pre-checks", content=b"{}").status_code == 415
