"""What takes two people: proposed, agreed to, in effect on every process; and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.domain.actors import PREREVIEW_JOB, Actor, ActorKind
from service.domain.assessment import PlatformMode, Risk
from service.domain.cases import CaseState
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.domain.proposals import VALID_FOR, ProposalEnd, ProposalKind
from service.features import FEATURE_HASH
from service.scoring import Champion
from service.store import Decided, Outdated, Store
from service.store.risk_proposals import RiskProposals
from service.store.switches import Switches
from service.store.tables import audit

LIN, WANG, CHEN = (Actor(ActorKind.PERSON, f"user:{name}") for name in ("lin", "wang", "chen"))
CERTIFICATE = Champion(Path(__file__).parents[3] / "models" / "risk", feature_hash=FEATURE_HASH).current().certificate
LOWER = round(CERTIFICATE.threshold / 2, 6)


@pytest.fixture
def desk(store: Store) -> RiskProposals:
    return RiskProposals(store.database)


async def tighten(desk, now, threshold=LOWER, actor=LIN, certificate=CERTIFICATE, platform="acme"):
    return await desk.propose(
        platform, ProposalKind.TIGHTEN, "forged pages", actor, now, threshold=threshold, certificate=certificate
    )


async def trail(store: Store) -> list[tuple[str, str]]:
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(audit.c.action, audit.c.actor_name).order_by(audit.c.id))
        return [tuple(row) for row in rows]


async def test_a_threshold_is_tightened_by_two_and_every_step_is_kept(store, desk, now):
    proposal = await tighten(desk, now)
    assert (await store.platform("acme")).threshold_limits == {}
    done = await desk.approve("acme", proposal.id, WANG, now + timedelta(hours=1), CERTIFICATE)
    assert (done.ended_as, done.ended_by) == (ProposalEnd.APPROVED, WANG)
    assert (await store.platform("acme")).threshold_limits == {CERTIFICATE.id: LOWER}
    assert (await trail(store))[1:] == [
        ("risk.proposed", "user:lin"),
        ("risk.proposal_approved", "user:wang"),
        ("platform.threshold_tightened", "user:lin"),
    ]
    assert [one.ended_as for one in await desk.listed("acme")] == [ProposalEnd.APPROVED]


@pytest.mark.parametrize("same", ["user:lin", "cli:Lin", "console: LIN "])
async def test_nobody_agrees_to_their_own(store, desk, now, same):
    proposal = await tighten(desk, now)
    with pytest.raises(Conflict, match="another"):
        await desk.approve("acme", proposal.id, Actor(ActorKind.PERSON, same), now, CERTIFICATE)
    with pytest.raises(Conflict, match="another"):
        await desk.approve("acme", proposal.id, PREREVIEW_JOB, now, CERTIFICATE)
    assert (await store.platform("acme")).threshold_limits == {}


@pytest.mark.parametrize("threshold", [CERTIFICATE.threshold, CERTIFICATE.threshold + 0.01, 1.0, -0.1, float("nan")])
async def test_loosening_is_refused_whoever_asks(store, desk, now, threshold):
    with pytest.raises(InvalidRequest, match="new certificate"):
        await tighten(desk, now, threshold)
    assert await desk.listed("acme") == ()


async def test_what_was_tightened_is_never_loosened_again_under_its_certificate(store, desk, now):
    await desk.approve("acme", (await tighten(desk, now)).id, WANG, now, CERTIFICATE)
    with pytest.raises(InvalidRequest, match="new certificate"):
        await tighten(desk, now, LOWER * 1.5)
    newer = replace(CERTIFICATE, id="cert-new")
    assert (await tighten(desk, now, LOWER * 1.5, certificate=newer)).certificate == "cert-new"


async def test_a_proposal_under_a_certificate_that_went_is_void(store, desk, now):
    proposal = await tighten(desk, now)
    for other in (replace(CERTIFICATE, id="cert-new"), None):
        with pytest.raises(Conflict, match="certificate"):
            await desk.approve("acme", proposal.id, WANG, now, other)
    assert (await store.platform("acme")).threshold_limits == {}


async def test_a_proposal_lapses_and_one_of_a_kind_waits(store, desk, now):
    proposal = await tighten(desk, now)
    with pytest.raises(Conflict, match="waits"):
        await tighten(desk, now, actor=CHEN)
    late = now + VALID_FOR
    with pytest.raises(Conflict, match="three days"):
        await desk.approve("acme", proposal.id, WANG, late, CERTIFICATE)
    assert await tighten(desk, late, actor=CHEN)


async def test_it_is_withdrawn_by_its_maker_and_refused_by_another(store, desk, now):
    for actor, end in ((LIN, ProposalEnd.WITHDRAWN), (WANG, ProposalEnd.REFUSED)):
        proposal = await tighten(desk, now)
        done = await desk.decline("acme", proposal.id, "not now", actor, now)
        assert (done.ended_as, done.ended_why) == (end, "not now")
        with pytest.raises(Conflict, match="decided already"):
            await desk.approve("acme", proposal.id, CHEN, now, CERTIFICATE)
    assert (await store.platform("acme")).threshold_limits == {}


async def test_of_two_who_agree_at_once_one_does(store, desk, now):
    proposal = await tighten(desk, now)
    answers = await asyncio.gather(
        *(desk.approve("acme", proposal.id, person, now, CERTIFICATE) for person in (WANG, CHEN)),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Proposal"]
    assert [action for action, _ in await trail(store)].count("platform.threshold_tightened") == 1


async def test_another_platforms_proposal_is_none(store, desk, now):
    proposal = await tighten(desk, now)
    await store.add_platform(replace(await store.platform("acme"), id="north"), LIN)
    for doing in (
        desk.approve("north", proposal.id, WANG, now, CERTIFICATE),
        desk.decline("north", proposal.id, "no", WANG, now),
        desk.approve("acme", new_id(), WANG, now, CERTIFICATE),
        tighten(desk, now, platform="nowhere"),
    ):
        with pytest.raises(NotFound):
            await doing
    assert await desk.listed("north") == ()


async def test_a_stopped_platform_goes_on_by_two_unless_it_was_stopped_again(store, desk, now):
    switches = Switches(store.database)
    with pytest.raises(Conflict, match="not stopped"):
        await desk.propose("acme", ProposalKind.RESUME, "mended", LIN, now)
    await switches.stop("acme", "forged pages", LIN, now)
    proposal = await desk.propose("acme", ProposalKind.RESUME, "mended", LIN, now + timedelta(minutes=1))
    await switches.resume("acme", "by hand", LIN, CHEN, now + timedelta(minutes=2))
    await switches.stop("acme", "again", CHEN, now + timedelta(minutes=3))
    with pytest.raises(Conflict, match="stopped again"):
        await desk.approve("acme", proposal.id, WANG, now + timedelta(minutes=4), None)
    assert (await store.platform("acme")).mode is PlatformMode.STOPPED
    await desk.decline("acme", proposal.id, "stale", WANG, now + timedelta(minutes=4))
    again = await desk.propose("acme", ProposalKind.RESUME, "mended", LIN, now + timedelta(minutes=5))
    await desk.approve("acme", again.id, WANG, now + timedelta(minutes=6), None)
    assert (await store.platform("acme")).mode is PlatformMode.DEMO


async def test_a_tripped_breaker_is_reset_by_two(store, desk, now):
    with pytest.raises(Conflict, match="not tripped"):
        await desk.propose("acme", ProposalKind.RESET_BREAKER, "mended", LIN, now)
    await store.trip_breaker("acme", "too much wrong", PREREVIEW_JOB, now)
    proposal = await desk.propose("acme", ProposalKind.RESET_BREAKER, "mended", LIN, now)
    assert (await store.platform("acme")).breaker is not None
    await desk.approve("acme", proposal.id, WANG, now, None)
    assert (await store.platform("acme")).breaker is None


async def test_an_approval_made_before_the_threshold_was_tightened_is_not_stored_after_it(
    store, desk, accept_request, decide_request, make_claim, now
):
    async def approval(number: int, risk: float, approval_class: str = "risk"):
        accepting = accept_request(make_claim(f"T{number}"), f"key-{number}")
        await store.accept(accepting)
        deciding = decide_request(accepting.case_id)
        verdict = replace(deciding.assessment.verdict, approval_class=approval_class)
        seen = Risk(probability=risk, log_odds=0.0, base=0.0, contributions=(), model=CERTIFICATE.model)
        made = replace(
            deciding.assessment, verdict=verdict, risk=seen, certificate=CERTIFICATE.id, mode=PlatformMode.DEMO
        )
        return replace(deciding, assessment=made)

    above, below = await approval(1, LOWER * 1.01), await approval(2, LOWER)
    costless = await approval(3, 0.9, "recoverable")
    await desk.approve("acme", (await tighten(desk, now)).id, WANG, now, CERTIFICATE)
    assert await store.decide(above) == Outdated()
    assert (await store.load_case("acme", above.case_id)).case.state is CaseState.ACCEPTED
    for other in (below, costless):
        assert await store.decide(other) == Decided(other.assessment, True)
