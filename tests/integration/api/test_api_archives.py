"""Several files in one archive are several files; an archive that is not opened is seen by a person."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from api_service import Service

Make = Callable[..., dict[str, Any]]
SHOTS = sorted((Path(__file__).parents[2] / "data" / "screens").glob("*.jpg"))[:2]


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def evidence_of(service: Service, claim: Any, files: list[tuple[str, bytes]], key: str) -> list[dict[str, Any]]:
    response = service.submit(claim, files, idempotency_key=key)
    assert response.status_code == 201, response.text
    found: list[dict[str, Any]] = response.json()["internal"]["evidence"]
    return found


def test_every_member_is_read_like_a_file_sent_singly(service: Service, claim: Make) -> None:
    one, two = (shot.read_bytes() for shot in SHOTS)
    singly = evidence_of(service, claim(), [("1.jpg", one), ("2.jpg", two)], uuid.uuid4().hex)
    together = evidence_of(service, claim(), [("all.zip", zipped(("1.jpg", one), ("2.jpg", two)))], uuid.uuid4().hex)
    assert [each["sha256"] for each in together] == [each["sha256"] for each in singly]
    assert [each["status"] for each in together] == ["read", "read"]


def test_sending_the_archive_again_is_the_same_request(service: Service, claim: Make) -> None:
    sent, key, archive = claim(), uuid.uuid4().hex, zipped(("1.jpg", SHOTS[0].read_bytes()))
    first = service.submit(sent, [("all.zip", archive)], idempotency_key=key)
    again = service.submit(sent, [("all.zip", archive)], idempotency_key=key)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "archive",
    [
        zipped(*((f"{n}.png", b"x%d" % n) for n in range(30))),
        zipped(("inner.zip", zipped(("a.png", b"x")))),
        zipped(("a.png", b"x" * 1000))[:-30],
    ],
    ids=["too many files", "nested", "cut off"],
)
def test_an_archive_that_is_not_opened_goes_to_a_person(service: Service, claim: Make, archive: bytes) -> None:
    response = service.submit(claim(), [("all.zip", archive)])
    assert response.status_code == 201, response.text
    answer = response.json()
    assert answer["decision"] != "auto_approved"
    (kept,) = answer["internal"]["evidence"]
    assert (kept["status"], kept["reason"]) == ("failed", "archive_refused")


def test_an_archive_counts_its_files_with_those_sent_singly(service: Service, claim: Make) -> None:
    files = [(f"{n}.png", b"single %d" % n) for n in range(15)]
    answer = service.submit(claim(), [*files, ("all.zip", zipped(*((f"{n}", b"m%d" % n) for n in range(10))))]).json()
    reasons = [each["reason"] for each in answer["internal"]["evidence"]]
    assert reasons.count("archive_refused") == 1
    assert len(reasons) == 16
