"""The client and its examples against the running service."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from api_service import Service

from service import client as client_package
from service.client import PrereviewClient, PrereviewProblem

Make = Callable[..., dict[str, Any]]
EXAMPLES = Path(client_package.__file__).parent / "examples"


def test_submit_replay_poll_and_events(service: Service, claim: Make) -> None:
    sent, key = claim(), uuid.uuid4().hex
    with PrereviewClient(service.url, service.keys["full"], language="en") as client:
        first = client.submit(sent, [("a.png", b"x")], idempotency_key=key)
        again = client.submit(sent, [("a.png", b"x")], idempotency_key=key)
        assert (first.replayed, again.replayed) == (False, True)
        assert again.case_id == first.case_id
        assert client.case(first.case_id).decision == first.decision
        assert first.internal is not None
        later = client.submit(claim(), idempotency_key=uuid.uuid4().hex, respond_async=True)
        assert later.pending
        assert not client.wait(later.case_id, seconds=30, every=0.1).pending
        event = {"event_id": uuid.uuid4().hex, "kind": "session", "occurred_at": "2026-11-20T20:00:00+08:00"}
        assert client.events([event]).accepted == 1
        assert client.policy()


def test_a_refusal_carries_what_to_do(service: Service, claim: Make) -> None:
    with PrereviewClient(service.url, service.keys["full"]) as client, pytest.raises(PrereviewProblem) as refused:
        client.submit(claim(reason="bored"), idempotency_key="k")
    assert refused.value.type == "invalid-claim"
    assert refused.value.extra["errors"][0]["path"] == "reason"


@pytest.mark.parametrize("script", ["submit_claim.py", "submit_claim.sh"])
def test_examples_run(service: Service, claim: Make, script: str, tmp_path: Path) -> None:
    if script.endswith(".sh") and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    sent = claim()
    (tmp_path / "claim.json").write_bytes(orjson.dumps(sent))
    (tmp_path / "my shot.png").write_bytes(b"x")
    command = [sys.executable] if script.endswith(".py") else ["sh"]
    environment = {**os.environ, "PREREVIEW_URL": service.url, "PREREVIEW_KEY": service.keys["full"], "NO_PROXY": "*"}
    done = subprocess.run(
        [*command, str(EXAMPLES / script), "claim.json", "my shot.png"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with PrereviewClient(service.url, service.keys["full"]) as client:
        replayed = client.submit(sent, [("any name", b"x")], idempotency_key=sent["reference"])
    assert replayed.replayed
    assert replayed.number in done.stdout


def test_the_example_claim_is_taken(service: Service) -> None:
    sent = orjson.loads((EXAMPLES / "claim.json").read_bytes())
    with PrereviewClient(service.url, service.keys["north"]) as client:
        assert client.submit(sent, idempotency_key=sent["reference"]).decision is not None
