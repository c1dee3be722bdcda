"""One attempt against a real HTTPS receiver, kind and unkind."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import standardwebhooks
from webhook_receiver import (
    Authority,
    Reaction,
    Receiver,
    authority,
    drip,
    endless_body,
    endless_headers,
    nonsense,
    receiving,
    reset,
    silence,
    status,
)

from service.delivery import Message, Names, Sender, Targets, new_secret
from service.delivery.addresses import Address

LOOPBACK = [ipaddress.ip_address("127.0.0.1")]
SECRET = new_secret()


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), "shop.example")


@pytest.fixture
async def receiver(trusted: Authority) -> AsyncIterator[Receiver]:
    async with receiving(trusted.server) as found:
        yield found


class Answers:
    """A name server's answers, one after the other; the last stays."""

    def __init__(self, *answers: list[Address]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int, platform_id: str) -> list[Address]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def message(url: str, *secrets: str) -> Message:
    return Message(
        platform_id="acme",
        id="019a6f3e-52c0-7c31-9d0e-6f1b7a2c4e58",
        url=url,
        body='{"type":"case.approved","data":{"order_number":"订单1"}}'.encode(),
        secrets=secrets or (SECRET,),
        sent_at=datetime.now(UTC),
    )


def sender(trusted: Authority, names: Answers | None = None, *, private: bool = True, seconds: float = 5) -> Sender:
    return Sender(
        Targets(allow_private=private),
        resolver=names or Answers(LOOPBACK),
        context=trusted.client,
        total_seconds=seconds,
    )


async def test_a_message_arrives_signed_by_every_secret_in_force(trusted: Authority, receiver: Receiver) -> None:
    older, names = new_secret(), Answers(LOOPBACK)
    result = await sender(trusted, names).send(message(receiver.url(path="/hooks?shop=1"), SECRET, older))
    assert (result.delivered, result.status, result.gone) == (True, 200, False)
    [post] = receiver.posts
    for secret in (SECRET, older):
        assert standardwebhooks.Webhook(secret).verify(post.body, post.headers)["type"] == "case.approved"
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(new_secret()).verify(post.body, post.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(SECRET).verify(post.body.replace(b"1", b"2"), post.headers)
    assert (post.path, post.headers["host"]) == ("/hooks?shop=1", f"shop.example:{receiver.port}")
    assert (post.server_name, names.asked) == ("shop.example", ["shop.example"])


async def test_the_address_looked_at_is_the_one_connected_to(trusted: Authority, receiver: Receiver) -> None:
    """A name that is public when looked at and ours when connected to: resolved once, it has no second turn."""
    names = Answers([ipaddress.ip_address("192.0.2.1")], LOOPBACK)
    result = await sender(trusted, names, seconds=0.5).send(message(receiver.url()))
    assert result.status is None
    assert names.asked == ["shop.example"]
    assert receiver.posts == []


async def test_a_private_url_stored_while_it_was_allowed_is_not_called_any_more(
    trusted: Authority, receiver: Receiver
) -> None:
    strict = sender(trusted, private=False)
    for url in (receiver.url(), f"http://127.0.0.1:{receiver.port}/", "https://[::ffff:127.0.0.1]/"):
        assert (await strict.send(message(url))).problem == "address refused"
    assert receiver.posts == []


async def test_a_certificate_of_another_name_or_authority_is_refused(
    trusted: Authority, receiver: Receiver, tmp_path: Path
) -> None:
    assert (await sender(trusted).send(message(receiver.url("other.example")))).problem == "certificate"
    stranger = authority(tmp_path, "shop.example")
    assert (await sender(stranger).send(message(receiver.url()))).problem == "certificate"
    assert receiver.posts == []


async def test_the_second_address_is_tried_where_the_first_does_not_connect(
    trusted: Authority, receiver: Receiver
) -> None:
    nobody = ipaddress.ip_address("127.0.0.9")
    assert (await sender(trusted, Answers([nobody, *LOOPBACK])).send(message(receiver.url()))).delivered
    assert (await sender(trusted, Answers([nobody])).send(message(receiver.url()))).problem == "no connection"
    assert (await sender(trusted, Answers([])).send(message(receiver.url()))).problem == "no address"


async def test_redirects_are_not_followed_and_cookies_not_kept(trusted: Authority, receiver: Receiver) -> None:
    receiver.react = status(302, f"Location: {receiver.url(path='/elsewhere')}", "Set-Cookie: a=b; Path=/")
    one = sender(trusted)
    for _ in range(2):
        result = await one.send(message(receiver.url()))
        assert (result.status, result.delivered) == (302, False)
    assert [post.path for post in receiver.posts] == ["/hooks", "/hooks"]
    assert "cookie" not in receiver.posts[1].headers


async def test_proxies_of_the_environment_are_not_asked(
    trusted: Authority, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await sender(trusted).send(message(receiver.url()))).delivered


@pytest.mark.parametrize(
    ("react", "status_code", "problem"),
    [
        (reset, None, "broken answer"),
        (silence, None, "timeout"),
        (drip, None, "timeout|broken answer"),
        (endless_headers, None, "broken answer"),
        (nonsense, None, "broken answer"),
        (endless_body, 200, ""),
        (status(503, "Retry-After: 120"), 503, ""),
        (status(410), 410, ""),
        (status(204, body=b""), 204, ""),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
async def test_unkind_receivers_cost_a_bounded_time(
    trusted: Authority, receiver: Receiver, react: Reaction, status_code: int | None, problem: str
) -> None:
    receiver.react = react
    begun = time.monotonic()
    result = await sender(trusted, seconds=1.5).send(message(receiver.url()))
    assert time.monotonic() - begun < 10
    assert result.status == status_code
    assert result.problem in problem.split("|")
    assert result.retry_after == (timedelta(seconds=120) if status_code == 503 else None)
    assert result.gone == (status_code == 410)


async def test_names_are_resolved_by_the_system_once_for_all_who_ask_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names, asked = Names(), []

    def slowly(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        time.sleep(0.3)
        return [(2, 1, 6, "", ("93.184.215.14", port))] * 2

    assert await names("localhost", 443, "acme") != []
    assert await names("no-such-name.invalid", 443, "acme") == []
    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    found = await asyncio.gather(*(names("shop.example", 443, "acme") for _ in range(20)))
    assert found == [[ipaddress.ip_address("93.184.215.14")]] * 20
    assert asked == ["shop.example"]


async def test_dead_names_of_one_platform_keep_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    names, over = Names(), threading.Event()

    def silent(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host.startswith("dead"):
            over.wait(10)
        return [(2, 1, 6, "", ("93.184.215.14", port))]

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    dead = [asyncio.create_task(names(f"dead-{number}.example", 443, "acme")) for number in range(100)]
    try:
        await asyncio.sleep(0.1)
        async with asyncio.timeout(2):
            assert await names("shop.example", 443, "other") == [ipaddress.ip_address("93.184.215.14")]
    finally:
        over.set()
        await asyncio.gather(*dead)


async def test_a_name_server_that_never_answers_costs_a_bounded_time(trusted: Authority) -> None:
    async def never(host: str, port: int, platform_id: str) -> list[Address]:
        await asyncio.sleep(60)
        return []

    one = Sender(Targets(), resolver=never, context=trusted.client, total_seconds=0.3)
    assert (await one.send(message("https://shop.example/"))).problem == "timeout"
