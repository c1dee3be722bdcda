"""The console read as an attacker reads it: what a stranger, a colleague, or somebody with two roles would try."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from api_service import Service
from console_people import browser, sign_in, submit


def test_signing_in_again_ends_what_was_signed_in_before(service: Service, new_person: Callable[..., str]) -> None:
    ana, bo = new_person("reviewer"), new_person("reviewer")
    with browser(service) as http, browser(service) as thief:
        sign_in(http, ana)
        thief.cookies.update(http.cookies)
        assert thief.get("/queues").status_code == 200
        sign_in(http, bo)
        assert "/sign-in" in thief.get("/queues").headers["Location"]


def test_whose_session_ended_goes_on_where_they_were(service: Service) -> None:
    case = "/cases/01a20345-1e8e-7501-a58b-8a0d40383170"
    with browser(service) as http:
        for page, back in (
            (f"{service.url}/console{case}?done=mark", f"{case}?done=mark"),
            ("https://evil.example/console/x", "/"),
        ):
            sent = http.post(case, data={"act": "approve"}, headers={"Referer": page})
            assert sent.headers["Location"] == f"/console/sign-in?back={quote(back, safe='')}"


def test_who_makes_their_own_second_person_is_seen(service: Service, new_person: Callable[..., str]) -> None:
    ada, owen = new_person("administrator"), new_person("risk_owner")
    with browser(service) as http, browser(service) as owner:
        sign_in(http, ada)
        made = submit(http, "/users", {"login": f"{ada}x", "role": ["risk_owner", "reviewer"]})
        assert made.status_code == 200
        assert submit(http, f"/users/{owen}/password").status_code == 200
        sign_in(owner, new_person("risk_owner"))
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", owner.get("/risk").text))
    assert f"{ada}x new account Reviewer, Risk owner user:{ada}" in shown
    assert f"{owen} password set for them – user:{ada}" in shown


def test_forms_sent_byte_by_byte_keep_nobody_out(service: Service, new_person: Callable[..., str]) -> None:
    """Half of all places were a stranger's for the asking, for twenty seconds each."""
    address = urlsplit(service.url)
    begun = (
        f"POST /console/sign-in HTTP/1.1\r\nHost: {address.netloc}\r\nOrigin: {service.url}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na"
    ).encode()
    with browser(service) as http:
        assert sign_in(http, new_person("reviewer")).status_code == 303
        slow = [socket.create_connection((str(address.hostname), address.port or 80)) for _ in range(140)]
        try:
            for each in slow:
                each.sendall(begun)
            time.sleep(0.5)
            assert http.get("/queues").status_code == 200
            assert http.get("/sign-in").status_code == 503  # the door is full for some seconds
        finally:
            for each in slow:
                each.close()
