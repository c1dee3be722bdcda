"""Every operation × every role, on the running service: refused or allowed as the access table says.

Made from the OpenAPI document, with its documented bodies: an operation that is not in the table, or whose path names
a thing nobody taught this test to make, fails.
"""

from __future__ import annotations

import asyncio
import copy
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import httpx
import orjson
import pytest
from api_service import CLOCK_START, FOUNDER, Service, platform_policy

from service.api import examples
from service.api.app import create_api
from service.domain.assessment import PlatformMode
from service.review.requests import Scope
from service.store import EmbeddedPostgres, KeyTerms, Platform, Store
from tests.access_table import ACCESS, ANY_KEY, EVERYBODY, operations

if TYPE_CHECKING:
    from service.review.use_cases import UseCases

DOCUMENT: dict[str, Any] = create_api(cast("UseCases", None)).openapi()
OPERATIONS = dict(operations(DOCUMENT))
OWN, FOREIGN = "east", "west"


@dataclass(frozen=True, slots=True)
class Roles:
    """Tokens by role, and what the own platform has: path parameter → id."""

    http: httpx.Client
    tokens: dict[str, str]
    things: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def ask(self, name: str, role: str, things: dict[str, str] | None = None) -> httpx.Response:
        """The operation with its documented body, for the things given, or for some nobody has."""
        method, _, path = name.partition(" ")
        path = path.format_map(things or _Nobodys())
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        if token := self.tokens.get(role):
            headers["Authorization"] = f"Bearer {token}"
        body = _body(OPERATIONS[name])
        return self.http.request(method, path, headers={**headers, **body.pop("headers", {})}, **body)


class _Nobodys(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "no-such-version" if name == "version" else str(uuid.uuid4())


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" not in content:
        for kind, documented in content.items():
            example = _example(documented)
            raw = example.encode() if isinstance(example, str) else orjson.dumps(example)
            return {"content": raw, "headers": {"Content-Type": kind}}
        return {}
    parts = _example(content["multipart/form-data"])
    (name, value), *_ = [(name, value) for name, value in parts.items() if name != "evidence"]
    sent = [(name, (f"{name}.json", orjson.dumps(value), "application/json"))]
    return {"files": [*sent, ("page", ("page.png", b"no picture", "image/png"))]}


def _example(content: dict[str, Any]) -> Any:
    return next(iter(content["examples"].values()))["value"]


async def _prepare(url: str) -> dict[str, str]:
    """Two platforms of this test's own, and a key for each role."""
    store, now, tokens = Store(url, "memory://"), CLOCK_START, {"unknown": "prk_" + "A" * 43}
    for platform_id in (OWN, FOREIGN):
        await store.add_platform(
            Platform(id=platform_id, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=now),
            FOUNDER,
        )
        await store.add_policy(platform_policy(platform_id, now))
    free = KeyTerms(rate_class="unlimited")

    async def key(role: str, platform_id: str, *scopes: Scope, terms: KeyTerms = free) -> uuid.UUID:
        record, tokens[role] = await store.create_key(platform_id, role, scopes, FOUNDER, now, terms)
        return record.id

    for scope in Scope:
        await key(scope.value, OWN, scope)
    await key("none", OWN)
    await key("full", OWN, *Scope)
    await key("foreign", FOREIGN, *Scope)
    await key("ended", OWN, *Scope, terms=KeyTerms(expires_at=now - timedelta(seconds=1)))
    await key("elsewhere", OWN, *Scope, terms=KeyTerms(networks=("203.0.113.0/24",)))
    await store.revoke_key(OWN, await key("revoked", OWN, *Scope), FOUNDER, now)
    await store.close()
    return tokens


def _case(roles: Roles) -> str:
    claim = copy.deepcopy(examples.CLAIM) | {"reason": "unauthorised", "reference": f"RF-{uuid.uuid4().hex}"}
    claim["order"]["order_number"] = f"T{uuid.uuid4().hex}"
    claim["account"]["id"] = f"u-{uuid.uuid4().hex}"
    headers = {"Authorization": f"Bearer {roles.tokens['full']}", "Idempotency-Key": uuid.uuid4().hex}
    files = {"claim": ("claim.json", orjson.dumps(claim), "application/json")}
    answer = roles.http.post("/v1/pre-reviews", files=files, headers=headers)
    assert answer.status_code == 201, answer.text
    roles.secrets.update((claim["reference"], claim["order"]["order_number"], claim["account"]["id"]))
    roles.secrets.update((answer.json()["case_id"], answer.json()["number"]))
    return str(answer.json()["case_id"])


def _posted(operation: str, member: str) -> Callable[[Roles], str]:
    """The id in the answer to an operation with its documented body."""

    def make(roles: Roles) -> str:
        answer = roles.ask(operation, "full")
        assert answer.status_code < 300, answer.text
        return str(answer.json()[member])

    return make


MAKERS: dict[str, Callable[[Roles], str]] = {
    "case_id": _case,
    "incident_id": _posted("POST /v1/incidents", "incident_id"),
    "webhook_id": _posted("POST /v1/webhooks", "id"),
    "upload": lambda roles: "upload-1",
    "version": lambda roles: "1",
}


# Each platform's own words for its things: two may have the same, and neither is the other's.
NAMES = ("version", "upload")


@pytest.fixture(scope="module")
def roles(service: Service, postgres: EmbeddedPostgres) -> Iterator[Roles]:
    tokens = asyncio.run(_prepare(postgres.url(service.database)))
    with httpx.Client(base_url=service.url, timeout=60, trust_env=False) as http:
        made = Roles(http, tokens)
        for name, maker in MAKERS.items():
            if any(f"{{{name}}}" in path for path in DOCUMENT["paths"]):
                made.things[name] = maker(made)
        yield made


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_each_role_is_refused_or_let_in_as_declared(roles: Roles, name: str) -> None:
    allowed = ACCESS[name]
    if allowed is EVERYBODY:
        assert roles.ask(name, "nobody").status_code not in (401, 403)
        return
    for role in ("nobody", "unknown", "revoked", "ended", "elsewhere"):
        answer = roles.ask(name, role)
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (401, "unauthenticated"), role
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    for role in (*Scope, "none", "full"):
        answer = roles.ask(name, role)
        let_in = role in allowed or role == "full" or (role == "none" and allowed == ANY_KEY)
        if let_in:
            assert answer.status_code not in (401, 403), f"{role}: {answer.text}"
            assert answer.status_code < 500 or name == "POST /v1/scores", f"{role}: {answer.text}"
        else:
            assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "scope-missing"), role


@pytest.mark.parametrize("name", [name for name in OPERATIONS if ACCESS.get(name, ANY_KEY) is not EVERYBODY])
def test_another_platform_finds_nothing_and_learns_nothing(roles: Roles, name: str) -> None:
    """Ids of this platform and ids of nobody are answered alike, to the byte but for the request's own id."""
    unknown = {part[1:-1] for part in name.split("/") if part.startswith("{")} - set(MAKERS)
    assert not unknown, f"tell MAKERS how to make {unknown}"
    answer = roles.ask(name, "foreign", roles.things)
    assert not [secret for secret in roles.secrets if secret in answer.text]
    if "{" not in name or any(f"{{{word}}}" in name for word in NAMES):
        return
    nobodys = roles.ask(name, "foreign")
    assert (answer.status_code, nobodys.status_code) == (404, 404), answer.text
    assert _without_ids(answer) == _without_ids(nobodys)


def _without_ids(answer: httpx.Response) -> dict[str, Any]:
    return {member: value for member, value in answer.json().items() if member != "request_id"}
