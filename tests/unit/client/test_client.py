"""The client's retries and errors against a scripted peer; the real service answers it in the integration tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.client import NotReached, PrereviewClient, PrereviewProblem

CASE: dict[str, Any] = {
    "case_id": "019a6f3e-52c0-7c31-9d0e-6f1b7a2c4e58",
    "number": "R261121-7K3M9Q2XWA",
    "state": "auto_approved",
    "decision": "auto_approved",
    "amount": 2950,
    "currency": "CNY",
    "fee": 0,
    "route": "original",
    "obligations": ["void_code"],
    "buyer": {"message": "m", "missing": [{"code": "prompt", "text": "t"}], "next": "n"},
    "versions": {"code": "0.1.0"},
    "ms": {"total": 1.5},
}
PENDING = {**CASE, "decision": None, "state": "assessing"}
Reply = httpx.Response | Exception


def problem(status: int, slug: str, retry_after: str | None = None, **extra: Any) -> httpx.Response:
    document = {"type": f"urn:prereview:problem:{slug}", "title": "T", "status": status, "detail": "D", **extra}
    headers = {"Retry-After": retry_after} if retry_after else {}
    return httpx.Response(status, json=document, headers=headers)


class Peer:
    """Answers with the replies it was given, in order, and keeps what it was sent."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def client(self, attempts: int = 5) -> PrereviewClient:
        return PrereviewClient(
            "http://service",
            "k-1",
            attempts=attempts,
            transport=httpx.MockTransport(self),
            sleep=self.waits.append,
        )


def submit(client: PrereviewClient) -> Any:
    return client.submit({"reference": "R1"}, [("a.png", b"x")], idempotency_key="R1")


def test_an_answer_is_typed() -> None:
    peer = Peer(httpx.Response(201, json=CASE, headers={"Idempotent-Replayed": "true"}))
    answer = submit(peer.client())
    assert (answer.decision, answer.amount, answer.currency, answer.obligations) == (
        "auto_approved",
        2950,
        "CNY",
        ("void_code",),
    )
    assert answer.buyer.missing[0].code == "prompt"
    assert (answer.replayed, answer.pending, answer.internal) == (True, False, None)


def test_what_is_sent(tmp_path: Path) -> None:
    shot = tmp_path / "订单.png"
    shot.write_bytes(b"\x89PNG")
    peer = Peer(httpx.Response(202, json=PENDING))
    with peer.client() as client:
        answer = client.submit({"reference": "R1"}, [shot, ("b", b"y")], idempotency_key="R1", respond_async=True)
    assert answer.pending
    request = peer.requests[0]
    assert request.headers["Authorization"] == "Bearer k-1"
    assert request.headers["Idempotency-Key"] == "R1"
    assert request.headers["Prefer"] == "respond-async"
    assert b'name="claim"' in request.content
    assert b"\x89PNG" in request.content
    assert request.content.count(b'name="evidence"') == 2


@pytest.mark.parametrize(
    "first",
    [
        lambda: problem(503, "unavailable", "3"),
        lambda: problem(409, "request-in-flight", "1"),
        lambda: httpx.ConnectError("refused"),
        lambda: httpx.ReadError("reset"),
        lambda: httpx.ReadTimeout("slow"),
        lambda: httpx.Response(502, text="<html>"),
    ],
)
def test_sent_again_with_the_same_key_and_body(first: Callable[[], Reply]) -> None:
    peer = Peer(first(), httpx.Response(201, json=CASE))
    assert submit(peer.client()).number == CASE["number"]
    assert [request.headers["Idempotency-Key"] for request in peer.requests] == ["R1", "R1"]
    assert all(b'"R1"' in request.content and b"a.png" in request.content for request in peer.requests)
    assert len(peer.waits) == 1


def test_waits_as_long_as_asked_but_not_for_ever() -> None:
    peer = Peer(problem(503, "unavailable", "3"), problem(503, "unavailable", "900"), httpx.Response(201, json=CASE))
    submit(peer.client())
    assert 3.0 <= peer.waits[0] <= 3.2
    assert 10.0 <= peer.waits[1] <= 10.2


@pytest.mark.parametrize(
    ("status", "slug"), [(422, "invalid-claim"), (409, "idempotency-key-reused"), (413, "too-large")]
)
def test_a_refusal_is_not_sent_again(status: int, slug: str) -> None:
    peer = Peer(problem(status, slug, errors=[{"path": "a", "message": "b"}], request_id="r-1"))
    with pytest.raises(PrereviewProblem) as refused:
        submit(peer.client())
    assert (refused.value.status, refused.value.type, refused.value.request_id) == (status, slug, "r-1")
    assert refused.value.extra == {"errors": [{"path": "a", "message": "b"}]}
    assert peer.waits == []


def test_gives_up_after_its_attempts() -> None:
    peer = Peer(*[httpx.ConnectError("refused")] * 3)
    with pytest.raises(NotReached, match="3 attempts"):
        submit(peer.client(attempts=3))
    peer = Peer(*[problem(503, "unavailable")] * 2)
    with pytest.raises(PrereviewProblem, match="unavailable"):
        submit(peer.client(attempts=2))


def test_wait_polls_until_decided() -> None:
    peer = Peer(httpx.Response(200, json=PENDING), httpx.Response(200, json=PENDING), httpx.Response(200, json=CASE))
    assert peer.client().wait(CASE["case_id"], every=0.5).decision == "auto_approved"
    assert peer.waits == [0.5, 0.5]


def test_events() -> None:
    reply = {"accepted": 1, "duplicates": 0, "recorded_at": "2026-11-21T01:31:06.120000Z"}
    peer = Peer(httpx.Response(200, json=reply))
    recorded = peer.client().events([{"event_id": "e1"}])
    assert (recorded.accepted, recorded.recorded_at.year) == (1, 2026)
    assert json.loads(peer.requests[0].content) == {"events": [{"event_id": "e1"}]}
