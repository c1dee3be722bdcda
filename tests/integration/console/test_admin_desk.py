"""The administrators' desk over HTTP: people, keys, webhooks, personal data, health."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest
from api_service import Service
from console_people import PASSWORD, add_person, browser, sign_in, submit

from service.store import EmbeddedPostgres

NASTY = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def database(service: Service, postgres: EmbeddedPostgres) -> str:
    return postgres.url(service.database)


@pytest.fixture(scope="module")
def known() -> dict[str, httpx.Client]:
    return {}


@pytest.fixture
def seat(service: Service, database: str, known: dict[str, httpx.Client]) -> Callable[..., httpx.Client]:
    """``seat("a")``: an administrator, the same for each name; their login is in the client's headers."""

    def sit(name: str, platform: str = "demo") -> httpx.Client:
        if name not in known:
            login = add_person(database, "administrator", platform=platform)
            http = browser(service, **{"X-Test-Login": login})
            assert sign_in(http, login, platform=platform).status_code == 303
            known[name] = http
        return known[name]

    return sit


def secret_on(page: httpx.Response) -> str:
    found = re.search(r'<code class="ad-secret" id="secret">([^<]+)</code>', page.text)
    assert found is not None, page.text
    assert page.headers["Cache-Control"] == "no-store"
    return found[1]


def audited(database: str, subject: str) -> list[tuple[str, str]]:
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        return connection.execute(
            "SELECT action, actor_name FROM audit WHERE subject = %s ORDER BY id", (subject,)
        ).fetchall()


def works(service: Service, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=service.url, headers=headers, trust_env=False, timeout=30) as http:
        return http.get("/v1/policy").status_code == 200


def keys_on(page: str) -> set[str]:
    """Ids of the keys that can be replaced."""
    return set(re.findall(r'action="/console/keys/([0-9a-f-]{36})/rotate"', page))


def test_a_key_is_shown_once_replaced_and_revoked(
    service: Service, database: str, seat: Callable[..., httpx.Client]
) -> None:
    http, foreign = seat("a"), seat("n", platform="north")
    before = keys_on(http.get("/keys").text)
    made = submit(http, "/keys", {"name": f"checkout {NASTY}", "scope": ["claims", "feed"], "days": "90"})
    assert made.status_code == 200
    assert "<script>alert" not in made.text
    token = secret_on(made)
    assert token not in http.get("/keys").text
    assert works(service, token)
    [key] = keys_on(http.get("/keys").text) - before
    assert submit(foreign, f"/keys/{key}/rotate", {"overlap": "24"}).status_code == 404
    assert submit(foreign, f"/keys/{key}/revoke").status_code == 404

    successor = secret_on(submit(http, f"/keys/{key}/rotate", {"overlap": "24"}))
    assert works(service, token)
    assert works(service, successor)
    again = submit(http, f"/keys/{key}/rotate", {"overlap": "24"})
    assert again.status_code == 409
    assert "successor already" in again.text
    assert submit(http, f"/keys/{key}/revoke").status_code == 303
    assert not works(service, token)
    assert works(service, successor)
    me = f"user:{http.headers['X-Test-Login']}"
    assert audited(database, f"key:{key}") == [("key.created", me), ("key.rotated", me), ("key.revoked", me)]


