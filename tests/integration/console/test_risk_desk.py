"""The risk owner's desk over HTTP and in a browser: who may do what, in two steps and by two people."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from api_service import CLOCK_START, Service
from browsing import Watched
from console_people import browser, sign_in, token_on
from risk_history import add_history, add_platform, history

from service.domain.actors import PREREVIEW_JOB
from service.domain.certificate import Certificate
from service.features import FEATURE_HASH
from service.scoring import Champion
from service.store import EmbeddedPostgres, Store
from service.store.tables import audit, cases

MODELS = Path(__file__).parents[3] / "models" / "risk"
PAGES = ("/risk", "/risk/thresholds", "/risk/incidents")
HOSTILE = '<script>window.__xss.push("risk")</script>"><img src=x onerror=alert(1)>'

Do = Callable[[Callable[[Store], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    bundle = Champion(MODELS, feature_hash=FEATURE_HASH).current()
    assert bundle is not None
    assert bundle.certificate is not None
    return bundle.certificate


@pytest.fixture(scope="module")
def do(service: Service, postgres: EmbeddedPostgres) -> Do:
    """Runs something on the service's own database, behind its back."""

    async def run(work: Callable[[Store], Awaitable[Any]]) -> Any:
        store = Store(postgres.url(service.database), str(service.evidence))
        await store.open()
        try:
            return await work(store)
        finally:
            await store.close()

    def in_thread(work: Callable[[Store], Awaitable[Any]]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, run(work)).result()

    return in_thread


@pytest.fixture(scope="module")
def platform(do: Do, certificate: Certificate) -> str:
    """One with 400 claims of the past."""
    name = f"risk-{uuid.uuid4().hex[:8]}"

    async def make(store: Store) -> None:
        await add_platform(store, name)
        await add_history(store, name, certificate, history(certificate, 400, CLOCK_START))

    do(make)
    return name


@pytest.fixture
def fresh(do: Do) -> str:
    """A platform nothing has happened on."""
    name = f"risk-{uuid.uuid4().hex[:8]}"
    do(lambda store: add_platform(store, name))
    return name


@pytest.fixture
def person(service: Service, new_person: Callable[..., str]) -> Iterator[Callable[..., httpx.Client]]:
    """``person("risk_owner", platform=…)``: somebody signed in."""
    opened = []

    def come(*roles: str, platform: str) -> httpx.Client:
        http = browser(service)
        opened.append(http)
        assert sign_in(http, new_person(*roles, platform=platform), platform=platform).status_code == 303
        return http

    yield come
    for http in opened:
        _TOKENS.pop(id(http), None)
        http.close()


_TOKENS: dict[int, str] = {}


def submit(http: httpx.Client, path: str, data: dict[str, str] | None = None) -> httpx.Response:
    """A form with the session's token, which is looked up once."""
    if id(http) not in _TOKENS:
        _TOKENS[id(http)] = token_on(http.get("/password"))
    return http.post(path, data={"csrf": _TOKENS[id(http)], **(data or {})})


def trail(do: Do, platform: str) -> list[str]:
    async def read(store: Store) -> list[str]:
        async with store.reading() as connection:
            actions = sa.select(audit.c.action).where(audit.c.platform_id == platform).order_by(audit.c.id)
            return [each for each in await connection.scalars(actions) if not each.startswith(("user.", "session."))]

    return list(do(read))


def mode(do: Do, platform: str) -> str:
    found = do(lambda store: store.platform(platform))
    return str(found.mode.value)


def proposal_on(page: httpx.Response) -> str:
    found = re.search(r'id="proposal-([0-9a-f-]{36})"', page.text)
    assert found is not None, page.text[:2000]
    return found[1]


