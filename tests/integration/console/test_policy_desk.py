"""The policy desk over HTTP: reading, a draft with mistakes, trying it, proposing, and a second person's signature."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from api_service import CLOCK_START, Service, platform_policy
from console_people import add_person, browser, sign_in, submit
from own_platform import own_platforms

from service.store import EmbeddedPostgres

HOME, ELSEWHERE = "policy-desk", "policy-elsewhere"
FEE = "buyer_at_fault_permille: 10"
NASTY = '"><script>alert(1)</script>{{7*7}}\u202e'


@pytest.fixture(scope="module")
def database(service: Service, postgres: EmbeddedPostgres) -> str:
    url = postgres.url(service.database)
    own_platforms(url, str(service.evidence), HOME, ELSEWHERE)
    return url


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, ...], httpx.Client]:
    return {}


@pytest.fixture
def seat(service: Service, database: str, known: dict[tuple[str, ...], httpx.Client]) -> Callable[..., httpx.Client]:
    """``seat(*roles)``: somebody new, signed in, with ``login`` among the client's headers; ``met``: one who
    was here before, if there is one (signing in costs half a second)."""

    def sit(*roles: str, platform: str = HOME, language: str = "en", met: bool = False) -> httpx.Client:
        who = (*roles, platform, language)
        if met and who in known:
            return known[who]
        made = known[who] = arrive(*roles, platform=platform, language=language)
        return made

    def arrive(*roles: str, platform: str, language: str) -> httpx.Client:
        login = add_person(database, *roles, platform=platform)
        http = browser(service, **{"Accept-Language": language, "X-Test-Login": login})
        assert sign_in(http, login, platform=platform).status_code == 303
        return http

    return sit


def in_force(platform: str = HOME) -> str:
    return platform_policy(platform, CLOCK_START).text


def draft_with(http: httpx.Client, text: str, **fields: str) -> httpx.Response:
    page = http.get("/policy/edit").text
    revision = re.search(r'id="pd-revision" name="revision" value="(\d+)"', page)
    assert revision is not None
    return submit(http, "/policy/edit", {"text": text, "revision": revision[1], "began_from": "1", **fields})


def sha_on(page: str) -> str:
    found = re.search(r'name="text_sha256" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]


def line_of_fee(text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith("fee:"))


def text_of(http: httpx.Client) -> str:
    """What the editor holds."""
    page = http.get("/policy/edit").text
    found = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def propose(http: httpx.Client, text: str, **fields: str) -> str:
    """The new version's name."""
    assert draft_with(http, text, then="compare").headers["Location"] == "/console/policy/draft"
    sent = {"text_sha256": sha_on(http.get("/policy/draft").text), "note": "why", **fields}
    answer = submit(http, "/policy/draft/propose", sent)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/console/policy/versions/(\d+)\?done=proposed", answer.headers["Location"])
    assert found is not None
    return found[1]


