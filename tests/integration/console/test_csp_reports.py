"""What browsers tell of violations: from a real one, and from whoever makes them up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from api_service import Service
from browsing import Watched, csp_reports

pytestmark = pytest.mark.browser


def test_a_browser_tells_of_what_the_policy_stopped(signed_in: Callable[..., Watched], service: Service) -> None:
    watched = signed_in("administrator")
    page = watched.page
    page.goto("/console/users")
    watched.quiet()
    watched.unreported()
    page.evaluate(
        """() => {
          const hook = '<img src="x" onerror="window.__xss.push(1)">';
          document.querySelector("main").insertAdjacentHTML("beforeend", hook);
          const script = document.createElement("script");
          script.textContent = "window.__xss.push(2)";
          document.head.append(script);
        }"""
    )
    page.wait_for_function("window.violations.length >= 2")
    assert page.evaluate("window.__xss") == []
    end = time.monotonic() + 20
    while (told := csp_reports(service)) == watched.before and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert {"script-src-elem", "script-src-attr"} & set(told)


def _post(service: Service, body: Any, media: str = "application/csp-report") -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(
        f"{service.url}/console/csp-reports", content=raw, headers={"Content-Type": media}, trust_env=False, timeout=30
    )


def test_reports_are_bounded_and_believed_in_nothing_but_their_kind(service: Service) -> None:
    before = csp_reports(service)

    def since() -> dict[str, int]:
        now = csp_reports(service)
        return {name: now[name] - before.get(name, 0) for name in now if now[name] != before.get(name, 0)}

    assert (
        _post(service, {"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://e/x"}}).status_code
        == 204
    )
    several = [{"type": "csp-violation", "body": {"effectiveDirective": "font-src"}}, {"type": "deprecation"}, 7]
    assert _post(service, several, "application/reports+json").status_code == 204
    # Whatever stands in a report becomes no label: those stay few.
    assert _post(service, {"csp-report": {"effective-directive": "x" * 3000, "line-number": []}}).status_code == 204
    assert _post(service, b"[" * 10_000).status_code == 400
    assert _post(service, {"csp-report": {}}, "text/html").status_code == 400
    assert _post(service, {"csp-report": {"a": "x" * 20_000}}).status_code == 413
    assert since() == {"img-src": 1, "font-src": 1, "other": 1, "unreadable": 3}
    media = {"Content-Type": "application/csp-report"}
    with httpx.Client(base_url=service.url, headers=media, trust_env=False, timeout=30) as http:
        answers = [http.post("/console/csp-reports", content=b'{"csp-report": {}}').status_code for _ in range(200)]
    assert set(answers) == {204, 429}
    assert since()["dropped"] >= 1
