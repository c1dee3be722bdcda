"""Uploads of history over HTTP: errors by line, nothing twice, taken up where they broke off."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from api_service import Service

NDJSON = {"Content-Type": "application/x-ndjson"}


def line(number: int, mark: str, **changes: Any) -> bytes:
    event = {
        "event_id": f"{mark}-{number}",
        "kind": "session",
        "occurred_at": "2026-11-20T20:58:00+08:00",
        "account_id": f"u-{mark}",
        "device_id": "d-1",
    }
    return orjson.dumps(event | changes)


def send(service: Service, name: str, body: Any, key: str = "full", **query: Any) -> httpx.Response:
    with service.http(key) as http:
        return http.post(f"/v1/events/uploads/{name}", content=body, headers=NDJSON, params=query)


@pytest.fixture
def name() -> str:
    return f"up-{uuid.uuid4().hex}"


def test_a_line_with_errors_is_named_and_the_others_are_kept(service: Service, name: str) -> None:
    lines = [
        line(1, name),
        b"",
        b"{broken",
        line(4, name, kind="eaten"),
        line(5, name, occurred_at="2027-11-20T20:58:00+08:00"),
        line(1, name),
        line(7, name, account_id="a\u0000b"),
        line(8, name),
    ]
    answer = send(service, name, b"\n".join(lines))
    body = answer.json()
    assert answer.status_code == 200, answer.text
    assert {key: body[key] for key in ("lines", "accepted", "duplicates", "refused")} == {
        "lines": 8, "accepted": 2, "duplicates": 1, "refused": 4,
    }  # fmt: skip
    assert [(each["line"], each["path"]) for each in body["errors"]] == [
        (3, ""), (4, "kind"), (7, ""), (5, "occurred_at"),
    ]  # fmt: skip


def test_an_upload_goes_on_where_it_broke_off_and_nowhere_else(service: Service, name: str) -> None:
    def reached() -> int:
        with service.http() as http:
            lines: int = http.get(f"/v1/events/uploads/{name}").json().get("lines", 0)
            return lines

    def cut_off() -> Iterator[bytes]:
        yield b"\n".join(line(number, name) for number in range(1, 3001)) + b"\n"
        for _ in range(200):
            if reached() == 2000:
                break
            time.sleep(0.05)
        raise ConnectionError("the sender's line is cut")

    with pytest.raises(ConnectionError):
        send(service, name, cut_off())

    assert reached() == 2000
    wrong = send(service, name, line(1, name), from_line=1)
    assert (wrong.status_code, wrong.json()["lines"]) == (409, 2000)
    rest = b"\n".join(line(number, name) for number in range(2001, 3001))
    done = send(service, name, rest, from_line=2001).json()
    assert (done["lines"], done["accepted"], done["duplicates"]) == (3000, 3000, 0)


def test_the_same_lines_under_another_name_are_recorded_once(service: Service, name: str) -> None:
    body = b"\n".join(line(number, name) for number in range(10))
    assert send(service, name, body).json()["accepted"] == 10
    assert send(service, f"{name}-b", body).json()["duplicates"] == 10


def test_what_is_no_upload_is_refused(service: Service, name: str) -> None:
    with service.http() as http:
        as_json = http.post(f"/v1/events/uploads/{name}", json={})
        unknown = http.get(f"/v1/events/uploads/{name}")
    assert (as_json.status_code, unknown.status_code) == (415, 404)
    assert send(service, name, b"x" * 40_000).status_code == 413
    assert send(service, name, line(1, name), "claims").status_code == 403
    assert send(service, name, line(1, name), from_line=5).status_code == 409
    assert send(service, "a b", line(1, name)).status_code == 422
    assert send(service, name, line(1, name)).json()["lines"] == 1
    assert send(service, name, line(1, name), "north").json()["lines"] == 1  # another platform's own
