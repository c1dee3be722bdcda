"""Every page of the console, as all roles together see it, where every text from outside is an attack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_service import Service
from browsing import Watched, gather
from console_people import browser, sign_in, token_on
from hostile import PLATFORM, Hostile, hostile_platform
from walking import Page, walk

from service.domain.users import Role
from service.store import EmbeddedPostgres
from training.screens.browser import chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]
LOOKS = tuple(product(("light", "dark"), ("zh-CN", "en")))
ROLES = tuple(role.value for role in Role)
# What markup from outside would leave behind if it became part of a page, whether or not the policy stopped it.
LEFT_BEHIND = Path(__file__).with_name("left_behind.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Walked:
    pages: list[Page]
    missing: list[str]
    everybody: str
    hostile: Hostile


@pytest.fixture(scope="module")
def hostile(service: Service, postgres: EmbeddedPostgres) -> Hostile:
    return hostile_platform(service, postgres.url(service.database))


@pytest.fixture
def walked(
    service: Service, hostile: Hostile, new_person: Callable[..., str], request: pytest.FixtureRequest
) -> Walked:
    """By who has every role. The proof looks at every case, else at one with pictures and one with a long story."""
    long = request.node.get_closest_marker("proof") is not None
    cases = [case for name, case in hostile.cases.items() if long or name in ("seen", "upheld")]
    everybody = new_person(*ROLES, platform=PLATFORM)
    with browser(service) as http:
        sign_in(http, everybody, platform=PLATFORM)
        _begun(http)
        pages, missing = walk(http, {"case_id": cases})
    return Walked(pages, missing, everybody, hostile)


def _begun(http: httpx.Client) -> None:
    """What only shows once somebody at the console has begun it."""
    token = token_on(http.get("/password"))
    forms: dict[str, dict[str, str]] = {
        "/audit/chain/verifications": {},
        "/policy/backtests": {"of": "2", "days": "7"},
    }
    for path, form in forms.items():
        assert http.post(path, data={"csrf": token, **form}).status_code in (303, 404), path


def held(watched: Watched, page: Page, *, narrow: bool = True) -> list[str]:
    """What is wrong with a page."""
    answer = watched.page.goto(page.path, wait_until="load")
    name = f"{page.path.partition('?')[0]} {watched.look}"
    checks: list[tuple[str, Callable[[], object]]] = [
        (f"{name} status", lambda: _is(answer.status, 200)),
        (f"{name} axe", watched.accessible),
        (f"{name} weight", watched.light),
        (f"{name} markup", lambda: _is(watched.page.evaluate(LEFT_BEHIND), [])),
        (f"{name} quiet", watched.quiet),
    ]
    if narrow:
        checks.append((f"{name} width", watched.fits))
    found = gather(checks)
    watched.said.clear()
    watched.foreign.clear()
    return found


def _is(found: Any, wanted: Any) -> None:
    assert found == wanted, found


def test_every_page_is_usable_light_and_deaf_to_attacks(walked: Walked, signed_in: Callable[..., Watched]) -> None:
    """Each page in one theme and language, by turns; the whole matrix is the proof's."""
    seats = [
        signed_in(login=walked.everybody, platform=PLATFORM, theme=theme, language=language)
        for theme, language in LOOKS
    ]
    wrong = [f"no link leads to {route}, and no value is known for its path" for route in walked.missing]
    wrong += [fault for number, page in enumerate(walked.pages) for fault in held(seats[number % len(seats)], page)]
    assert not wrong, "\n".join(wrong)
    seats[0].unreported()


@pytest.mark.proof
@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_every_page_in_every_look(walked: Walked, signed_in: Callable[..., Watched], theme: str, language: str) -> None:
    watched = signed_in(login=walked.everybody, platform=PLATFORM, theme=theme, language=language)
    wrong = [fault for page in walked.pages for fault in held(watched, page)]
    assert not wrong, "\n".join(wrong)
    watched.unreported()
