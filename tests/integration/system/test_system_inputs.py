"""The service as a process of its own: bad pictures, cut-off bodies, a key revoked, a platform stopped."""

from __future__ import annotations

import hashlib
import io
import socket
import struct
import sys
import uuid
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import psutil
import pytest
from PIL import Image
from running_service import Server, Site, new_claim, screen, wait_for


@pytest.fixture(scope="module")
def site(make_site: Callable[..., Site]) -> Site:
    return make_site(PREREVIEW_READER_WORKERS="1")


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with site.serving("--with-worker") as running:
        yield running


def truncated() -> bytes:
    return screen()[:-2000]


def bomb() -> bytes:
    """A valid PNG of 30,000 × 30,000 pixels, 2.5 GB once decoded, in a few hundred kB."""
    side, packer = 30_000, zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" + bytes(side // 8 + 1)) for _ in range(side)) + packer.flush()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def frames(kind: str) -> bytes:
    pictures = [Image.new("RGB", (64, 64), (i % 256, 40, 80)) for i in range(300)]
    buffer = io.BytesIO()
    pictures[0].save(buffer, kind, save_all=True, append_images=pictures[1:], duration=20)
    return buffer.getvalue()


def executable() -> bytes:
    with Path(sys.executable).resolve().open("rb") as file:
        return file.read(200_000)


@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        pytest.param(lambda: b"", {"empty_file"}, id="0 bytes"),
        pytest.param(truncated, {"truncated", "damaged"}, id="truncated"),
        pytest.param(bomb, {"too_many_pixels"}, id="decompression bomb"),
        pytest.param(lambda: frames("GIF"), {"too_many_frames"}, id="300-frame GIF"),
        pytest.param(lambda: frames("PNG"), {"too_many_frames"}, id="300-frame PNG"),
        pytest.param(lambda: frames("WEBP"), {"too_many_frames"}, id="300-frame WebP"),
        pytest.param(executable, {"unsupported_type"}, id="renamed executable"),
    ],
)
def test_a_bad_picture_fails_with_its_reason_and_a_person_looks(
    server: Server, make: Callable[[], bytes], reasons: set[str]
) -> None:
    readers = [reader.pid for reader in server.child.readers()]
    response = server.submit(new_claim(), [make(), screen()])
    assert response.status_code == 201, response.text
    data = response.json()
    bad, good = data["internal"]["evidence"]
    assert (bad["status"], good["status"]) == ("failed", "read")
    assert bad["reason"] in reasons
    assert data["decision"] != "auto_approved"
    assert [reader.pid for reader in server.child.readers()] == readers
    assert max(psutil.Process(pid).memory_info().rss for pid in readers) < 700 * 2**20


def test_a_page_sent_twice_is_kept_once_and_read_once(server: Server, site: Site) -> None:
    page = screen("0005-order_stacked.jpg")
    digest = hashlib.sha256(page).hexdigest()
    sent = new_claim()
    first = server.submit(sent, [page, page]).json()
    assert [item["sha256"] for item in first["internal"]["evidence"]] == [digest]
    other = server.submit(new_claim(), [page]).json()
    assert other["internal"]["evidence"][0]["fields"] == first["internal"]["evidence"][0]["fields"]
    assert site.rows("SELECT count(*) FROM readings WHERE sha256 = %s", digest) == [(1,)]
    assert site.rows("SELECT count(*) FROM order_evidence WHERE sha256 = %s", digest) == [(2,)]
    reused = "SELECT (document->>'reused_orders')::int FROM assessments WHERE case_id = %s"
    assert [site.rows(reused, answer["case_id"]) for answer in (first, other)] == [[(0,)], [(1,)]]


def test_evidence_left_out_of_a_later_claim_still_counts(server: Server) -> None:
    sent = new_claim()
    first = server.submit(sent, [screen()]).json()
    later = server.submit({**sent, "statement": "again, without the page"}).json()
    assert later["case_id"] == first["case_id"]
    assert later["internal"]["evidence"] == first["internal"]["evidence"]


@pytest.mark.parametrize("abrupt", [False, True], ids=["closed", "reset"])
def test_a_body_cut_off_leaves_no_row_and_no_file(server: Server, site: Site, abrupt: bool) -> None:
    before, files = site.counts(), site.files()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="claim"\r\n\r\n'
        + orjson.dumps(new_claim())
        + b'\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n'
        + screen()
        + b"\r\n--b--\r\n"
    )
    address = urlsplit(server.address)
    head = (
        f"POST /v1/pre-reviews HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.keys['full']}\r\n"
        f"Idempotency-Key: {uuid.uuid4().hex}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    for cut in (500, len(body) // 2, len(body) - 3):
        with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
            connection.sendall(head + body[:cut])
            if abrupt:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_for(lambda: _requests_in_progress(server) <= 1, 20, "cut-off requests still in progress")
    assert site.counts() == before
    assert site.files() == files


def _requests_in_progress(server: Server) -> float:
    lines = server.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if "in_progress" in line and not line.startswith("#"))


def test_a_key_revoked_meanwhile_is_refused_by_the_next_request(server: Server, site: Site) -> None:
    assert server.submit(new_claim(), key="spare").status_code == 201
    assert site.command("keys", "revoke", server.keys["spare_id"], "--platform", "demo").returncode == 0
    before = site.counts()
    refused = server.submit(new_claim(), [screen()], key="spare")
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:prereview:problem:unauthenticated")
    assert site.counts() == before


def test_stopping_a_platform_holds_from_the_next_decision_on(server: Server, site: Site) -> None:
    def answer() -> dict[str, Any]:
        data: dict[str, Any] = server.submit(new_claim()).json()
        return data

    assert answer()["decision"] == "auto_approved"  # an unused code that can be voided costs nothing to refund
    assert site.command("platforms", "stop", "demo", "--reason", "forged pages").returncode == 0
    stopped = answer()
    assert site.command("platforms", "resume", "demo", "--reason", "mended", "--approved-by", "wang").returncode == 0
    assert stopped["decision"] == "manual_review"
    assert answer()["decision"] == "auto_approved"
