"""The client and its examples against the running service."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from api_service import Service

from service import client as client_package
from service.client import AsyncPrereviewClient, PrereviewClient, PrereviewProblem

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


@pytest.mark.parametrize("script", ["submit_claim.py", "submit_claim.sh", "submit_claim.php"])
def test_examples_run(service: Service, claim: Make, script: str, tmp_path: Path) -> None:
    runner, needed = {".py": (sys.executable, None), ".sh": ("sh", "curl"), ".php": ("php", "php")}[Path(script).suffix]
    if needed is not None and shutil.which(needed) is None:
        pytest.skip(f"{needed} is not installed")
    sent = claim()
    (tmp_path / "claim.json").write_bytes(orjson.dumps(sent))
    (tmp_path / "my shot.png").write_bytes(b"x")
    environment = {**os.environ, "PREREVIEW_URL": service.url, "PREREVIEW_KEY": service.keys["full"], "NO_PROXY": "*"}
    done = subprocess.run(
        [runner, str(EXAMPLES / script), "claim.json", "my shot.png"],
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


def test_a_case_from_offer_to_payment(service: Service, claim: Make) -> None:
    """What a backend does with a case, in the order it does it."""
    with PrereviewClient(service.url, service.keys["full"], language="en") as client:
        case = client.submit(claim(reason="platform_fault"), idempotency_key=uuid.uuid4().hex)
        assert "offer" in case.actions["reviewer"]
        offered = client.act(case.case_id, "offer", as_="reviewer", by="ana", amount=1500, message="Half.", reason="r")
        assert (offered.state, offered.offer, offered.due) == ("offered", 1500, "offer")
        with pytest.raises(PrereviewProblem) as stale:
            client.act(case.case_id, "accept-offer", if_match=case.etag)
        assert stale.value.type == "stale-write"
        taken = client.act(case.case_id, "accept-offer", if_match=offered.etag)
        assert (taken.state, taken.amount) == ("partially_approved", 1500)
        paid = client.tell_outcome(
            case.case_id, "paid", reference=uuid.uuid4().hex, occurred_at=datetime.now(UTC) - timedelta(days=2),
            amount=1500,
        )  # fmt: skip
        assert paid.state == "paid"
        assert client.status_page(case.case_id).startswith("/public/demo/cases/")
        listed = [each.case_id for each in client.cases(state="paid", limit=2)]
        assert case.case_id in listed
        assert len(listed) == len(set(listed))


def test_evidence_and_an_appeal_with_files(service: Service, claim: Make) -> None:
    with PrereviewClient(service.url, service.keys["full"]) as client:
        case = client.submit(claim(reason="platform_fault"), idempotency_key=uuid.uuid4().hex)
        more = client.add_evidence(case.case_id, [("a.png", uuid.uuid4().bytes)], as_="buyer")
        assert more.version > case.version
        client.act(
            case.case_id, "reject", as_="reviewer", by="ana", clause="reasons.platform_fault", message="No.", reason="r"
        )
        appealed = client.appeal(case.case_id, "新的情况：客服已经确认系统当时故障。", [("b.png", uuid.uuid4().bytes)])
        assert appealed.state == "appealed"


def test_an_upload_goes_on_where_it_broke_off(service: Service) -> None:
    name = f"up-{uuid.uuid4().hex}"
    lines = [
        {"event_id": f"{name}-{n}", "kind": "session", "occurred_at": "2026-11-20T20:00:00+08:00", "account_id": "u"}
        for n in range(25)
    ]
    with PrereviewClient(service.url, service.keys["full"]) as client:
        client.upload_events(name, lines[:10])
        done = client.upload_events(name, lines, piece=7)
        assert (done.lines, done.accepted, done.duplicates, done.errors) == (25, 25, 0, ())
        assert client.upload_events(name, lines).lines == 25


async def test_the_same_for_asyncio(service: Service, claim: Make) -> None:
    async with AsyncPrereviewClient(service.url, service.keys["full"]) as client:
        cases = await asyncio.gather(*(client.submit(claim(), idempotency_key=uuid.uuid4().hex) for _ in range(4)))
        assert len({case.case_id for case in cases}) == 4
        assert (await client.wait(cases[0].case_id)).decision is not None
        found = [each async for each in client.cases(limit=3)]
        assert {case.case_id for case in cases} <= {each.case_id for each in found}
        assert (await client.pre_check(claim()))["prospect"]
        page = await client.feed(limit=5)
        assert page.events
        assert [event.sequence for event in page.events] == sorted(event.sequence for event in page.events)