def test_who_sees_the_desk_and_who_acts(person: Callable[..., httpx.Client], fresh: str) -> None:
    nothing = {"reason": "because", "confirm": "x"}
    acts = (
        "/risk/proposals", f"/risk/proposals/{uuid.uuid4()}/approve", f"/risk/proposals/{uuid.uuid4()}/decline",
        "/risk/thresholds", "/risk/incidents", f"/risk/incidents/{uuid.uuid4()}/confirm",
        f"/risk/incidents/{uuid.uuid4()}/dismiss", f"/risk/incidents/{uuid.uuid4()}/end",
    )  # fmt: skip
    for role, sees, may_act, may_stop in (
        ("risk_owner", True, True, True),
        ("administrator", True, False, True),
        ("auditor", True, False, False),
        ("senior", False, False, True),
        ("reviewer", False, False, False),
    ):
        http = person(role, platform=fresh)
        assert [http.get(path).status_code for path in PAGES[:2]] == [200 if sees else 403] * 2, role
        assert {submit(http, path, nothing).status_code == 403 for path in acts[: 1 if may_act else None]} == {
            not may_act
        }
        assert (submit(http, "/risk/stop", nothing).status_code == 403) is not may_stop, role
        if sees:
            shown = http.get("/risk").text
            assert ("/console/risk/stop" in shown) is may_stop, role


def test_nobody_gets_in_without_a_session_or_a_token(
    service: Service, person: Callable[..., httpx.Client], fresh: str
) -> None:
    with browser(service) as stranger:
        assert [stranger.get(path).status_code for path in PAGES] == [303] * 3
    http = person("risk_owner", platform=fresh)
    assert http.post("/risk/stop", data={"reason": "because", "confirm": fresh}).status_code == 403
    assert http.get("/risk").text.count("Stop automatic approval") == 1


def test_one_person_stops_in_two_steps_and_two_let_it_go_on(
    person: Callable[..., httpx.Client], do: Do, fresh: str
) -> None:
    one, other = person("risk_owner", platform=fresh), person("risk_owner", platform=fresh)
    assert "Stop now" in one.get("/risk/stop").text
    for wrong in (
        {"confirm": "demo", "reason": "forged"},
        {"confirm": fresh, "reason": "  "},
        {"confirm": fresh, "reason": "a\0b"},
    ):
        assert submit(one, "/risk/stop", wrong).status_code == 422
    assert mode(do, fresh) == "demo"
    assert (
        submit(one, "/risk/stop", {"confirm": fresh, "reason": "forged pages"})
        .headers["location"]
        .endswith("done=stopped")
    )
    assert mode(do, fresh) == "stopped"
    assert "forged pages" in one.get("/risk").text

    assert submit(one, "/risk/proposals", {"kind": "resume", "reason": "pages are refused now"}).status_code == 303
    page = other.get("/risk")
    proposal = proposal_on(page)
    own = submit(one, f"/risk/proposals/{proposal}/approve")
    assert (own.status_code, "takes another person" in own.text) == (409, True)
    assert mode(do, fresh) == "stopped"
    assert submit(other, f"/risk/proposals/{proposal}/approve").status_code == 303
    assert mode(do, fresh) == "demo"
    again = submit(other, f"/risk/proposals/{proposal}/approve")
    assert (again.status_code, "no longer applies" in again.text) == (409, True)
    assert [each for each in trail(do, fresh) if "mode" not in each][-4:] == [
        "platform.stopped", "risk.proposed", "risk.proposal_approved", "platform.resumed",
    ]  # fmt: skip

    do(lambda store: store.trip_breaker(fresh, "too much wrong", PREREVIEW_JOB, CLOCK_START))
    assert "No: act now" in one.get("/risk").text
    assert submit(one, "/risk/proposals", {"kind": "tighten", "reason": "x"}).status_code == 422
    assert (
        submit(one, "/risk/proposals", {"kind": "reset_breaker", "reason": "labels were mistaken"}).status_code == 303
    )
    assert submit(one, "/risk/proposals", {"kind": "reset_breaker", "reason": "twice"}).status_code == 409
    proposal = proposal_on(other.get("/risk"))
    assert submit(other, f"/risk/proposals/{proposal}/decline", {"reason": ""}).status_code == 422
    assert submit(other, f"/risk/proposals/{proposal}/decline", {"reason": "look again"}).status_code == 303
    assert "No: act now" in one.get("/risk").text
    submit(one, "/risk/proposals", {"kind": "reset_breaker", "reason": "looked again"})
    submit(other, f"/risk/proposals/{proposal_on(other.get('/risk'))}/approve")
    assert "No: act now" not in one.get("/risk").text


