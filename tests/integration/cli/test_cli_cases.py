"""`prereview cases`: a case is found, decided by two people, shown."""

from __future__ import annotations

import json
from pathlib import Path

from running_service import Site, new_claim


def test_a_large_case_from_the_list_to_its_grant(site: Site, tmp_path: Path) -> None:
    data = new_claim(fulfilment={"state": "delivered", "use": "activated"}, amount_claimed=250_000)
    data["order"]["amount_paid"] = 250_000
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps(data))
    number = json.loads(site.command("decide", str(claim), "--platform", "demo", "--json").stdout)["number"]

    listed = json.loads(site.command("cases", "list", "--platform", "demo", "--state", "in_review", "--json").stdout)
    assert number in {row["number"] for row in listed}
    approve = ("cases", "approve", number, "--message", "同意退款。", "--json")
    proposed = json.loads(site.command(*approve, "--by", "ana").stdout)
    assert (proposed["state"], proposed["pending_second"]["by"]) == ("in_review", "cli:ana")
    done = json.loads(site.command(*approve, "--by", "bo").stdout)
    assert (done["state"], done["amount"]) == ("approved", 250_000)
    assert [step["by"] for step in done["history"]] == ["cli:ana", "cli:bo"]
