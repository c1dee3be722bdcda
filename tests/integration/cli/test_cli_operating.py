"""What an operator looks after: queues, incidents, anomalies, the ledger, the buyer's link."""

from __future__ import annotations

import asyncio
import csv
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from running_service import CLOCK_START, FOUNDER, Site, new_claim

from service import wiring
from service.cli import console, main
from service.domain.incidents import Incident, Struck
from service.domain.money import Money
from service.domain.outcomes import Outcome, OutcomeKind
from service.review.requests import Caller
from service.settings import Settings
from service.store import incidents as stored

ON_DEMO = ("--platform", "demo")
SELLER = "=HYPERLINK(0)"
SPAN = ("--since", "2026-11-01T00:00:00+08:00", "--until", "2026-12-01T00:00:00+08:00")


@dataclass(frozen=True, slots=True)
class Prereview:
    """The command, run in this process: starting one takes longer than what most commands do."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Exit code, what it printed, what it said on standard error."""
        self.monkeypatch.setattr("sys.argv", ["prereview", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    def told(self, *words: str) -> Any:
        code, printed, said = self(*words, "--json")
        assert code == 0, said
        return json.loads(printed)


@pytest.fixture
def prereview(site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Prereview:
    settings = Settings(
        home=site.home,
        database_url=SecretStr(site.url),
        clock_start=CLOCK_START,
        public_url="https://refunds.example.com",
    )
    monkeypatch.setattr(console, "settings", lambda: settings)
    monkeypatch.setattr(console.out, "width", 200)  # read when it was made, with whatever ran before
    return Prereview(monkeypatch, capsys)


@pytest.fixture(scope="module")
def waiting(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A large case that waits for a person."""
    data = new_claim(fulfilment={"state": "delivered", "use": "activated"}, amount_claimed=250_000)
    data["order"] |= {"amount_paid": 250_000, "seller_id": SELLER}
    claim = tmp_path_factory.mktemp("claim") / "claim.json"
    claim.write_text(json.dumps(data))
    done = site.command("decide", str(claim), *ON_DEMO, "--json")
    assert done.returncode == 0, done.stderr
    case: dict[str, Any] = json.loads(done.stdout)
    return case


def happened(site: Site, case: dict[str, Any]) -> uuid.UUID:
    """Another sum is paid than was granted, and a jump of claims is noticed: the incident's id."""
    noticed = Incident(
        id=uuid.uuid4(), platform_id="demo", struck=Struck.SELLER, struck_id="seller-77",
        began_at=CLOCK_START - timedelta(hours=2), ended_at=None, reason="20 accounts claimed within an hour",
        noticed=True, confirmed_at=None, dismissed_at=None, actor=FOUNDER, recorded_at=CLOCK_START,
    )  # fmt: skip
    paid = Outcome(reference="pay-1", kind=OutcomeKind.PAID, occurred_at=CLOCK_START, amount=Money(260_000, "CNY"))

    async def work() -> None:
        deployment = wiring.build(Settings(home=site.home, clock_start=CLOCK_START), site.url)
        async with wiring.running(deployment, reading=False):
            caller = Caller(key_id="k", platform_id="demo", scopes=frozenset(), actor=FOUNDER)
            await deployment.use_cases.outcomes.tell(caller, uuid.UUID(case["case_id"]), paid)
            async with deployment.store.transaction() as tx:
                await stored.add(tx, noticed)

    asyncio.run(work())
    return noticed.id


def test_queue_anomaly_grant_and_ledger_of_one_case(
    prereview: Prereview, site: Site, waiting: dict[str, Any], tmp_path: Path
) -> None:
    number = waiting["number"]
    queues = prereview.told("queues", *ON_DEMO)
    assert number in {case["number"] for case in queues["next"]}
    lane = next(case["lane"] for case in queues["next"] if case["number"] == number)
    assert number in prereview("queues", *ON_DEMO, "--lane", lane)[1]

    for reviewer in ("ana", "bo"):
        prereview.told("cases", "approve", number, "--message", "同意退款。", "--by", reviewer)

    jump = happened(site, waiting)
    (found,) = prereview.told("anomalies", *ON_DEMO, "--kind", "paid_other_sum")
    assert (found["case_id"], found["amount"]) == (waiting["case_id"], 260_000)
    assert prereview.told("anomalies", *ON_DEMO, "--kind", "refunded_twice") == []
    assert "260,000 CNY" in prereview("anomalies", *ON_DEMO)[1]
    confirmed = prereview.told("incidents", "confirm", str(jump), *ON_DEMO, "--reason", "it is one")
    assert confirmed["confirmed_at"] is not None
    assert prereview("incidents", "dismiss", str(jump), *ON_DEMO, "--reason", "it is none")[0] == 1

    table = tmp_path / "ledger.csv"
    assert prereview("ledger", *ON_DEMO, *SPAN, "--csv", str(table))[0] == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    (entry,) = prereview.told("ledger", *ON_DEMO, *SPAN, "--seller", SELLER)["entries"]
    assert (row["case_number"], row["granted"], row["seller_id"]) == (number, "250000", f"'{SELLER}")
    assert (entry["case_number"], entry["paid"], entry["seller_id"]) == (number, 260_000, SELLER)
    assert prereview.told("ledger", *ON_DEMO, *SPAN, "--seller", "another")["entries"] == []
    assert number in prereview("ledger", *ON_DEMO, *SPAN)[1]


def test_an_incident_from_its_declaration_to_its_end(prereview: Prereview, site: Site) -> None:
    declare = ("incidents", "declare", *ON_DEMO, "--struck", "supplier", "--struck-id", "sup-1", "--reason", "down")
    began = ("--began-at", "2026-11-21T16:00:00+08:00")
    incident = prereview.told(*declare, *began, "--by", "ana")
    assert prereview(*declare, *began)[0] == 1  # known already
    which = incident["incident_id"]
    assert which in {each["incident_id"] for each in prereview.told("incidents", "list", *ON_DEMO, "--going-on")}

    over = ("incidents", "end", which, *ON_DEMO, "--reason", "it answers again", "--ended-at")
    code, _, said = prereview(*over, "2026-11-20T00:00:00Z")
    assert code == 1
    assert "between" in said
    assert prereview.told(*over, "2026-11-21T09:00:00Z")["ended_at"] == "2026-11-21T09:00:00Z"
    assert prereview.told("incidents", "show", which, *ON_DEMO)["open_cases"] == []
    assert "supplier sup-1" in prereview("incidents", "list", *ON_DEMO)[1]
    actors = site.rows("SELECT actor_name FROM audit WHERE action LIKE 'incident%%' AND subject LIKE %s", f"%{which}")
    assert "cli:ana" in {name for (name,) in actors}


def test_the_buyers_link_is_printed(prereview: Prereview, waiting: dict[str, Any]) -> None:
    code, printed, _ = prereview("cases", "link", waiting["number"])
    assert code == 0
    assert printed.startswith("https://refunds.example.com/public/demo/cases/")
    assert prereview("cases", "link", "R000000-AAAAAAAAAA")[0] == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("queues", "--platform", "nobody"), 1, "no platform"),
        (("anomalies", "--platform", "nobody"), 1, "no platform"),
        (("incidents", "list", "--platform", "nobody"), 1, "no platform"),
        (("ledger", *ON_DEMO, "--since", "2026-11-01", "--until", "2026-12-01T00:00:00Z"), 1, "--since"),
        (("incidents", "declare", *ON_DEMO, "--struck", "platform", "--reason", "x", "--began-at", "noon"), 1, "-at"),
        (("incidents", "declare", *ON_DEMO, "--struck", "seller", "--reason", "x", "--began-at", "noon"), 2, "seller"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(prereview: Prereview, words: tuple[str, ...], code: int, says: str) -> None:
    ended, printed, said = prereview(*words)
    assert not printed
    assert ended == code
    assert says in said
