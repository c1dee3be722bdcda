"""The console's doors at the running service: who gets in where, what a foreign page achieves, and what is kept."""

from __future__ import annotations

import html
import re

import httpx
import psycopg
import pytest
from api_service import Service
from console_people import PASSWORD, add_person, browser, sign_in, submit, token_on
from starlette.routing import Route

from service.console import ROOMS
from service.store import EmbeddedPostgres


@pytest.fixture
def database(service: Service, postgres: EmbeddedPostgres) -> str:
    return postgres.url(service.database)


@pytest.fixture
def administrator(database: str) -> str:
    return add_person(database, "administrator")


def every_page() -> list[tuple[str, Route]]:
    return [(method, route) for room in ROOMS for route in room.routes for method in (route.methods or set())]


def test_nobody_gets_in_without_signing_in(service: Service) -> None:
    pages = [(method, route.path.replace("{", "").replace("}", "")) for method, route in every_page()]
    with browser(service) as http:
        for method, path in [*pages, ("GET", "/"), ("GET", "/password"), ("POST", "/password"), ("POST", "/sign-out")]:
            answer = http.request(method, path)
            assert answer.status_code == 303, path
            assert answer.headers["Location"].startswith("/console/sign-in?back="), path
        http.cookies.set("prereview-session", "x" * 43)
        assert http.get("/").status_code == 303


def test_a_room_opens_to_its_roles_alone(service: Service, database: str) -> None:
    for role in ("reviewer", "senior", "auditor", "risk_owner", "data_scientist", "administrator"):
        login = add_person(database, role)
        with browser(service) as http:
            assert sign_in(http, login).status_code == 303
            home = http.get("/").text
            for room in (each for each in ROOMS if each.roles):
                allowed = role in room.roles or (role == "senior" and "reviewer" in room.roles)
                assert http.get(room.path).status_code == (200 if allowed else 403)
                assert (f'href="/console{room.path}"' in home) == allowed


def test_a_foreign_page_can_change_nothing(service: Service, administrator: str) -> None:
    with browser(service) as http:
        sign_in(http, administrator)
        token = token_on(http.get("/users"))
        wanted = {"csrf": token, "login": "intruder", "role": "administrator"}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert http.post("/users", data=wanted, headers=headers).status_code == 403
        assert http.post("/users", data={**wanted, "csrf": ""}).status_code == 403
        other = browser(service)
        sign_in(other, administrator)
        assert other.post("/users", data=wanted).status_code == 403  # the token of another session
        assert "intruder" not in http.get("/users").text
        naked = httpx.post(
            f"{service.url}/console/users", data=wanted, cookies=dict(http.cookies), trust_env=False, timeout=30
        )
        assert naked.status_code == 403
        foreign = sign_in(browser(service, **{"Sec-Fetch-Site": "cross-site"}), administrator)
        assert foreign.status_code == 403
        assert "set-cookie" not in foreign.headers


def test_cookies_and_headers_keep_a_session_to_itself(service: Service, administrator: str) -> None:
    with browser(service) as http:
        answer = sign_in(http, administrator)
        cookies = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
        secret = [cookie for cookie in cookies if "prereview-" in cookie]
        assert len(secret) == 2
        assert all("HttpOnly" in each and "SameSite=lax" in each and "Domain" not in each for each in secret)
        page = http.get("/users")
        policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy.pop("report-uri") == "/console/csp-reports"
        assert "report-to" not in policy
        assert set(policy.values()) <= {"'none'", "'self'"}
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert "<script>" not in page.text
        assert " style=" not in page.text
        assert " onclick=" not in page.text
    with browser(service, **{"X-Forwarded-Proto": "https"}) as http:
        secure = [value for name, value in sign_in(http, administrator).headers.multi_items() if name == "set-cookie"]
        for cookie in (each for each in secure if "prereview-" in each):
            assert cookie.startswith("__Host-")
            assert "Secure" in cookie
            assert "Path=/;" in cookie
        page = http.get("/sign-in")
        assert page.headers["Content-Security-Policy"].endswith("; report-to console")
        assert page.headers["Reporting-Endpoints"] == 'console="/console/csp-reports"'


