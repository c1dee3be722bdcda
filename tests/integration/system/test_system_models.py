"""Models change while claims come in: nothing is dropped, the way back is one command, a shadow has no say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from bundle_variants import write_variant
from running_service import CLOCK_START, Server, Site, new_claim, wait_for

from service.features import FEATURE_NAMES
from service.scoring import Versions

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    folder = tmp_path_factory.mktemp("models") / "risk"
    for name, slope in (("v1", 1.0), ("v2", 1.01), ("v3", 0.5)):
        write_variant(folder, name, slope=slope, reference=name == "v1")
    made = Versions(folder)
    made.promote("v1", by="ana", approved_by="ben", at=AT)
    return made


@pytest.fixture(scope="module")
def site(make_site: Callable[..., Site], versions: Versions) -> Site:
    return make_site(PREREVIEW_READER_WORKERS="1", PREREVIEW_MODELS=str(versions.folder.parent))


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with site.serving() as running:
        yield running


def _beside(server: Server, site: Site) -> tuple[Any, ...] | None:
    """A new claim's case and what the shadow made of it, if it did."""
    case_id = server.submit(new_claim()).json()["case_id"]
    time.sleep(1.5)
    found = shadows(site, case_id)
    return (case_id, *found[0]) if found else None


def models_used(site: Site) -> Counter[str]:
    return Counter(row[0] for row in site.rows("SELECT document->'versions'->>'model' FROM assessments"))


def training(site: Site, *words: str, **environment: str) -> bytes:
    surroundings = {
        **os.environ, "PREREVIEW_HOME": str(site.home), "PREREVIEW_DATABASE_URL": site.url, **environment,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "training.cli", *words], env=surroundings, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def shadows(site: Site, case_id: str) -> list[tuple[Any, ...]]:
    columns = "model, probability, approval_class, champion, champion_probability, champion_class, amount_minor"
    return site.rows(f"SELECT {columns} FROM shadow_scores WHERE case_id = %s", case_id)


def test_no_request_is_dropped_while_models_are_swapped_and_rolled_back(
    server: Server, site: Site, versions: Versions
) -> None:
    answers: list[tuple[int, str | None]] = []
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            response = server.submit(new_claim())
            answers.append((response.status_code, response.json().get("decision")))

    with ThreadPoolExecutor(4) as pool:
        senders = [pool.submit(send) for _ in range(4)]
        try:
            wait_for(lambda: models_used(site)["v1"] > 5, 30, "no claim decided by v1", 0.2)
            versions.promote("v2", by="ana", approved_by="ben", at=AT, why="newer")
            wait_for(lambda: models_used(site)["v2"] > 5, 30, "v2 was not taken up", 0.2)
            done = site.command("models", "rollback", "--why", "test", "--json")
            assert done.returncode == 0, done.stderr
            before = models_used(site)["v1"]
            wait_for(lambda: models_used(site)["v1"] > before + 5, 30, "v1 did not come back", 0.2)
        finally:
            stop.set()
        for sender in senders:
            sender.result(60)
    change = orjson.loads(done.stdout)
    assert (change["action"], change["version"], change["previous"], change["why"]) == (
        "rolled_back", "v1", "v2", "test",
    )  # fmt: skip
    assert change["by"].startswith("cli:")
    assert len(answers) > 20
    assert {status for status, _ in answers} == {201}
    assert None not in {decision for _, decision in answers}
    assert set(models_used(site)) == {"v1", "v2"}


def test_a_bundle_that_cannot_be_used_leaves_the_old_one_at_work(
    server: Server, site: Site, versions: Versions
) -> None:
    write_variant(versions.folder, "broken")
    (versions.folder / "broken" / "risk.onnx").write_bytes(b"nothing")
    pointer = versions.folder / "champion"
    pointer.write_text("broken\n")  # behind the command's back: it would not have allowed it
    wait_for(lambda: "broken" in server.get("/readyz").text, 20, "the refusal was not said", 0.2)
    case = server.decided(server.submit(new_claim()).json()["case_id"])
    assert case["internal"]["risk"] is not None
    pointer.write_text("v1\n")
    wait_for(lambda: "broken" not in server.get("/readyz").text, 20, "the way back was not taken", 0.2)
    shutil.rmtree(versions.folder / "broken")