def test_a_policy_goes_from_a_mistake_to_a_second_signature(seat: Callable[..., httpx.Client], database: str) -> None:
    ana, ben = seat("risk_owner", platform=ELSEWHERE), seat("risk_owner", platform=ELSEWHERE)
    words = ana.get("/policy").text
    assert "N8" in words
    assert "卡密已查看且无法作废" in words
    assert "The card secret was viewed" in words

    broken = in_force(ELSEWHERE).replace(FEE, "buyer_at_fault_permille: 5%")
    refused = draft_with(ana, broken, then="compare")
    assert refused.status_code == 422
    assert f"Line {line_of_fee(broken)}<" in refused.text
    assert "5 for 0.5 %" in refused.text
    assert text_of(ana) == broken  # what was typed is kept, mistakes and all
    assert "Not ready to be proposed" in ana.get("/policy/draft").text

    wanted = in_force(ELSEWHERE).replace(FEE, "buyer_at_fault_permille: 20")
    assert draft_with(ana, wanted, then="compare").status_code == 303
    draft = ana.get("/policy/draft").text
    assert "<del>1%</del>" in draft
    assert "<ins>2%</ins>" in draft
    assert "the certificate is void" in draft
    version = propose(ana, wanted)
    assert ana.get("/policy/draft").headers["Location"] == "/console/policy/edit"  # the draft is over

    page = ana.get(f"/policy/versions/{version}").text
    assert "another risk owner signs it" in page
    own = {"text_sha256": ben_sha(ben, version), "read": "yes"}
    assert submit(ana, f"/policy/versions/{version}/sign", own).status_code == 409
    unread = submit(ben, f"/policy/versions/{version}/sign", {**own, "read": ""})
    assert unread.status_code == 422
    other_text = submit(ben, f"/policy/versions/{version}/sign", {**own, "text_sha256": "0" * 64})
    assert other_text.status_code == 409
    signed = submit(ben, f"/policy/versions/{version}/sign", own)
    assert signed.headers["Location"] == f"/console/policy/versions/{version}?done=signed"
    again = submit(ben, f"/policy/versions/{version}/sign", own)
    assert again.status_code == 409
    assert "Somebody was before you" in again.text
    listed = ben.get("/policy/versions").text
    assert ana.headers["X-Test-Login"] in listed
    assert ben.headers["X-Test-Login"] in listed
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT action, actor_name FROM audit WHERE subject = %s AND platform_id = %s ORDER BY id",
            (f"policy:{version}", ELSEWHERE),
        ).fetchall()
    first, second = (f"user:{seat.headers['X-Test-Login']}" for seat in (ana, ben))
    assert rows == [("policy.drafted", first), ("policy.proposed", first), ("policy.signed_off", second)]


def ben_sha(http: httpx.Client, version: str) -> str:
    return sha_on(http.get(f"/policy/versions/{version}").text)


def test_a_time_is_scheduled_and_taken_back(seat: Callable[..., httpx.Client]) -> None:
    ben, ana = seat("risk_owner", met=True), seat("risk_owner")
    text = in_force().replace(FEE, "buyer_at_fault_permille: 11")
    draft_with(ana, text)
    sha = sha_on(ana.get("/policy/draft").text)
    for bad, said in (("tomorrow", "Write the time as"), ("2020-01-01T00:00", "is past")):
        refused = submit(ana, "/policy/draft/propose", {"text_sha256": sha, "note": "kept note", "wanted_at": bad})
        assert refused.status_code == 422
        assert said in refused.text
        assert "kept note" in refused.text
        assert bad in refused.text
    version = propose(ana, text, wanted_at="2031-01-02T09:00")
    assert "2031-01-02 09:00" in ben.get(f"/policy/versions/{version}").text
    submit(ben, f"/policy/versions/{version}/sign", {"text_sha256": ben_sha(ben, version), "read": "yes"})
    assert "not in force yet" in ben.get(f"/policy/versions/{version}").text
    assert submit(ben, f"/policy/versions/{version}/withdraw", {"why": " "}).status_code == 422
    back = submit(ana, f"/policy/versions/{version}/withdraw", {"why": "second thoughts"})
    assert back.headers["Location"].endswith("done=withdrawn")
    assert "second thoughts" in ben.get("/policy/versions").text


def test_two_windows_lose_nothing_of_each_other(seat: Callable[..., httpx.Client]) -> None:
    http = seat("data_scientist")
    assert draft_with(http, in_force() + "# one\n").status_code == 200
    late = submit(http, "/policy/edit", {"text": in_force() + "# two\n", "revision": "0"})
    assert late.status_code == 409
    assert "# one" in late.text
    assert "# two" in late.text
    assert "nothing is lost" in late.text
    assert text_of(http).endswith("# one\n")
    assert draft_with(http, in_force() + "# two\n").status_code == 200
    assert text_of(http).endswith("# two\n")
    assert submit(http, "/policy/edit/begin", {"version": "1"}).status_code == 409
    assert submit(http, "/policy/edit/begin", {"version": "1", "replace": "yes"}).status_code == 303
    assert text_of(http) == in_force()
    assert submit(http, "/policy/edit/discard").status_code == 303


