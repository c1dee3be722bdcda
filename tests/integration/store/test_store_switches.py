"""The kill switch: seen by every process in its next transaction, and by those that were already deciding."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.cases import CaseState
from service.domain.clock import FixedClock
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.store import Decided, Outdated, Store
from service.store.platforms import Stopped
from service.store.standing import still_holds
from service.store.switches import Switches
from service.store.tables import audit

LIN, WANG = (Actor(ActorKind.PERSON, f"cli:{name}") for name in ("lin", "wang"))


@pytest.fixture
def switches(store: Store) -> Switches:
    return Switches(store.database)


@pytest.fixture
async def another_process(store: Store, database_url: str, tmp_path: Path, now) -> AsyncIterator[Store]:
    """A second pool, as another process would have; nothing is shared but the database."""
    opened = Store(database_url, str(tmp_path / "evidence"), clock=FixedClock(now))
    await opened.open()
    yield opened
    await opened.close()


async def entries(store: Store) -> list[str]:
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(audit.c.action).where(audit.c.subject == "platform:acme"))
        return list(rows.scalars())


async def test_an_approval_made_before_the_stop_is_not_stored_after_it(
    store, another_process, switches, accept_request, decide_request, now
):
    accepting = accept_request()
    await store.accept(accepting)
    deciding = decide_request(accepting.case_id)
    approval = replace(deciding, assessment=replace(deciding.assessment, mode=PlatformMode.DEMO))
    await Switches(another_process.database).stop("acme", "forged pages", LIN, now)
    assert await store.decide(approval) == Outdated()
    assert (await store.load_case("acme", accepting.case_id)).case.state is CaseState.ACCEPTED
    # To a person it may go all the same.
    manual = decide_request(accepting.case_id, approve=False)
    assert await another_process.decide(manual) == Decided(manual.assessment, True)


async def test_neither_is_one_made_before_the_breaker_tripped_or_in_another_mode(
    store, switches, accept_request, decide_request, now
):
    accepting = accept_request()
    await store.accept(accepting)
    deciding = decide_request(accepting.case_id)
    live = replace(deciding, assessment=replace(deciding.assessment, mode=PlatformMode.LIVE))
    assert await store.decide(live) == Outdated()  # it is a demo: another certificate counts
    await store.trip_breaker("acme", "too much wrong", LIN, now)
    assert await store.decide(deciding) == Outdated()
    await store.reset_breaker("acme", "mended", LIN, WANG, now)
    assert isinstance(await store.decide(deciding), Decided)


async def test_a_stop_waits_for_approvals_being_stored_and_later_ones_see_it(
    store, another_process, switches, make_assessment, accept_request, now
):
    approval = make_assessment(accept_request().case_id)
    async with another_process.transaction() as tx:
        assert await still_holds(tx, "acme", approval)
        stopping = asyncio.create_task(switches.stop("acme", "forged pages", LIN, now))
        await asyncio.sleep(0.2)
        assert not stopping.done()
    assert await asyncio.wait_for(stopping, 1)
    async with another_process.transaction() as tx:
        assert not await still_holds(tx, "acme", approval)


async def test_a_process_that_hangs_does_not_keep_a_platform_from_being_stopped(
    store, another_process, switches, make_assessment, accept_request, now
):
    approval = make_assessment(accept_request().case_id)
    async with another_process.transaction() as hanging:
        assert await still_holds(hanging, "acme", approval)
        begun = time.monotonic()
        await switches.stop("acme", "forged pages", LIN, now)
        assert time.monotonic() - begun < 1
        assert (await store.platform("acme")).mode is PlatformMode.STOPPED


async def test_two_people_resume_it_in_the_mode_it_had(store, switches, now):
    assert await switches.stop("acme", "forged  pages", LIN, now)
    assert not await switches.stop("acme", "again", WANG, now)
    stopped = await store.platform("acme")
    assert stopped.stopped == Stopped(at=now, reason="forged pages", was=PlatformMode.DEMO)
    for second in (LIN, Actor(ActorKind.PERSON, "cli: LIN"), Actor(ActorKind.KEY, "key-1")):
        with pytest.raises(Conflict, match="another"):
            await switches.resume("acme", "mended", LIN, second, now)
    with pytest.raises(Conflict, match="is stopped"):
        await switches.set_mode("acme", PlatformMode.LIVE, LIN, now, reason="go", approved_by=WANG)
    assert await switches.resume("acme", "mended", LIN, WANG, now) is PlatformMode.DEMO
    with pytest.raises(Conflict, match="not stopped"):
        await switches.resume("acme", "mended", LIN, WANG, now)
    assert sorted(await entries(store)) == ["platform.added", "platform.resumed", "platform.stopped"]


async def test_only_two_people_let_claims_be_approved(store, switches, now):
    assert await switches.set_mode("acme", PlatformMode.OBSERVING, LIN, now, reason="new terms")
    for second in (None, LIN):
        with pytest.raises(Conflict, match="approved by another"):
            await switches.set_mode("acme", PlatformMode.LIVE, LIN, now, reason="go", approved_by=second)
    assert await switches.set_mode("acme", PlatformMode.LIVE, LIN, now, reason="go", approved_by=WANG)
    assert (await store.platform("acme")).mode is PlatformMode.LIVE
    assert await switches.set_mode("acme", PlatformMode.STOPPED, LIN, now, reason="enough")
    assert (await store.platform("acme")).stopped.was is PlatformMode.LIVE


async def test_a_reason_is_given_and_the_platform_exists(switches, now):
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(InvalidRequest, match="say why"):
            await switches.stop("acme", reason, LIN, now)
    with pytest.raises(NotFound):
        await switches.stop("nobody", "forged pages", LIN, now)
