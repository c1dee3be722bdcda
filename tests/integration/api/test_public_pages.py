"""The buyers' page of a policy, served by the running service: no key, no script, both languages, true to the data."""

from __future__ import annotations

import html

import httpx
import pytest
from api_service import Service

from service.policy import load_policy, platform_policy_text

DEMO = load_policy(platform_policy_text("demo"))


def get(service: Service, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{service.url}/public{path}", headers=headers, trust_env=False, timeout=30)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_published_stands_on_the_page(service: Service, language: str) -> None:
    answer = get(service, "/demo/policy", **{"Accept-Language": language})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
    text = html.unescape(answer.text)
    told = [*DEMO.reasons.values(), *DEMO.negative_list, *DEMO.routes, DEMO.official_channel]
    told += [material for code, material in DEMO.materials.items()]
    for wording in told:
        assert wording.text.get(language) in text
    assert "¥50.00" in text
    assert "1%" in text
    for private in ("threshold", "budget", "audit", "300.00", "阈值", "额度"):
        assert private not in text
    assert text.count("<svg") >= len(DEMO.materials)


def test_a_page_seen_already_is_not_sent_again(service: Service) -> None:
    first = get(service, "/demo/policy")
    assert "max-age" in first.headers["Cache-Control"]
    again = get(service, "/demo/policy", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = get(service, "/demo/policy?lang=en", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "path", ["/nobody/policy", "/%00/policy", "/demo/", "/" + "x" * 3000 + "/policy", "/..%2f/policy"]
)
def test_what_is_not_there_is_a_page_that_says_so(service: Service, path: str) -> None:
    answer = get(service, path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