def test_a_draft_is_checked_while_it_is_typed_and_is_ones_own(seat: Callable[..., httpx.Client]) -> None:
    http, other = seat("risk_owner", language="zh-CN"), seat("risk_owner", met=True)
    typed = {"text": in_force().replace(FEE, "fee"), "revision": "0", "began_from": "1"}
    part = submit(http, "/policy/edit/check", typed)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'hx-swap-oob="true"' in part.text
    assert f"第 {line_of_fee(in_force())} 行" in part.text
    assert text_of(http) == typed["text"]
    assert text_of(other) == in_force()
    ended = browser_without_session(http)
    answer = ended.post("/policy/edit", data=typed)
    assert answer.headers["Location"] == "/console/sign-in?back=%2Fpolicy%2Fedit"


def browser_without_session(http: httpx.Client) -> httpx.Client:
    sent = {name: http.headers[name] for name in ("Origin", "Sec-Fetch-Site")}
    return httpx.Client(base_url=http.base_url, headers=sent, trust_env=False, timeout=30)


def test_wording_from_a_policy_is_text_and_never_markup(seat: Callable[..., httpx.Client]) -> None:
    http = seat("risk_owner")
    wording = NASTY.replace('"', "'")
    text = in_force().replace("zh: 商品已激活或已消耗", f'zh: "{wording}"')
    assert draft_with(http, text, then="compare").status_code == 303
    note = NASTY.replace("\u202e", "")
    version = propose(http, text, note=note)
    draft_with(http, text + "# more\n")
    for path in ("/policy/versions", f"/policy/versions/{version}", "/policy/draft", "/policy/backtests"):
        page = http.get(path)
        assert "<script>alert" not in page.text, path
        assert "49" not in re.findall(r"'&gt;[^<]*", page.text), path
        assert "\u202e" not in page.text, path
    shown = html.unescape(http.get(f"/policy/versions/{version}").text)
    assert wording.replace("\u202e", "\ufffd") in shown
    assert submit(http, f"/policy/versions/{version}/withdraw", {"why": NASTY}).status_code == 422
    submit(http, f"/policy/versions/{version}/withdraw", {"why": note})
    assert "<script>alert" not in http.get("/policy/versions").text


def test_long_and_odd_texts_are_kept_and_refused_in_words(seat: Callable[..., httpx.Client]) -> None:
    http = seat("risk_owner")
    odd = "format: 1\nversion: \0\n\tplatform: x\n"
    assert draft_with(http, odd).status_code == 422
    assert text_of(http) == odd.replace("\0", "\ufffd")
    long = "# " + "规" * 210_000
    refused = draft_with(http, long)
    assert refused.status_code == 422
    assert "characters" in refused.text
    assert draft_with(http, "x" * 400_001).status_code == 413
    assert submit(http, "/policy/edit", {"text": "x" * 5_000_000}).status_code == 413
    assert text_of(http) == long


def finished(http: httpx.Client, where: str) -> None:
    end = time.monotonic() + 30
    while "running" in http.get(where).text.partition("</h1>")[0]:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_case_and_a_months_cases_are_judged_again(
    seat: Callable[..., httpx.Client], service: Service, claim: Callable[..., dict[str, Any]]
) -> None:
    answers = [service.submit(claim()).json() for _ in range(3)]
    number = answers[0]["number"]
    http, auditor = (seat(role, platform="demo") for role in ("risk_owner", "auditor"))
    foreign = seat("risk_owner", platform=ELSEWHERE, met=True)
    text = in_force("demo").replace("opted_in: true", "opted_in: false")
    assert submit(http, "/policy/backtests", {"of": "draft", "days": "7"}).status_code == 404  # no draft yet
    assert draft_with(http, text, then="compare").status_code == 303
    tried = http.get("/policy/try", params={"of": "draft", "case": number})
    assert tried.status_code == 200
    assert number in tried.text
    assert http.get("/policy/try", params={"of": "1", "case": number}).status_code == 200
    assert http.get("/policy/try", params={"of": "draft", "case": "R-none"}).status_code == 404
    draft_with(foreign, in_force(ELSEWHERE) + "# mine\n")
    assert foreign.get("/policy/try", params={"of": "draft", "case": number}).status_code == 404
    assert auditor.get("/policy/try", params={"of": "1", "case": number}).status_code == 403

    begun = submit(http, "/policy/backtests", {"of": "draft", "days": "7"})
    assert begun.status_code == 303, begun.text
    where = begun.headers["Location"].removeprefix("/console")
    assert foreign.get(where).status_code == 404
    assert submit(foreign, f"{where}/stop").status_code == 404
    finished(http, where)
    page = auditor.get(where).text
    assert "What comes of it" in page
    assert "<svg" in page
    assert submit(auditor, "/policy/backtests", {"of": "1", "days": "7"}).status_code == 403
    assert submit(http, "/policy/backtests", {"of": "draft", "days": "5000"}).status_code == 422
    assert submit(http, f"{where}/stop").status_code == 303  # it has ended: nothing happens
    assert "What comes of it" in http.get(where).text


