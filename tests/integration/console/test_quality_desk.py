"""Blind pages nobody can tell from each other, golden cases from making to learning, and who sees which figures."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_service import CLOCK_START, FOUNDER, Service
from queue_platform import QueuePlatform, Seat

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Contribution, Reason, Risk, Text
from service.domain.cases import CaseState
from service.domain.identifiers import new_id
from service.domain.labels import Label, LabelSource
from service.domain.quality import QualitySettings
from service.store import EmbeddedPostgres, Store, golden, quality

REASON, FEATURE, NOTE = "QUITE-A-REASON", "A-TELLING-FEATURE", "The log shows the use <b>before</b> the claim."
RISK = Risk(
    probability=0.43217,
    log_odds=-0.273,
    base=-3.0,
    contributions=(Contribution(feature="x", value=7.0, log_odds=2.727, text=Text(zh=FEATURE, en=FEATURE)),),
    model="risk-of-the-test",
)
# What a page says of the score; none of it may be on a blind one.
TELLING = (
    REASON,
    FEATURE,
    "risk-of-the-test",
    "43.2",
    "43%",
    "0.43",
    "Risk / threshold",
    "Why this risk",
    "auto_approved",
)
_NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}|R\d{6}-\w+|R-[0-9a-f-]+|ORDER-\w+|BUYER-\w+")


@pytest.fixture
def platform(
    service: Service,
    postgres: EmbeddedPostgres,
    tmp_path: Path,
    accept_request: Any,
    decide_request: Any,
    make_claim: Any,
) -> QueuePlatform:
    def decide(case_id: uuid.UUID, **changes: Any) -> Any:
        request = decide_request(case_id, **changes)
        verdict = replace(
            request.assessment.verdict, reasons=(Reason(code="r", text=Text(zh=REASON, en=REASON)),), senior=True
        )
        assessment = replace(request.assessment, risk=RISK, threshold=0.05, certificate="c-1", verdict=verdict)
        return replace(request, assessment=assessment, fallback=assessment)

    url = postgres.url(service.database)
    return QueuePlatform(service, url, tmp_path).makes(accept_request, decide, make_claim)


@pytest.fixture
def seat(platform: QueuePlatform, new_person: Callable[..., str]) -> Iterator[Callable[..., Seat]]:
    opened: list[Seat] = []

    def sit(*roles: str) -> Seat:
        opened.append(Seat(platform, new_person(*(roles or ("reviewer",)), platform=platform.id)))
        return opened[-1]

    yield sit
    for each in opened:
        each.http.close()


def all_blind(platform: QueuePlatform) -> None:
    async def change(store: Store) -> None:
        async with store.transaction() as tx:
            everything = QualitySettings(blind_permille=1000, golden_permille=0)
            await quality.change_settings(tx, platform.id, everything, "a test", FOUNDER, CLOCK_START)

    platform.run(change)


def found_out(platform: QueuePlatform, case_id: str, loss_share: float) -> None:
    """The record told what became of a case that was paid."""

    async def tell(store: Store) -> None:
        label = Label(
            platform_id=platform.id, case_id=uuid.UUID(case_id), source=LabelSource.RECORD, reviewer=FOUNDER,
            loss_share=loss_share, recorded_at=CLOCK_START + timedelta(minutes=1), score_seen=False,
        )  # fmt: skip
        await store.learning.add_label(label)

    platform.run(tell)
    platform.sql("UPDATE cases SET state = %s WHERE id = %s", CaseState.PAID.value, case_id)


def sampled(platform: QueuePlatform, case_id: str) -> None:
    """As if the audit had drawn a case that was approved first."""
    platform.sql(
        "UPDATE assessments SET audit_drawn = true, document = document || '{\"audited_later\": true}' "
        "|| jsonb_build_object('verdict', document -> 'verdict' || '{\"approval_class\": \"risk\"}') "
        "WHERE case_id = %s",
        case_id,
    )
    platform.sql("UPDATE cases SET state = %s, version = 5 WHERE id = %s", CaseState.PAID.value, case_id)


def place(platform: QueuePlatform, number: str, login: str) -> str:
    """Put the golden case made of this number before somebody; its id there."""
    placed, who = new_id(), Actor(ActorKind.PERSON, f"user:{login}")

    async def put(store: Store) -> None:
        async with store.transaction() as tx:
            (known,) = [each for each in await golden.listed(tx, platform.id) if each.number == number]
            await golden.place(
                tx, platform.id, who, known.id, new_id(), placed, f"R261121-{placed.hex[:10].upper()}", CLOCK_START
            )

    platform.run(put)
    return str(placed)


def number_of(platform: QueuePlatform, case_id: str) -> str:
    ((number,),) = platform.sql("SELECT number FROM cases WHERE id = %s", case_id)
    return str(number)


def plain(page: httpx.Response) -> str:
    """A page without what differs from case to case: ids, numbers, and how late or early something is."""
    text = _NAMES.sub("N", page.text)
    text = re.sub(r'<dd class="(?:bad|warn|)">', "<dd>", re.sub(r"\s+", " ", text))
    text = re.sub(r"(\d+ (?:d|h|min|s|days)\s?)+(late|ago)?", "T", text)
    return re.sub(r"\d+", "0", text)


def test_blind_pages_are_alike_and_say_nothing_of_the_score(platform: QueuePlatform, seat: Callable[..., Seat]) -> None:
    lead, bo, audra = seat("senior", "risk_owner"), seat(), seat("auditor")
    source = platform.case("ORDER-s")
    found_out(platform, source, 1.0)
    answer = lead.post("/quality/golden", number=number_of(platform, source), note=NOTE)
    assert answer.status_code == 303, answer.text
    copy = place(platform, number_of(platform, source), bo.login)
    all_blind(platform)
    ordinary, later = platform.case("ORDER-a"), platform.case("ORDER-b")
    sampled(platform, later)

    pages = {name: bo.get(f"/cases/{case}") for name, case in
             (("ordinary", ordinary), ("golden", copy), ("audited", later))}  # fmt: skip
    for name, page in pages.items():
        assert page.status_code == 200, name
        assert "Judge first" in page.text, name
        assert [word for word in TELLING if word in page.text or word in str(page.headers)] == [], name
        assert "audit" not in page.text.lower().replace("/console/audit", ""), name
    assert plain(pages["golden"]) == plain(pages["ordinary"])
    assert plain(pages["audited"]) == plain(pages["ordinary"])
    versions = {name: set(re.findall(r'(?:data-version|name="version" value)="(\d+)"', page.text)) for name, page in
                pages.items()}  # fmt: skip
    assert list(versions.values()) == [{"2"}] * 3
    headers = [sorted(set(page.headers) - {"date", "content-length"}) for page in pages.values()]
    assert headers[0] == headers[1] == headers[2]
    # The same case says it all to who judges nothing.
    assert REASON in audra.get(f"/cases/{ordinary}").text

    queue = bo.get("/queues").text
    for case in (ordinary, copy, later):
        assert f"/cases/{case}" in queue
        assert f'name="case" value="{case}:2"' in queue
    assert f"/cases/{source}" not in queue
    counts = [int(count) for count in re.findall(r"<strong>(\d+)</strong>", bo.get("/queues/lanes").text)]
    assert (sum(counts), len(counts)) == (3, 5)
    found = bo.get("/queues/search", q="ORDER-s").text
    assert copy in found
    assert source not in found
    assert "Paid" not in bo.get("/queues/search", q=number_of(platform, later)).text
    for case in (ordinary, copy, later):
        refused = bo.post(f"/locks/{case}", act="hold", **{"reason": "later", "for": "1h"})
        assert refused.status_code == 409, case
        assert "Judge this case first" in refused.text
    # A stream that was told of a version that never was says of every real case that it has another.
    assert first_of_stream(bo, f"/live?case={ordinary}&seen=-.-.1.-") is None
    assert first_of_stream(audra, f"/live?case={ordinary}&seen=-.-.1.-") == "case"
    # Nor does the trail, to who reads that as well.
    both = seat("reviewer", "auditor")
    shown = both.get("/audit", case=number_of(platform, ordinary))
    assert (shown.status_code, "Judge this case by yourself first" in shown.text) == (422, True)
    placed = {"by": both.login, "number": number_of(platform, source)}
    shown = both.get("/audit", case=place(platform, placed["number"], placed["by"]))
    assert (shown.status_code, "Judge this case by yourself first" in shown.text) == (422, True)
    seen = both.get("/audit").text
    assert "held back until you have judged the case" in seen
    assert REASON not in seen + both.get("/audit/file?form=csv&since=2026-11-01&until=2026-12-01").text
    assert "manual_review" in audra.get("/audit").text
    assert "manual_review" not in seen
    # Nor does the list of golden cases tell somebody who may meet them.
    mei = seat("senior")
    assert source not in mei.get("/quality/golden").text
    assert "1 more in use are not shown to you" in mei.get("/quality/golden").text
    assert source in audra.get("/quality/golden").text


def first_of_stream(seat: Seat, path: str) -> str | None:
    """The kind of what a live stream tells first, within its first looks."""
    with seat.http.stream("GET", path, timeout=1.5) as answer, contextlib.suppress(httpx.ReadTimeout):
        assert answer.status_code == 200
        return next(line.removeprefix("event: ") for line in answer.iter_lines() if line.startswith("event: "))
    return None


def test_what_has_to_be_judged_by_itself_is_in_no_incidents_bulk(
    platform: QueuePlatform, seat: Callable[..., Seat]
) -> None:
    owner, bo, cleo = seat("risk_owner"), seat(), seat()
    case, other = platform.case(), platform.case()
    owner.post("/risk/incidents", struck="platform", began_at=f"{CLOCK_START:%Y-%m-%dT%H:%M}", reason="all is out")
    (incident,) = re.findall(r'id="incident-([0-9a-f-]{36})"', owner.get("/risk/incidents").text)
    platform.sql("UPDATE cases SET incident_id = %s WHERE platform_id = %s", incident, platform.id)
    approve_all = {"message": "Sorry.", "reason": "outage"}
    assert cleo.post(f"/locks/{other}", act="take").status_code == 303
    all_blind(platform)
    refused = bo.post(f"/risk/incidents/{incident}/approve-all", **approve_all).text
    assert refused.count("has to be opened and judged by itself") == 1
    assert f"{cleo.login} is at work on it" in refused
    assert platform.sql("SELECT case_id FROM held_decisions WHERE platform_id = %s", platform.id) == []
    assert case in refused


def test_a_golden_case_from_making_to_learning_pays_nothing(platform: QueuePlatform, seat: Callable[..., Seat]) -> None:
    lead, bo, cleo = seat("senior", "risk_owner"), seat(), seat()
    source, unproven = platform.case(), platform.case()
    found_out(platform, source, 1.0)
    platform.sql("UPDATE cases SET state = 'paid' WHERE id = %s", unproven)
    number = number_of(platform, source)
    for given, why in (
        ({"number": "R000000-NONE", "note": NOTE}, "no case of this number"),
        ({"number": number_of(platform, unproven), "note": NOTE}, "Nothing proves"),
        ({"number": number, "note": "  "}, "what there is to learn"),
    ):
        refused = lead.post("/quality/golden", **given)
        assert (refused.status_code, why in refused.text) == (422, True), refused.text
    assert lead.post("/quality/golden", number=number, note=NOTE).status_code == 303
    copy = place(platform, number, bo.login)
    tables = ("grants", "outgoing_events", "history_events", "labels", "judgements", "case_steps", "held_decisions")
    before = {table: platform.sql(f"SELECT count(*) FROM {table}") for table in tables}

    assert bo.next() == copy
    page = bo.get(f"/cases/{copy}").text
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "once")}  # type: ignore[index]
    form = {**fields, "act": "approve", "message": "Approved.", "reason": "looks right"}
    assert cleo.post(f"/cases/{copy}", **form).status_code == 404
    for _ in range(2):  # sent twice, it is judged once
        judged = bo.post(f"/cases/{copy}", **form)
        assert judged.status_code == 303, judged.text
        assert judged.headers["location"].endswith(f"/quality/learned?case={copy}")
    learned = bo.get(f"/quality/learned?case={copy}").text
    assert "otherwise" in learned
    assert "The log shows the use &lt;b&gt;before&lt;/b&gt; the claim." in learned
    assert cleo.get(f"/quality/learned?case={copy}").status_code == 404
    assert {table: platform.sql(f"SELECT count(*) FROM {table}") for table in tables} == before
    assert copy not in bo.get("/queues").text
    assert f"case={copy}" in bo.get("/quality").text
    assert "1 / 0" in lead.get("/quality/golden").text


def test_figures_are_ones_own_and_the_teams_for_who_helps_it(
    platform: QueuePlatform, seat: Callable[..., Seat]
) -> None:
    bo, mei, owner, audra = seat(), seat("senior"), seat("risk_owner"), seat("auditor")
    assert "The team, by name" not in bo.get("/quality").text
    for who in (mei, owner, audra):
        assert "The team, by name" in who.get("/quality").text
    shares = {"blind": "12.5", "golden": "3", "reason": "busy weeks"}
    for who in (bo, mei, audra):
        assert who.post("/quality/settings", **shares).status_code == 403
    assert bo.get("/quality/golden").status_code == 403
    assert audra.post("/quality/golden", number="x", note="y").status_code == 403
    for wrong in ("101", "-1", "1e1", "12.55", "", "½"):
        refused = owner.post("/quality/settings", **{**shares, "blind": wrong})
        assert (refused.status_code, "Write a number from 0 to 100" in refused.text) == (422, True), wrong
    assert owner.post("/quality/settings", **shares).status_code == 303
    assert "12.5%" in mei.get("/quality/golden").text
    ((entry,),) = platform.sql(
        "SELECT reason FROM audit WHERE platform_id = %s AND action = 'quality.settings_changed' AND actor_name = %s",
        platform.id,
        f"user:{owner.login}",
    )
    assert entry == "busy weeks"