def test_anothers_platform_is_out_of_reach(
    person: Callable[..., httpx.Client], do: Do, fresh: str, platform: str
) -> None:
    one, foreign = person("risk_owner", platform=fresh), person("risk_owner", "reviewer", platform=platform)
    submit(one, "/risk/stop", {"confirm": fresh, "reason": "forged pages"})
    submit(one, "/risk/proposals", {"kind": "resume", "reason": "a reason of ours"})
    submit(
        one,
        "/risk/incidents",
        {"struck": "seller", "struck_id": "seller-88", "began_at": "2026-11-21T12:00", "reason": "ours"},
    )
    proposal = proposal_on(one.get("/risk"))
    incident = re.search(r'id="incident-([0-9a-f-]{36})"', one.get("/risk/incidents").text)
    assert incident is not None
    given = {"reason": "theirs", "message": "to you", "ended_at": "2026-11-21T13:00"}
    for path in (
        f"/risk/proposals/{proposal}/approve", f"/risk/proposals/{proposal}/decline",
        f"/risk/incidents/{incident[1]}/confirm", f"/risk/incidents/{incident[1]}/dismiss",
        f"/risk/incidents/{incident[1]}/end", f"/risk/incidents/{incident[1]}/approve-all",
        "/risk/proposals/no-id/approve",
    ):  # fmt: skip
        assert submit(foreign, path, given).status_code == 404, path
    assert "a reason of ours" not in foreign.get("/risk").text
    assert "seller-88" not in foreign.get("/risk/incidents").text
    assert mode(do, fresh) == "stopped"


def test_the_workbench_shows_the_past_and_refuses_to_loosen(
    person: Callable[..., httpx.Client], do: Do, platform: str, certificate: Certificate
) -> None:
    http = person("risk_owner", platform=platform)
    page = http.get("/risk/thresholds")
    assert "SIMULATED" in page.text
    assert "400</span>" in page.text
    assert "Clopper" in page.text
    lower = f"{certificate.threshold / 2:.6f}"
    assert (
        f"Propose to tighten to {lower.rstrip('0')}" in http.get(f"/risk/thresholds?threshold={lower}&minutes=5").text
    )
    assert "takes a new certificate, by certifying anew" in http.get("/risk/thresholds?threshold=0.12").text
    assert "No threshold keeps within" in http.get("/risk/thresholds?alpha=0.001").text
    for nonsense in (
        "threshold=nan",
        "threshold=-5",
        "threshold=1e999",
        "threshold=%00",
        "alpha=inf",
        "minutes=x",
        "alpha=-3",
    ):
        assert http.get(f"/risk/thresholds?{nonsense}").status_code == 200, nonsense
    for threshold in (f"{certificate.threshold}", "0.9", "1"):
        refused = submit(http, "/risk/thresholds", {"threshold": threshold, "reason": "more money through"})
        assert (refused.status_code, "takes a new certificate" in refused.text) == (422, True), threshold
    for given in (
        {"threshold": "x", "reason": "a"},
        {"threshold": "2", "reason": "a"},
        {"threshold": lower, "reason": ""},
    ):
        assert submit(http, "/risk/thresholds", given).status_code == 422, given
    assert do(lambda store: store.platform(platform)).threshold_limits == {}


def test_incidents_are_declared_by_one_and_confirmed_by_another(
    person: Callable[..., httpx.Client], do: Do, fresh: str
) -> None:
    one, other = (person("risk_owner", platform=fresh) for _ in range(2))
    good = {"struck": "seller", "struck_id": HOSTILE, "began_at": "2026-11-21T12:00", "reason": "their codes fail"}
    for name, wrong in (
        ("struck", "moon"),
        ("struck_id", ""),
        ("began_at", "soon"),
        ("began_at", "1999-01-01T00:00"),
        ("reason", ""),
    ):
        answer = submit(one, "/risk/incidents", {**good, name: wrong})
        assert answer.status_code == 422, (name, wrong)
        assert f'id="fault-{name}"' in answer.text
    assert submit(one, "/risk/incidents", {**good, "began_at": "2027-01-01T00:00"}).status_code == 422
    assert submit(one, "/risk/incidents", good).status_code == 303
    assert submit(other, "/risk/incidents", good).status_code == 409
    page = other.get("/risk/incidents").text
    assert "<script>window" not in page
    incident = re.search(r'id="incident-([0-9a-f-]{36})"', page)
    assert incident is not None
    where = f"/risk/incidents/{incident[1]}"
    own = submit(one, f"{where}/confirm", {"reason": "sure"})
    assert (own.status_code, "takes another person" in own.text) == (409, True)
    assert submit(other, f"{where}/confirm", {"reason": "their status page says so"}).status_code == 303
    assert submit(other, f"{where}/end", {"reason": "mended", "ended_at": "2026-11-21T09:00"}).status_code == 422
    assert submit(other, f"{where}/end", {"reason": "mended", "ended_at": "2026-11-21T13:00"}).status_code == 303
    assert submit(one, f"{where}/dismiss", {"reason": "none"}).status_code in (303, 409)
    assert [each for each in trail(do, fresh) if each.startswith("incident.")][:3] == [
        "incident.declared", "incident.confirmed", "incident.ended",
    ]  # fmt: skip