def test_who_judges_cases_is_told_nothing_of_them_before(
    service: Service, seat: Callable[..., httpx.Client], claim: Callable[..., dict[str, Any]]
) -> None:
    made = submit(seat("administrator"), "/keys", {"name": "shop", "scope": "claims"}).text
    token = re.search(r'id="secret">([^<]+)<', made)
    assert token is not None
    own = replace(service, keys={HOME: token[1]})
    case = own.submit(claim(reason="unauthorised"), key=HOME).json()
    owner, both = seat("risk_owner", met=True), seat("risk_owner", "reviewer")
    assert submit(owner, "/quality/settings", {"blind": "100", "golden": "0", "reason": "a test"}).status_code == 303
    tried = {"of": "1", "case": case["number"]}
    assert both.get("/policy/try", params=tried).status_code == 403
    assert owner.get("/policy/try", params=tried).status_code == 200
    unused = {"state": "delivered", "use": "never_viewed", "voidable": True}
    approved = own.submit(claim(reason="unused_change_of_mind", fulfilment=unused), key=HOME).json()["number"]
    draft_with(owner, in_force().replace("opted_in: true", "opted_in: false"))
    begun = submit(owner, "/policy/backtests", {"of": "draft", "days": "7"})
    where = begun.headers["Location"].removeprefix("/console")
    finished(owner, where)
    assert approved in owner.get(where).text
    page = both.get(where).text
    assert "You judge cases as well" in page
    assert approved not in page


def test_who_does_what_at_the_desk(seat: Callable[..., httpx.Client]) -> None:
    scientist, auditor, senior, administrator = (
        seat("data_scientist", met=True), seat("auditor", met=True), seat("senior"), seat("administrator", "reviewer"),
    )  # fmt: skip
    version = propose(scientist, in_force().replace(FEE, "buyer_at_fault_permille: 12"))
    owner = seat("risk_owner", met=True)
    sign = {"text_sha256": ben_sha(owner, version), "read": "yes"}
    for http in (scientist, auditor, senior, administrator):
        assert submit(http, f"/policy/versions/{version}/sign", sign).status_code == 403
        assert submit(http, f"/policy/versions/{version}/reject", {"why": "no"}).status_code == 403
    assert administrator.get("/policy").status_code == 403
    for http in (auditor, senior):
        page = http.get(f"/policy/versions/{version}").text
        assert "/sign" not in page.replace("/sign-", "")
        assert 'href="/console/policy/edit"' not in page
        assert http.get("/policy/edit").status_code == 403
    reject = submit(owner, f"/policy/versions/{version}/reject", {"why": "too dear"})
    assert reject.headers["Location"].endswith("done=rejected")
    assert seat("risk_owner", platform=ELSEWHERE, met=True).get(f"/policy/versions/{version}0").status_code == 404


def test_a_moment_is_the_platforms_own(seat: Callable[..., httpx.Client]) -> None:
    """09:00 typed in Shanghai is 01:00 in Greenwich."""
    http = seat("risk_owner", met=True)
    at = (CLOCK_START + timedelta(days=900)).strftime("%Y-%m-%dT09:00")
    version = propose(http, in_force().replace(FEE, "buyer_at_fault_permille: 13"), wanted_at=at)
    page = http.get(f"/policy/versions/{version}").text
    shown = re.search(r'datetime="([^"]+)">' + at.replace("T", " "), page)
    assert shown is not None
    assert datetime.fromisoformat(shown[1]).utcoffset() == timedelta(hours=8)
    submit(http, f"/policy/versions/{version}/withdraw", {"why": "a test"})