def test_a_shadow_scores_beside_and_has_no_say(server: Server, site: Site, versions: Versions) -> None:
    alone = server.submit(new_claim()).json()
    assert shadows(site, alone["case_id"]) == []
    done = site.command("models", "shadow", "v3")
    assert done.returncode == 0, done.stderr

    found = wait_for(lambda: _beside(server, site), 30, "no shadow score", 0.1)
    case_id, model, probability, _, champion, theirs, _, amount = found
    assert (model, champion) == ("v3", "v1")
    case = server.decided(case_id)
    assert case["internal"]["risk"]["probability"] == pytest.approx(theirs, abs=1e-12)
    assert probability != pytest.approx(theirs, abs=1e-6)
    assert 0 < probability < 1
    assert amount > 0
    assert case["decision"] == alone["decision"]
    assert site.rows("SELECT count(*) FROM assessments WHERE case_id = %s", case_id) == [(1,)]


@pytest.mark.proof
def test_what_shadow_and_drift_saw_is_reported(server: Server, site: Site, versions: Versions, tmp_path: Path) -> None:
    """By the service's own command, and with pictures by training's, from the database the service writes."""
    versions.set_shadow("v3", by="ana", at=AT)
    wait_for(lambda: _beside(server, site), 30, "no shadow score", 0.1)
    later = {"PREREVIEW_CLOCK_START": (CLOCK_START + timedelta(days=1)).isoformat()}
    done = site.command("models", "compare", "--platform", "demo", "--json", **later)
    assert done.returncode == 0, done.stderr
    told = orjson.loads(done.stdout)
    assert (told["model"], told["champions"]) == ("v3", ["v1"])
    assert told["claims"] == len(site.rows("SELECT 1 FROM shadow_scores WHERE model = 'v3'")) > 0
    none = site.command("models", "compare", "--platform", "nobody", **later)
    assert none.returncode == 1
    assert "prereview models shadow VERSION" in none.stderr
    models, reports = str(versions.folder), tmp_path / "reports"
    shadow = training(site, "compare-shadow", "--report", str(reports), "--json", **later)
    assert orjson.loads(shadow)["claims"] == told["claims"]
    words = ("drift", "--platform", "demo", "--models", models, "--report", str(reports), "--json")
    drifted = orjson.loads(training(site, *words, **later))
    decided = len(site.rows("SELECT 1 FROM assessments WHERE superseded_at IS NULL"))
    assert (drifted["claims"], drifted["model"]) == (decided, "v1")
    assert len(drifted["features"]) == len(FEATURE_NAMES)
    assert {path.name for path in reports.iterdir()} == {
        "drift.png", "drift.md", "drift.json", "shadow.png", "shadow.json",
    }  # fmt: skip


def test_a_shadow_that_fails_costs_nobody_an_answer(server: Server, site: Site, versions: Versions) -> None:
    versions.set_shadow("v3", by="ana", at=AT)
    site.execute("ALTER TABLE shadow_scores RENAME TO shadow_scores_gone")
    try:
        for _ in range(3):
            assert server.submit(new_claim()).status_code == 201
        wait_for(lambda: "shadow scores were lost" in server.child.log.read_text(), 20, "the loss was not logged", 0.2)
        assert server.get("/readyz").json()["parts"][1]["state"] == "ok"
    finally:
        site.execute("ALTER TABLE shadow_scores_gone RENAME TO shadow_scores")
    done = site.command("models", "shadow", "--off")
    assert done.returncode == 0, done.stderr
    assert versions.shadow is None
