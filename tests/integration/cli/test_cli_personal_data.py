"""audit verify and personal-data as an operator types them, on a deployment with one decided claim."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from running_service import SCREENS, Site, new_claim

from service import wiring
from service.settings import Settings


@pytest.fixture(scope="module")
def case(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The number of a case that was decided."""
    data = new_claim()
    data["account"]["id"] = "buyer-cli"
    data["order"]["recharged_account"] = "13800138078"
    claim: Path = tmp_path_factory.mktemp("claim") / "claim.json"
    claim.write_text(json.dumps(data))
    page = str(SCREENS / "0011-toast.jpg")
    done = site.command("decide", str(claim), "--platform", "demo", "--json", "--evidence", page)
    assert done.returncode == 0, done.stderr
    number: str = json.loads(done.stdout)["number"]
    return number


async def tend(site: Site) -> None:
    """What a worker does every second."""
    deployment = wiring.build(Settings(home=site.home), site.url)
    assert await deployment.trail.tend() > 0
    await deployment.store.close()


def test_the_trail_verifies_and_says_what_changed(site: Site, case: str, tmp_path: Path) -> None:
    key = tmp_path / "auditor.pem"
    key.write_text(site.command("audit", "public-key").stdout)
    assert "BEGIN PUBLIC KEY" in key.read_text()
    asyncio.run(tend(site))
    kept = next((site.home / "checkpoints").glob("demo.ndjson"))
    options = ("--platform", "demo", "--checkpoints", str(kept), "--public-key", str(key))
    done = site.command("audit", "verify", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing was found" in done.stdout
    site.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
    try:
        site.execute("UPDATE audit SET reason = 'another' WHERE position = 2 AND platform_id = 'demo'")
    finally:
        site.execute("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_guard")
        site.execute("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_guard_all")
    done = site.command("audit", "verify", *options)
    assert done.returncode == 1
    assert "edited at 2" in done.stdout
    assert "what differs: why" in done.stdout


def test_personal_data_are_shown_for_a_purpose_and_erased_by_two(site: Site, case: str) -> None:
    options = ("--what", "recharged_account", "--purpose", "asking the carrier")
    shown = site.command("personal-data", "reveal", case, *options)
    assert json.loads(shown.stdout) == {"recharged_account": "13800138078"}
    log = json.loads(site.command("personal-data", "reveals", "--platform", "demo", "--json").stdout)
    assert [(row["what"], row["purpose"]) for row in log] == [("recharged_account", "asking the carrier")]
    account = ("--platform", "demo", "--account", "buyer-cli", "--reason", "asked")
    assert case in site.command("personal-data", "export", *account).stdout
    site.execute("UPDATE cases SET state = 'rejected'")
    done = site.command("personal-data", "erase", *account, "--approved-by", "wang", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == 1
    done = site.command("personal-data", "rotate-keys", "--reason", "yearly", "--forget-old")
    assert done.returncode == 0, done.stderr
