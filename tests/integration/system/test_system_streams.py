"""Pages that listen for changes do not keep a process from ending."""

from __future__ import annotations

import time

import httpx
import pytest
from console_people import PASSWORD, add_person


@pytest.mark.proof
def test_a_process_told_to_stop_ends_what_browsers_hold_open(make_site):
    site = make_site()
    login = add_person(site.url, "reviewer")
    with site.serving() as server:
        sent = {"Origin": server.address, "Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=f"{server.address}/console", headers=sent, trust_env=False, timeout=30) as http:
            http.post("/sign-in", data={"platform": "demo", "login": login, "password": PASSWORD})
            with http.stream("GET", "/live") as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                lines = stream.iter_lines()
                assert next(lines).startswith("retry:")
                begun = time.monotonic()
                server.child.process.terminate()
                assert [line for line in lines if line.startswith("event:")] == []
                server.child.process.wait(30)
        assert time.monotonic() - begun < 5
