"""Database down, disk full, no usable risk model: the service says so, takes nothing it cannot keep, and recovers."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_service import Server, Site, new_claim, screen, set_up, wait_for

from service.settings import Settings
from service.store import EmbeddedPostgres

EVIDENCE_BYTES = 4 * 2**20


@pytest.fixture(scope="module")
def own_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of this module's own, to be stopped while others go on testing."""
    settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "16MB"}
    with EmbeddedPostgres(tmp_path_factory.mktemp("own"), settings=settings) as server:
        yield server


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """A file system of 4 MiB; None where this machine does not let us mount one."""
    folder = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={EVIDENCE_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def damaged_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed champion with one byte of its trees changed."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(Settings().models / "risk", models / "risk")
    version = (models / "risk" / "champion").read_text().strip()
    trees = models / "risk" / version / "trees.json"
    content = bytearray(trees.read_bytes())
    content[len(content) // 2] ^= 1
    trees.write_bytes(content)
    return models


@pytest.fixture(scope="module")
def site(
    own_postgres: EmbeddedPostgres,
    tmp_path_factory: pytest.TempPathFactory,
    small_disk: Path | None,
    damaged_models: Path,
) -> Site:
    environment = {"PREREVIEW_READER_WORKERS": "1", "PREREVIEW_MODELS": str(damaged_models)}
    if small_disk is not None:
        environment["PREREVIEW_EVIDENCE_URL"] = str(small_disk)
    return set_up(tmp_path_factory.mktemp("home"), own_postgres.url(), **environment)


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with site.serving("--with-worker") as running:
        yield running


def test_a_damaged_bundle_means_a_person_for_everything(server: Server) -> None:
    ready = server.get("/readyz")
    assert (ready.status_code, ready.json()["state"]) == (200, "degraded")
    model = next(part for part in ready.json()["parts"] if part["name"] == "model")
    assert model["state"] == "degraded"
    assert "trees.json" in model["detail"]
    data = server.submit(new_claim()).json()
    assert data["decision"] == "manual_review"
    assert data["internal"]["risk"] is None
    assert data["internal"]["reasons"][0]["code"] == "bundle_unhealthy"
    with server.http() as http:
        refused = http.post("/v1/scores", json={"rows": [[0.0]]})
    assert refused.status_code in (422, 503)


def test_no_bundle_at_all_starts_too(site: Site, tmp_path: Path) -> None:
    with site.serving(PREREVIEW_MODELS=str(tmp_path)) as bare:
        ready = bare.get("/readyz").json()
        assert {part["name"]: part["state"] for part in ready["parts"]}["model"] == "degraded"
        assert bare.submit(new_claim()).json()["decision"] == "manual_review"


def test_a_full_disk_refuses_the_upload_whole_and_recovers(server: Server, site: Site, small_disk: Path | None) -> None:
    if small_disk is None:
        pytest.skip("mounting a small file system needs root")
    sent, key, page = new_claim(), uuid.uuid4().hex, screen()
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(small_disk).free == 0
    before = site.counts()
    refused = server.submit(sent, [page], idempotency_key=key)
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:prereview:problem:unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert site.counts() == before
    assert {path.name for path in small_disk.rglob("*") if path.is_file()} == {"filler"}
    assert server.submit(new_claim()).status_code == 201  # a claim without files needs no room there
    filler.unlink()
    accepted = server.submit(sent, [page], idempotency_key=key)
    assert accepted.status_code == 201
    assert [item["status"] for item in accepted.json()["internal"]["evidence"]] == ["read"]


def test_the_database_goes_down_under_the_service_and_comes_back(
    server: Server, site: Site, own_postgres: EmbeddedPostgres
) -> None:
    sent, key = new_claim(), uuid.uuid4().hex
    before = site.counts()
    own_postgres.release()  # its last user: the server stops
    refused = server.submit(sent, [screen()], idempotency_key=key)
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:prereview:problem:unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    ready = server.get("/readyz")
    assert (ready.status_code, ready.json()["state"]) == (503, "down")
    assert int(ready.headers.get("Retry-After", 1)) >= 1
    assert server.get("/livez").status_code == 200
    own_postgres.acquire()
    wait_for(lambda: server.get("/readyz").status_code == 200, 20, "no recovery")
    assert site.counts() == before
    assert server.submit(sent, [screen()], idempotency_key=key).status_code == 201
    assert server.submit(sent, [screen()], idempotency_key=key).headers["Idempotent-Replayed"] == "true"
    later = server.submit(new_claim(), Prefer="respond-async")
    assert later.status_code == 202
    assert server.decided(later.json()["case_id"])["decision"] == "manual_review"  # the worker recovered as well
