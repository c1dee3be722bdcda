"""Every door of every room, held against the roles it opens to: a new page is asked for before it is listed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from api_service import Service
from console_people import add_person, browser, sign_in, token_on
from starlette.routing import Route

from service.console import ROOMS
from service.domain.users import READ_ONLY, Role
from service.store import EmbeddedPostgres

LISTED = Path(__file__).parents[2] / "golden" / "console_doors.txt"
NOBODYS = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Door:
    """``roles``: it is for; a page that asks nobody who they are has none. ``changes``: it takes a role that may."""

    method: str
    route: Route
    roles: frozenset[Role]
    changes: bool

    def opens_to(self, role: Role) -> bool:
        held = {role, Role.REVIEWER} if role is Role.SENIOR else {role}
        return bool((held & self.roles) - (READ_ONLY if self.changes else set()))

    @property
    def address(self) -> str:
        return re.sub(r"\{[^}]+\}", NOBODYS, self.route.path)

    def __str__(self) -> str:
        roles = " ".join(sorted(self.roles)) or "NOBODY IS ASKED"
        return f"{self.method:<4} {self.route.path}  {roles}{'' if self.changes else ' (reads)'}"


def doors() -> Iterator[Door]:
    for room in ROOMS:
        for route in room.routes:
            for method in sorted((route.methods or set()) - {"HEAD"}):
                roles = getattr(route.endpoint, "roles", frozenset())
                reads = method == "GET" or getattr(route.endpoint, "only_reads", False)
                yield Door(method, route, roles, changes=not reads)


def test_every_door_is_listed_with_its_roles() -> None:
    """Look at what changes here: who may do what. PREREVIEW_UPDATE_GOLDEN=1 writes it anew."""
    found = "".join(f"{door}\n" for door in doors())
    if os.environ.get("PREREVIEW_UPDATE_GOLDEN"):
        LISTED.write_text(found, encoding="utf-8")
    assert found == LISTED.read_text(encoding="utf-8")
    assert "NOBODY" not in found


def test_money_is_no_administrators() -> None:
    """By the role alone nobody decides, signs a policy or lets approvals run again. Stopping them harms nobody."""
    money = re.compile(r"/(policy|cases|held|queues|next|locks|quality)\b")
    mine = [door.address for door in doors() if money.match(door.route.path) and Role.ADMINISTRATOR in door.roles]
    assert mine == []
    risk = {
        (door.method, door.route.path)
        for door in doors()
        if door.route.path.startswith("/risk") and Role.ADMINISTRATOR in door.roles and door.method != "GET"
    }
    assert risk == {("POST", "/risk/stop")}


@pytest.mark.parametrize("role", list(Role))
def test_a_door_opens_to_its_roles_alone(service: Service, postgres: EmbeddedPostgres, role: Role) -> None:
    wrong: list[str] = []
    with browser(service) as http:
        assert sign_in(http, add_person(postgres.url(service.database), role.value)).status_code == 303
        token = token_on(http.get("/password"))
        for door in doors():
            allowed, sends = door.opens_to(role), door.method != "GET"
            if sends and allowed:
                continue  # what it does is its own desk's test
            with http.stream(door.method, door.address, data={"csrf": token} if sends else None) as answer:
                if (answer.status_code != 403) != allowed or answer.status_code >= 500:
                    wrong.append(f"{role} {door.method} {door.route.path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_door_takes_what_a_foreign_page_sends(service: Service, postgres: EmbeddedPostgres) -> None:
    everything = [role.value for role in Role]
    wrong: list[str] = []
    with browser(service) as http, browser(service) as stranger:
        sign_in(http, add_person(postgres.url(service.database), *everything))
        for door in doors():
            if door.method == "GET":
                continue
            unsigned = http.request(door.method, door.address, data={"csrf": "0" * 64}).status_code
            foreign = http.request(door.method, door.address, headers={"Sec-Fetch-Site": "cross-site"}).status_code
            outside = stranger.request(door.method, door.address)
            if (unsigned, foreign) != (403, 403) or "/sign-in?back=" not in outside.headers.get("Location", ""):
                wrong.append(f"{door.method} {door.route.path}: {unsigned} {foreign} {outside.status_code}")
    assert not wrong, "\n".join(wrong)
