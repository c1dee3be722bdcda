"""Bad input: each gets its problem, and nothing of it is kept."""

from __future__ import annotations

import hashlib
import socket
import struct
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from api_service import Service

Make = Callable[..., dict[str, Any]]
MB = 1024 * 1024


def kept(service: Service, data: bytes) -> bool:
    digest = hashlib.sha256(data).hexdigest()
    return any(digest in path.name for path in service.evidence.rglob("*"))


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    data = response.json()
    assert data["status"] == response.status_code
    assert data["detail"]
    assert data["request_id"] == response.headers["X-Request-Id"]
    return response.status_code, data["type"].rpartition(":")[2]


def accepted_afresh(service: Service, sent: dict[str, Any], key: str) -> bool:
    """Whether the order and the key are still unused: a claim with both is neither linked nor replayed."""
    response = service.submit(sent, idempotency_key=key)
    return response.status_code == 201 and "Idempotent-Replayed" not in response.headers


@pytest.mark.parametrize(
    ("change", "status", "slug"),
    [
        pytest.param({"amount_claimed": -1}, 422, "invalid-claim", id="negative amount"),
        pytest.param({"amount_claimed": 10**15}, 422, "invalid-claim", id="absurd amount"),
        pytest.param({"amount_claimed": "29.50"}, 422, "invalid-claim", id="wrong type"),
        pytest.param({"reason": "bored"}, 422, "invalid-claim", id="unknown reason"),
        pytest.param({"statement": "a\x00b"}, 422, "invalid-claim", id="NUL"),
        pytest.param({"statement": "x" * 300_000}, 413, "too-large", id="huge claim"),
        pytest.param({"surprise": 1}, 422, "invalid-claim", id="unknown field"),
        pytest.param({"platform": "south"}, 403, "platform-mismatch", id="unknown platform"),
        pytest.param({"platform": "north"}, 403, "platform-mismatch", id="another platform"),
    ],
)
def test_bad_claims(service: Service, claim: Make, change: dict[str, Any], status: int, slug: str) -> None:
    sent, key, shot = claim(), uuid.uuid4().hex, uuid.uuid4().bytes
    refused = service.submit({**sent, **change}, [("a.png", shot)], idempotency_key=key)
    assert problem(refused) == (status, slug)
    assert not kept(service, shot)
    assert accepted_afresh(service, sent, key)


def test_an_order_from_the_future(service: Service, claim: Make) -> None:
    sent = claim()
    sent["order"]["ordered_at"] = "2099-01-01T00:00:00+08:00"
    refused = service.submit(sent)
    assert problem(refused) == (422, "invalid-claim")
    assert refused.json()["errors"][0]["path"] == "order.ordered_at"


def test_malformed_json_says_where(service: Service) -> None:
    refused = service.submit(b'{"reference": "R1",\n "account": }')
    assert problem(refused) == (400, "malformed-json")
    assert (refused.json()["line"], refused.json()["column"]) == (2, 13)


@pytest.mark.parametrize("key", ["", "two words", "k" * 256])
def test_idempotency_keys(service: Service, claim: Make, key: str) -> None:
    with service.http() as http:
        sent = {"Idempotency-Key": key} if key else {}
        refused = http.post("/v1/pre-reviews", files={"claim": orjson.dumps(claim())}, headers=sent)
    assert problem(refused) == (400, "idempotency-key-invalid" if key else "idempotency-key-missing")


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer x", "Basic dTpw", "Bearer " + "x" * 5_000, "Bearer \u00e9"]
)
def test_keys_that_are_none(service: Service, claim: Make, authorization: str | None) -> None:
    headers = {"Idempotency-Key": "k"}
    if authorization is not None:
        headers["Authorization"] = authorization
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    with httpx.Client(base_url=service.url, trust_env=False) as http:
        refused = http.post("/v1/pre-reviews", files={"claim": orjson.dumps(claim())}, headers=list(raw.items()))
    assert problem(refused) == (401, "unauthenticated")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key(service: Service, claim: Make) -> None:
    assert problem(service.submit(claim(), key="revoked")) == (401, "unauthenticated")