def test_an_incidents_cases_are_approved_together_and_can_be_taken_back(
    service: Service, person: Callable[..., httpx.Client], do: Do, fresh: str, certificate: Certificate
) -> None:
    async def waiting(store: Store) -> list[uuid.UUID]:
        return await add_history(store, fresh, certificate, history(certificate, 20, CLOCK_START))

    do(waiting)
    owner, reviewer = person("risk_owner", platform=fresh), person("risk_owner", "reviewer", platform=fresh)
    began = (CLOCK_START - timedelta(days=26)).strftime("%Y-%m-%dT%H:%M")
    submit(owner, "/risk/incidents", {"struck": "platform", "began_at": began, "reason": "wrong order data"})
    incident = re.search(r'id="incident-([0-9a-f-]{36})"', reviewer.get("/risk/incidents").text)
    assert incident is not None
    assert "Approve all" not in owner.get(f"/risk/incidents?approve={incident[1]}").text
    assert "Approve all" in reviewer.get(f"/risk/incidents?approve={incident[1]}").text
    where = f"/risk/incidents/{incident[1]}/approve-all"
    assert submit(owner, where, {"message": "Sorry.", "reason": "outage"}).status_code == 403
    assert submit(reviewer, where, {"message": "", "reason": "outage"}).status_code == 422
    done = submit(reviewer, where, {"message": "Sorry: our fault.", "reason": "outage"})
    assert done.status_code == 200
    assert re.search(r"\d+ approved, to be taken back for some seconds", done.text)

    async def states(store: Store) -> list[str]:
        async with store.reading() as connection:
            return list(await connection.scalars(sa.select(cases.c.state).where(cases.c.platform_id == fresh)))

    assert "approved" not in do(states)


@pytest.mark.browser
def test_the_slider_moves_one_proposes_and_a_second_agrees(
    signed_in: Callable[..., Watched], do: Do, platform: str, certificate: Certificate
) -> None:
    one = signed_in("risk_owner", platform=platform, language="en")
    one.page.goto("/console/risk/thresholds")
    assert one.page.locator('[data-key="m"]').count() == 1, "another room has taken the slider's key"
    one.page.keyboard.press("m")
    with one.page.expect_response(lambda answer: "threshold=" in answer.url):
        for _ in range(30):
            one.page.keyboard.press("ArrowLeft")
    one.page.wait_for_selector("text=Propose to tighten to")
    chosen = float(one.page.locator("#effect").inner_text().removeprefix("λ = "))
    assert 0 < chosen < certificate.threshold
    one.page.fill("#why", "two rings were found")
    one.page.get_by_role("button", name="Propose to a second person").click()
    one.page.wait_for_url("**/risk?done=proposed")
    assert "You proposed it" in one.page.locator("#proposals").inner_text()

    other = signed_in("risk_owner", platform=platform, theme="dark")
    other.page.goto("/console/risk")
    assert other.page.locator(".risk-simulated").is_visible()
    other.page.get_by_role("button", name="同意并生效").click()
    other.page.wait_for_url("**/risk?done=approved")
    assert f"{chosen:.6f}" in other.page.locator("#certificate").inner_text()
    assert do(lambda store: store.platform(platform)).threshold_limits == {certificate.id: chosen}
    for watched in (one, other):
        watched.quiet()
        watched.accessible()
        watched.fits()
        watched.light()
