"""Our check of a webhook's signature against the standard's own library, and against who forges."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from running_service import free_port, wait_for
from standardwebhooks import Webhook

from service import client as client_package
from service.client import NotSigned, verified

SECRET, OLD = (f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (7, 9))
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
BODY = json.dumps(
    {"id": "e-1", "sequence": 3, "type": "case.paid", "timestamp": "2026-11-22T08:00:00+00:00", "data": {"a": 1}}
).encode()


def headers(secret: str = SECRET, body: bytes = BODY, at: datetime = NOW) -> dict[str, str]:
    return {
        "webhook-id": "e-1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("e-1", at, body.decode()),
    }


def test_what_the_standard_signs_is_taken_under_either_secret() -> None:
    for signing in (SECRET, OLD):
        event = verified(BODY, headers(signing), [SECRET, OLD], now=NOW.timestamp())
        assert (event.id, event.type, event.sequence, event.data) == ("e-1", "case.paid", 3, {"a": 1})
    both = headers() | {"webhook-signature": f"v1,AAAA {headers(OLD)['webhook-signature']}"}
    assert verified(BODY, both, [OLD], now=NOW.timestamp()).id == "e-1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_one_is_a_replay(seconds: int) -> None:
    with pytest.raises(NotSigned):
        verified(BODY, headers(), [SECRET], now=NOW.timestamp() + seconds)


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({"webhook-signature": ""}, BODY),
        ({"webhook-signature": "v1,AAAA"}, BODY),
        ({"webhook-id": "e-2"}, BODY),
        ({"webhook-timestamp": "soon", "Webhook-Timestamp": "soon"}, BODY),
        ({}, BODY.replace(b"paid", b"lost")),
    ],
)
def test_what_was_changed_is_not_ours(changed: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotSigned):
        verified(body, headers() | changed, [SECRET], now=NOW.timestamp())


@pytest.mark.skipif(shutil.which("php") is None, reason="php is not installed")
def test_the_receiver_in_php_takes_ours_and_nothing_else() -> None:
    script = Path(client_package.__file__).parent / "examples" / "receive_webhook.php"
    address = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, "PREREVIEW_WEBHOOK_SECRETS": f"{SECRET} {OLD}"}
    with subprocess.Popen(["php", "-S", address, script], env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            with httpx.Client(base_url=f"http://{address}", trust_env=False) as http:
                signed = headers(OLD, at=datetime.now(UTC))

                def sent() -> httpx.Response | None:
                    try:
                        return http.post("/", content=BODY, headers=signed)
                    except httpx.TransportError:
                        return None

                assert wait_for(sent, 10, "php did not start").status_code == 204
                assert http.post("/", content=BODY + b" ", headers=signed).status_code == 400
                assert http.post("/", content=BODY).status_code == 400
        finally:
            server.kill()