def test_files_are_found_by_their_digest_and_kept(service: Service) -> None:
    with browser(service) as http:
        page = http.get("/sign-in").text
        names = re.findall(r'"/console(/static/[^"]+)"', page)
        assert {name.rpartition(".")[2] for name in names} == {"css", "js", "svg"}
        for name in names:
            answer = http.get(name)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
        assert http.get("/static/console.css").status_code == 404
        assert http.get("/static/..%2f__init__.py").status_code == 404


def test_what_is_typed_is_shown_as_text(service: Service, administrator: str) -> None:
    nasty = '"><script>alert(1)</script>{{7*7}}'
    with browser(service) as http:
        answer = sign_in(http, nasty, platform=nasty)
        assert answer.status_code == 401
        assert "<script>alert" not in answer.text
        assert nasty in html.unescape(answer.text)
        asked = http.get("/sign-in", params={"platform": nasty, "back": "//evil.example"})
        assert "<script>alert" not in asked.text
        assert "evil.example" not in asked.text.replace("%2F%2Fevil.example", "")
        sign_in(http, administrator)
        refused = submit(http, "/users", {"login": nasty, "role": "reviewer"})
        assert refused.status_code == 422
        assert "<script>alert" not in refused.text


def test_an_administrator_adds_somebody_who_then_chooses_a_password(
    service: Service, database: str, administrator: str
) -> None:
    new = f"{administrator}x"
    with browser(service) as http, browser(service) as theirs:
        sign_in(http, administrator)
        added = submit(http, "/users", {"login": new.upper(), "role": ["reviewer", "auditor"]})
        assert added.status_code == 200
        made = added.text.partition('<code id="made">')[2].partition("<")[0]
        assert len(made) == 23
        assert made not in http.get("/users").text
        assert sign_in(theirs, new, made).status_code == 303
        assert theirs.get("/users").headers["Location"] == "/console/password"
        assert submit(theirs, "/password", {"old": made, "new": "a b", "again": "a b"}).status_code == 422
        wanted = {"old": made, "new": "my own long password", "again": "my own long password"}
        assert submit(theirs, "/password", wanted).headers["Location"] == "/console/"
        assert theirs.get("/").status_code == 200
        assert submit(http, f"/users/{new}/disable").status_code == 303
        assert theirs.get("/").headers["Location"].startswith("/console/sign-in")
        assert sign_in(theirs, new, "my own long password").status_code == 401
        own = submit(http, f"/users/{administrator}/roles", {"role": "senior"})
        assert own.status_code == 409
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT action, actor_name FROM audit WHERE subject = %s AND platform_id = 'demo' ORDER BY id",
            (f"user:{new}",),
        ).fetchall()
    assert rows == [
        ("user.added", f"user:{administrator}"),
        ("user.signed_in", f"user:{new}"),
        ("user.password_set", f"user:{new}"),
        ("user.signed_in", f"user:{new}"),
        ("user.disabled", f"user:{administrator}"),
        ("user.sign_in_failed", "sign-in"),
    ]


def test_one_platform_never_meets_anothers_people(service: Service, database: str, administrator: str) -> None:
    other = add_person(database, "administrator", platform="north")
    with browser(service) as http:
        assert sign_in(http, other).status_code == 401
        assert sign_in(http, other, platform="north").status_code == 303
        assert administrator not in http.get("/users").text
        assert submit(http, f"/users/{administrator}/disable").status_code == 404
    with browser(service) as http:
        assert sign_in(http, administrator, PASSWORD).status_code == 303


def test_failures_end_in_a_wait_that_is_told(service: Service, administrator: str) -> None:
    with browser(service, **{"X-Forwarded-For": "192.0.2.77"}) as http:
        answers = [sign_in(http, administrator, "wrong") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 6 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 2
    assert "Try again in" in answers[-1].text


def test_errors_are_pages_in_the_readers_language(service: Service, administrator: str) -> None:
    with browser(service) as http:
        assert http.get("/nothing").status_code == 404
        sign_in(http, administrator)
        http.post("/preferences", data={"language": "zh", "theme": "dark", "keys": "off", "back": "/users"})
        page = http.get("/nothing/at/all")
        assert (page.status_code, page.headers["Content-Language"]) == (404, "zh")
        assert 'data-theme="dark"' in page.text
        assert "data-key=" not in page.text
        assert "没有这个页面" in page.text
    assert httpx.get(f"{service.url}/console", trust_env=False, timeout=30).headers["Location"] == "/console/"
