"""`prereview decide` and `prereview replay`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running_service import SCREENS, Site, new_claim


def test_decide_and_replay_and_what_differs_once_evidence_is_gone(site: Site, tmp_path: Path) -> None:
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps(new_claim()))
    command = ("decide", str(claim), "--platform", "demo", "--json", "--evidence", str(SCREENS / "0011-toast.jpg"))
    first = site.command(*command)
    assert first.returncode == 0, first.stderr
    answer = json.loads(first.stdout)
    assert [item["status"] for item in answer["internal"]["evidence"]] == ["read"]
    assert json.loads(site.command(*command).stdout)["case_id"] == answer["case_id"]  # the same claim, the same case

    same = site.command("replay", answer["number"])
    assert same.returncode == 0, same.stdout + same.stderr
    assert "the same decision" in same.stdout

    digest = answer["internal"]["evidence"][0]["sha256"]
    (site.home / "evidence" / "demo" / digest).unlink()
    erased = site.command("replay", answer["case_id"], "--json")
    report = json.loads(erased.stdout)
    assert {"what": f"evidence {digest[:12]}", "stored": "read", "now": "erased"} in report["differences"]
    assert report["case_id"] == answer["case_id"]
    assert erased.returncode == (0 if report["same"] else 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "not valid JSON"), ("{}", "reference"), (json.dumps({**new_claim(), "platform": "north"}), "platform")],
)
def test_a_claim_that_cannot_be_is_refused_in_words(site: Site, tmp_path: Path, content: str, said: str) -> None:
    claim = tmp_path / "claim.json"
    claim.write_text(content)
    done = site.command("decide", str(claim), "--platform", "demo")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_replaying_what_is_not_there(site: Site) -> None:
    done = site.command("replay", "R261120-NOTTHERE00")
    assert done.returncode == 1
    assert "no case" in done.stderr