def test_other_bodies(service: Service, claim: Make) -> None:
    sent, headers = orjson.dumps(claim()), {"Idempotency-Key": uuid.uuid4().hex}
    with service.http() as http:
        as_json = http.post("/v1/pre-reviews", content=sent, headers={**headers, "Content-Type": "application/json"})
        no_type = http.post("/v1/pre-reviews", content=sent, headers=headers)
        zipped = http.post("/v1/pre-reviews", files={"claim": sent}, headers={**headers, "Content-Encoding": "gzip"})
        empty = http.post("/v1/pre-reviews", headers={**headers, "Content-Type": "multipart/form-data; boundary=b"})
        no_claim = http.post("/v1/pre-reviews", files={"evidence": ("a.png", b"x")}, headers=headers)
    assert problem(as_json) == (415, "unsupported-media-type")
    assert problem(no_type) == (415, "unsupported-media-type")
    assert problem(zipped) == (415, "unsupported-media-type")
    assert problem(empty) == (400, "body-cut-off")
    assert problem(no_claim) == (400, "malformed-body")


def test_too_many_and_too_large_files(service: Service, claim: Make) -> None:
    sent, key = claim(), uuid.uuid4().hex
    small = uuid.uuid4().bytes
    for files in (
        [("a.png", small)] * 40,
        [("a.png", small), ("b.png", bytes(10 * MB + 1))],
        [("a.png", bytes(50 * MB))],
        [(f"{i}.png", bytes(9 * MB)) for i in range(5)],
    ):
        assert problem(service.submit(sent, files, idempotency_key=key)) == (413, "too-large")
    assert not kept(service, small)
    assert accepted_afresh(service, sent, key)


def test_a_large_body_that_announces_no_length_is_refused_while_it_arrives(service: Service) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n'
        while sent < 200 * MB:
            sent += 65536
            yield bytes(65536)

    headers = {"Idempotency-Key": "k", "Content-Type": "multipart/form-data; boundary=b"}
    with service.http() as http:
        refused = http.post("/v1/pre-reviews", content=endless(), headers=headers)
    assert problem(refused) == (413, "too-large")


def _head(service: Service, key: str, length: int) -> bytes:
    return (
        "POST /v1/pre-reviews HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {service.keys['full']}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _connect(service: Service) -> socket.socket:
    address = urlsplit(service.url)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=20)


@pytest.mark.parametrize("abrupt", [False, True], ids=["closed", "reset"])
def test_a_body_cut_off_in_the_middle_keeps_nothing(service: Service, claim: Make, abrupt: bool) -> None:
    sent, key, shot = claim(), uuid.uuid4().hex, uuid.uuid4().bytes * 1000
    body = (
        b'--b\r\nContent-Disposition: form-data; name="claim"\r\n\r\n'
        + orjson.dumps(sent)
        + b'\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n'
        + shot
        + b"\r\n--b--\r\n"
    )
    for cut in (10, 200, len(body) - 5_000, len(body) - 6):
        with _connect(service) as connection:
            connection.sendall(_head(service, key, len(body)) + body[:cut])
            if abrupt:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with _connect(service) as connection:  # whole by its length, but without the closing boundary
        connection.sendall(_head(service, key, len(body) - 6) + body[:-6])
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"body-cut-off" in answer
    assert not kept(service, shot)
    assert accepted_afresh(service, sent, key)


def test_unknown_addresses_and_methods(service: Service) -> None:
    with service.http() as http:
        assert problem(http.get("/v1/nothing")) == (404, "not-found")
        assert problem(http.get("/docs")) == (404, "not-found")
        refused = http.delete("/v1/pre-reviews")
        assert problem(refused) == (405, "method-not-allowed")
        assert refused.headers["Allow"] == "POST"
        assert problem(http.get("/v1/cases/first")) == (422, "invalid-request")
        assert problem(http.get(f"/v1/cases/{uuid.uuid4()}")) == (404, "not-found")