def test_no_administrator_makes_a_key_that_decides(service: Service, seat: Callable[..., httpx.Client]) -> None:
    http = seat("a")
    page = http.get("/keys").text
    for scope in ("review", "review_senior", "policy", "operate"):
        assert f'value="{scope}"' not in page
        refused = submit(http, "/keys", {"name": "mine", "scope": ["claims", scope]})
        assert refused.status_code == 403
        assert "at the command line" in refused.text
    # The tests' own keys have every scope, and can be taken away but not taken over.
    rows = re.findall(r'action="/console/keys/([0-9a-f-]{36})/(rotate|revoke)"', page)
    guarded = {key for key, what in rows if what == "revoke"} - {key for key, what in rows if what == "rotate"}
    assert guarded
    taken = submit(http, f"/keys/{guarded.pop()}/rotate", {"overlap": "0"})
    assert taken.status_code == 403
    assert 'id="secret"' not in taken.text
    for wrong, said in (
        ({"name": "", "scope": "claims"}, "visible characters"),
        ({"name": "x"}, "at least one scope"),
        ({"name": "x", "scope": "claims", "days": "0"}, "days"),
        ({"name": "x", "scope": "claims", "networks": "everywhere"}, "203.0.113.0/24"),
        ({"name": "x", "scope": "claims", "rate_class": "fastest"}, "rate class"),
    ):
        refused = submit(http, "/keys", wrong)
        assert refused.status_code == 422
        assert said in refused.text
        assert f'value="{wrong["name"]}"' in refused.text


def test_an_endpoint_is_made_rotated_tested_and_replayed(
    service: Service, database: str, seat: Callable[..., httpx.Client]
) -> None:
    http, foreign = seat("a"), seat("n", platform="north")
    for url, said in (("http://shop.example/x", "https://"), ("https://127.0.0.1/x", "not public"), ("x", "URL")):
        refused = submit(http, "/webhooks", {"url": url})
        assert refused.status_code == 422
        assert said in refused.text
    made = submit(http, "/webhooks", {"url": "https://example.com/hook", "description": NASTY, "type": "case.accepted"})
    assert made.status_code == 200
    assert "<script>alert" not in made.text
    secret = secret_on(made)
    found = re.search(r'action="/console/webhooks/([0-9a-f-]{36})"', made.text)
    assert found is not None
    where = f"/webhooks/{found[1]}"
    assert secret not in http.get(where).text
    for action in ("", "/disable", "/enable", "/test", "/replay", "/secret", "/delete"):
        data = {"url": "https://example.org/", "overlap": "0", "which": "dead", "sure": "yes"}
        assert submit(foreign, where + action, data).status_code == 404, action
    assert foreign.get(where).status_code == 404

    newer = secret_on(submit(http, f"{where}/secret", {"overlap": "24"}))
    assert newer != secret
    assert submit(http, f"{where}/secret", {"overlap": "5"}).status_code == 422
    assert submit(http, f"{where}/test").headers["Location"] == f"/console{where}?done=tested"
    shown = http.get(where).text
    assert "webhook.test" in shown
    event = re.search(r'name="event" value="([^"]+)"', shown)
    assert submit(http, f"{where}/disable").status_code == 303
    assert submit(http, f"{where}/test").status_code == 409
    assert submit(http, f"{where}/enable").status_code == 303
    if event is not None:  # the courier was faster than this test
        assert submit(http, f"{where}/replay", {"event": event[1]}).status_code == 303
    assert submit(http, f"{where}/replay", {"event": "x"}).status_code == 404
    assert submit(http, f"{where}/replay", {"which": "all of it"}).status_code == 422
    assert submit(http, f"{where}/replay", {"which": "missed"}).status_code == 303
    changed = {"url": "https://example.com/other", "description": "moved"}
    assert submit(http, where, changed).status_code == 303
    assert "https://example.com/other" in http.get("/webhooks").text
    assert submit(http, f"{where}/delete").status_code == 422
    assert submit(http, f"{where}/delete", {"sure": "yes"}).status_code == 303
    assert http.get(where).status_code == 404
    actions = [action for action, _ in audited(database, f"webhook:{found[1]}")]
    assert actions[:2] == ["webhook.created", "webhook.secret_rotated"]
    assert actions[-1] == "webhook.deleted"


