"""Signing in: what is stored, what strangers learn, who waits, and what ends a session. Real PostgreSQL and argon2."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.clock import FixedClock
from service.domain.errors import Conflict, InvalidRequest, NotFound, SignInRefused, SignInWaits
from service.domain.users import Counted, Role, User
from service.review.accounts import Accounts, SignedIn
from service.store import Store, audit
from service.store.sign_in_failures import SignInFailures
from service.store.user_sessions import Sessions
from service.store.users import Users

ADMINISTRATOR = Actor(ActorKind.PERSON, "user:root")
PASSWORD = "correct horse battery"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@dataclasses.dataclass
class House:
    accounts: Accounts
    clock: FixedClock
    store: Store
    failures: SignInFailures
    sessions: Sessions

    async def sign_in(
        self, login: str = "ana", password: str = PASSWORD, *, address: str = HOME, device: str = ""
    ) -> SignedIn:
        return await self.accounts.sign_in("acme", login, password, address=address, device=device)

    async def fail(self, times: int, **where: str) -> None:
        for _ in range(times):
            with pytest.raises(SignInRefused):
                await self.sign_in(password="wrong", **where)

    async def actions(self, login: str) -> list[tuple[str, str]]:
        async with self.store.reading() as connection:
            found = await audit.entries(connection, "acme", f"user:{login}")
        return [(entry.action, entry.actor.name) for entry in found]

    def wait(self, **span: float) -> None:
        self.clock.at += timedelta(**span)


@pytest.fixture
async def house(store: Store, now: datetime) -> House:
    clock = FixedClock(now)
    failures, sessions = SignInFailures(store.database), Sessions(store.database)
    accounts = Accounts(Users(store.database), sessions, failures, clock)
    await accounts.add("acme", "root", ["administrator"], ADMINISTRATOR, password=PASSWORD)
    await accounts.add("acme", "Ana", ["reviewer"], ADMINISTRATOR, password=PASSWORD)
    return House(accounts, clock, store, failures, sessions)


async def test_who_signs_in_has_a_session_and_the_database_no_secret(house: House) -> None:
    signed_in = await house.sign_in("ANA")
    session = await house.accounts.session(signed_in.token)
    assert session is not None
    assert (session.user.login, session.user.roles, session.platform.id) == ("ana", {Role.REVIEWER}, "acme")
    async with house.store.reading() as connection:
        for table in ("users", "user_sessions", "known_devices", "sign_in_failures", "audit"):
            rows = (await connection.execute(sa.text(f"SELECT to_jsonb(t)::text FROM {table} AS t"))).scalars().all()
            for secret in (PASSWORD, signed_in.token, signed_in.device, HOME):
                assert not any(secret in row for row in rows)
        kept = await connection.scalar(sa.text("SELECT password_hash FROM users WHERE login = 'ana'"))
    assert kept.startswith("$argon2id$")
    await house.accounts.sign_out(session)
    assert await house.accounts.session(signed_in.token) is None
    assert await house.actions("ana") == [
        ("user.added", "user:root"), ("user.signed_in", "user:ana"), ("user.signed_out", "user:ana"),
    ]  # fmt: skip


async def test_a_stranger_cannot_tell_which_logins_exist(house: House) -> None:
    await house.accounts.set_disabled("acme", "ana", True, ADMINISTRATOR)
    said = []
    for platform, login, password in (
        ("acme", "root", "wrong"), ("acme", "nobody", "wrong"), ("acme", "ana", PASSWORD), ("nowhere", "ana", "wrong"),
    ):  # fmt: skip
        with pytest.raises(SignInRefused) as refused:
            await house.accounts.sign_in(platform, login, password, address=HOME)
        said.append((refused.value.detail, refused.value.extra))
    assert len({repr(each) for each in said}) == 1
    # Nor by who has to wait: from the sixth failure on, both.
    for login in ("root", "nobody"):
        for _ in range(5):
            with pytest.raises(SignInRefused):
                await house.sign_in(login, "wrong", address=ELSEWHERE)
        with pytest.raises(SignInWaits):
            await house.sign_in(login, "wrong", address=ELSEWHERE)
        house.wait(minutes=2)


async def test_failures_make_an_account_wait_and_the_right_password_after_it_works(house: House) -> None:
    await house.fail(6)
    with pytest.raises(SignInWaits) as waits:
        await house.sign_in()
    assert waits.value.retry_after == 2
    house.wait(seconds=3)
    await house.sign_in()
    await house.fail(5)  # the count began anew
    assert (await house.actions("ana")).count(("user.sign_in_failed", "sign-in")) == 11


async def test_an_attacker_cannot_keep_somebody_out_of_their_own_browser(house: House) -> None:
    device = (await house.sign_in()).device
    for _ in range(60):  # an hour of it
        await house.failures.book("acme", {Counted.ACCOUNT: "ana"}, house.clock.now())
        house.wait(seconds=61)
    await house.failures.book("acme", {Counted.ACCOUNT: "ana"}, house.clock.now())
    with pytest.raises(SignInWaits) as waits:
        await house.sign_in(address=ELSEWHERE)
    assert waits.value.retry_after is not None
    assert waits.value.retry_after <= 60
    # Somebody else's known device opens nothing here.
    with pytest.raises(SignInWaits):
        await house.sign_in(device=(await house.sign_in("root")).device)
    assert (await house.sign_in(device=device)).device == device
    # A known device has waits of its own, so that a stolen one guesses no faster.
    await house.fail(6, device=device)
    with pytest.raises(SignInWaits):
        await house.sign_in(device=device)
    await house.accounts.set_password("acme", "ana", ADMINISTRATOR, password="set by an administrator")
    await house.sign_in(password="set by an administrator", address=ELSEWHERE)


async def test_a_hundred_attempts_at_once_are_counted_one_by_one(house: House) -> None:
    done = await asyncio.gather(
        *(house.sign_in(password=f"guess {number}") for number in range(12)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["SignInRefused"] * 6 + ["SignInWaits"] * 6


async def test_an_address_waits_whomever_it_tries_and_however_it_is_written(house: House) -> None:
    now = house.clock.now()
    for _ in range(21):
        assert await house.failures.book("acme", {Counted.ADDRESS: ELSEWHERE}, now) is None
    for platform in ("acme", "nowhere"):
        with pytest.raises(SignInWaits):
            await house.accounts.sign_in(platform, "root", PASSWORD, address=f"::ffff:{ELSEWHERE}")
    await house.sign_in("root", address=HOME)


async def test_who_waits_leaves_nothing_behind_whatever_names_they_make_up(house: House) -> None:
    for _ in range(21):
        await house.failures.book("acme", {Counted.ADDRESS: HOME}, house.clock.now())
    async with house.store.reading() as connection:
        kept = await connection.scalar(sa.text("SELECT count(*) FROM sign_in_failures"))
    for number in range(5):
        with pytest.raises(SignInWaits):
            await house.sign_in(login=f"nobody{number}")
    async with house.store.reading() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM sign_in_failures")) == kept


async def test_a_session_ends_when_it_is_idle_and_at_the_latest_after_half_a_day(house: House) -> None:
    token = (await house.sign_in()).token
    for _ in range(14):
        house.wait(minutes=50)
        assert await house.accounts.session(token) is not None
    house.wait(minutes=30)
    assert await house.accounts.session(token) is None
    token = (await house.sign_in()).token
    house.wait(minutes=61)
    assert await house.accounts.session(token) is None


@pytest.mark.parametrize("change", ["roles", "disabled", "password", "own password"])
async def test_what_changes_rights_ends_every_session(house: House, change: str) -> None:
    first, second = await house.sign_in(), await house.sign_in()
    session = await house.accounts.session(first.token)
    assert session is not None
    renewed: SignedIn | None = None
    if change == "roles":
        assert await house.accounts.set_roles("acme", "ana", ["senior"], ADMINISTRATOR)
    elif change == "disabled":
        assert await house.accounts.set_disabled("acme", "ana", True, ADMINISTRATOR)
    elif change == "password":
        made = await house.accounts.set_password("acme", "ana", ADMINISTRATOR)
        assert made is not None
        again = await house.sign_in(password=made)
        assert again.user.password_due
    else:
        renewed = await house.accounts.change_password(session, PASSWORD, "another long password")
    for token in (first.token, second.token):
        assert await house.accounts.session(token) is None
    if renewed is not None:
        assert await house.accounts.session(renewed.token) is not None
        with pytest.raises(SignInRefused):
            await house.sign_in()


async def test_a_given_password_that_nobody_used_opens_nothing_a_week_later(house: House) -> None:
    made = await house.accounts.set_password("acme", "ana", ADMINISTRATOR)
    assert made is not None
    house.wait(days=7)
    await house.sign_in(password=made)
    house.wait(seconds=1)
    with pytest.raises(SignInRefused):
        await house.sign_in(password=made)


async def test_a_session_cannot_start_on_a_password_changed_meanwhile(house: House) -> None:
    found = await Users(house.store.database).get("acme", "ana")
    assert found is not None
    await house.accounts.set_password("acme", "ana", ADMINISTRATOR)
    with pytest.raises(LookupError):
        await house.sessions.start(found.user, found.password_hash, house.clock.now(), device=None)


async def test_a_taken_session_cannot_guess_the_password(house: House) -> None:
    session = await house.accounts.session((await house.sign_in()).token)
    assert session is not None
    said: list[type[Exception]] = []
    for _ in range(7):
        with pytest.raises((SignInRefused, SignInWaits)) as refused:
            await house.accounts.change_password(session, "guess", "another long password")
        said.append(refused.type)
    assert said == [SignInRefused] * 6 + [SignInWaits]


async def test_a_platform_keeps_an_administrator_and_nobody_changes_themselves(house: House) -> None:
    root = Actor(ActorKind.PERSON, "user:root")
    for change in (
        house.accounts.set_roles("acme", "root", ["reviewer"], root),
        house.accounts.set_disabled("acme", "root", True, root),
        house.accounts.set_password("acme", "root", root),
    ):
        with pytest.raises(Conflict):
            await change
    operator = Actor(ActorKind.PERSON, "cli:somebody")
    with pytest.raises(Conflict):
        await house.accounts.set_disabled("acme", "root", True, operator)
    await house.accounts.set_roles("acme", "ana", ["administrator"], root)
    # The last two, each removing the other at the same moment.
    ana = Actor(ActorKind.PERSON, "user:ana")
    done = await asyncio.gather(
        house.accounts.set_disabled("acme", "ana", True, root),
        house.accounts.set_disabled("acme", "root", True, ana),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Conflict", "bool"]


async def test_what_cannot_be_added_is_refused(house: House) -> None:
    for wrong, arguments in (
        (Conflict, ("acme", "ANA", ["reviewer"])),
        (NotFound, ("nowhere", "bo", ["reviewer"])),
        (InvalidRequest, ("acme", "bo", [])),
        (InvalidRequest, ("acme", "bo bo", ["reviewer"])),
    ):
        with pytest.raises(wrong):
            await house.accounts.add(*arguments, ADMINISTRATOR)
    with pytest.raises(InvalidRequest):
        await house.accounts.add("acme", "bo", ["reviewer"], ADMINISTRATOR, password="short")
    assert [user.login for user in await house.accounts.listed("acme")] == ["ana", "root"]


def test_users_of_the_domain_hold_no_secret() -> None:
    assert not {field.name for field in dataclasses.fields(User)} & {"password", "password_hash", "token"}