def test_people_are_signed_out_and_let_in_again(
    service: Service, database: str, seat: Callable[..., httpx.Client]
) -> None:
    http = seat("a")
    login = add_person(database, "reviewer")
    with browser(service) as theirs, browser(service, **{"X-Forwarded-For": "192.0.2.88"}) as stranger:
        sign_in(theirs, login)
        assert [sign_in(stranger, login, "wrong").status_code for _ in range(7)][-1] == 429
        row = http.get("/users").text.partition(f'id="user-{login}"')[2].partition("</tr>")[0]
        assert "1 session," in row
        assert "locked out" in row
        assert submit(http, f"/users/{login}/retry").headers["Location"].endswith("done=retry")
        assert sign_in(stranger, login, PASSWORD).status_code == 303
        assert submit(http, f"/users/{login}/sign-out").headers["Location"].endswith("done=sessions")
        assert theirs.get("/").headers["Location"].startswith("/console/sign-in")
    skills = {"lane": ["large_amount"], "reason": ["not_delivered", "other"]}
    assert submit(http, f"/users/{login}/skills", skills).headers["Location"].endswith("done=skills")
    row = http.get("/users").text.partition(f'id="user-{login}"')[2].partition("</tr>")[0]
    assert row.count(" checked") == 4  # their role, the lane, the reasons
    own = http.headers["X-Test-Login"]
    foreign = seat("n", platform="north")
    for action in ("sign-out", "retry", "skills"):
        assert submit(http, f"/users/{own}/{action}").status_code == 409
        assert submit(foreign, f"/users/{login}/{action}").status_code == 404
    done = [action for action, who in audited(database, f"user:{login}") if who == f"user:{own}"]
    assert done == ["user.wait_lifted", "user.sessions_ended", "user.skills_set"]


def test_two_administrators_erase_an_account(
    service: Service, database: str, seat: Callable[..., httpx.Client], claim: Callable[..., dict[str, Any]]
) -> None:
    http, other, foreign = seat("a"), seat("b"), seat("n", platform="north")
    data = claim(fulfilment={"state": "delivered", "use": "never_viewed", "voidable": True})
    account = data["account"]["id"]
    answer = service.submit(data).json()
    page = http.get("/personal-data").text
    assert "identity cards" in page
    assert "30 days" in page
    export = submit(http, "/personal-data/export", {"account": account, "reason": "asked for by its owner"})
    assert export.headers["Content-Disposition"].startswith("attachment")
    assert answer["number"] in export.text
    assert submit(foreign, "/personal-data/export", {"account": account, "reason": "curious"}).status_code == 404
    assert submit(http, "/personal-data/export", {"account": account, "reason": " "}).status_code == 400

    asked = {"account": account, "reason": NASTY}
    assert submit(http, "/personal-data/erasures", asked).status_code == 303
    assert submit(http, "/personal-data/erasures", asked).status_code == 409
    shown = other.get("/personal-data").text
    assert account in shown
    assert "<script>alert" not in shown
    wanted = re.findall(r'action="(/console/personal-data/erasures/[0-9a-f-]{36})/approve"', shown)
    where = wanted[0].removeprefix("/console")
    assert "/approve" not in http.get("/personal-data").text.partition(html.escape(account))[2].partition("</tr>")[0]
    assert submit(http, f"{where}/approve").status_code == 409  # whoever asked is no second person
    assert submit(foreign, f"{where}/approve").status_code == 404
    assert submit(foreign, f"{where}/refuse", {"reason": "x"}).status_code == 404
    ended = submit(other, f"{where}/approve")
    if ended.status_code == 409:  # the case went to a person: it has to end first, and the request can be refused
        assert "not over" in ended.text
        assert submit(other, f"{where}/refuse", {"reason": ""}).status_code == 422
        ended = submit(other, f"{where}/refuse", {"reason": "later"})
    assert ended.status_code == 303
    assert account not in http.get("/personal-data").text
    assert submit(other, f"{where}/approve").status_code == 409


def test_health_tells_of_this_platform_and_of_no_other(service: Service, seat: Callable[..., httpx.Client]) -> None:
    page = seat("n", platform="north").get("/health")
    assert page.status_code == 200
    for word in ("workers alive", "model in service", "PostgreSQL", "audit entries unchained", "alive / meant"):
        assert word in page.text
    part = seat("a").get("/health", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="figures"')
