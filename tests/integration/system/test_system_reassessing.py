"""New looks at a case: each decision can be repeated, also one superseded since, and nothing is decided on less."""

from __future__ import annotations

import asyncio
import copy
import math
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from running_service import CLOCK_START, SCREENS, Site, migrated_database, new_claim, set_up

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Decision, PlatformMode
from service.domain.cases import CaseState
from service.domain.lifecycle import Party
from service.policy import platform_policy_text
from service.review.desk import Acting
from service.review.requests import Caller, CaseView, Scope, Submission, UploadedFile
from service.settings import Settings
from service.store import EmbeddedPostgres

PERSON = Actor(ActorKind.PERSON, "tester")
ASKING = """
confirmations:
  - id: C1
    ask: supplier
    when: log_unknown
    before: approval
    zh: 我们正在向供应商核实。
    en: We are asking the supplier.
"""
PAGES = ("0011-toast.jpg", "0003-order_cards.jpg")


class House:
    """One deployment without a worker: jobs are done when a test says so."""

    def __init__(self, deployment: wiring.Deployment) -> None:
        self.deployment = deployment
        self.work = deployment.use_cases.casework
        self.platform = "demo"

    def acting(self, party: Party = Party.PLATFORM, name: str = "tester") -> Acting:
        return Acting(platform_id=self.platform, party=party, actor=Actor(ActorKind.PERSON, name))

    async def submit(self, data: dict[str, Any], *pages: str, key: str = "") -> CaseView:
        caller = Caller(key_id="k", platform_id=self.platform, scopes=frozenset(Scope), actor=PERSON)
        submission = Submission(
            claim=ClaimIn.model_validate(data).to_domain(self.platform),
            claim_data=data,
            files=self.files(*pages),
            idempotency_key=key or uuid.uuid4().hex,
        )
        return (await self.deployment.review.submit(caller, submission)).view

    def files(self, *pages: str) -> tuple[UploadedFile, ...]:
        return tuple(UploadedFile(name=name, data=(SCREENS / name).read_bytes()) for name in pages)

    async def add(self, view: CaseView, *pages: str) -> CaseView:
        kept = await self.work.materials.receive(self.platform, self.files(*pages))
        return await self.work.materials.add_evidence(self.acting(), view.case.id, kept)

    async def finish(self, view: CaseView) -> CaseView:
        await self.deployment.review.finish(self.platform, view.case.id, attempt=1)
        return await self.work.view(self.acting(), view.case.id)


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path, migrated_database(postgres))


@pytest.fixture
async def house(site: Site, tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings(home=tmp_path, reader_workers=1, clock_start=CLOCK_START)
    async with wiring.running(wiring.build(settings, site.url)) as deployment:
        yield House(deployment)


def disputed_use() -> dict[str, Any]:
    """The platform's log speaks against the claim: a person decides."""
    return new_claim(fulfilment={"state": "delivered", "use": "activated"})


async def test_every_assessment_of_a_case_can_be_repeated(house: House) -> None:
    view = await house.submit(disputed_use(), PAGES[0])
    number = view.case.number

    def corrected(request: Any) -> Any:
        changed = copy.deepcopy(dict(request))
        changed["fulfilment"] = {"state": "failed"}
        return ClaimIn.model_validate(changed).to_domain("demo"), changed

    await house.work.materials.correct(house.acting(), view.case.id, corrected, ("fulfilment",))
    await house.finish(view)
    await house.add(view, PAGES[1])
    after = await house.finish(view)
    assert after.assessment is not None
    assert len(after.assessment.evidence) == 2
    kept = await house.deployment.store.casework.assessments("demo", view.case.id)
    assert [one.superseded_at is None for one in kept] == [False, False, True]
    assert [one.claim.fulfilment.state.value for one in kept] == ["delivered", "failed", "failed"]
    # Looked at again, a claim is as old and as frequent as it was: its own request is no earlier one.
    first, last = kept[0].assessment.features, kept[-1].assessment.features
    changed = {name for name in first if first[name] != last[name] and not math.isnan(first[name])}
    assert not [name for name in changed if name.startswith("account_") or "hours" in name], changed
    replay = wiring.replay(house.deployment)
    for one in kept:
        report = await replay.case(number, str(one.assessment.id))
        assert (report.same, report.differences) == (True, ())


async def test_what_comes_in_while_a_claim_is_assessed_is_in_its_decision(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer is not stored: it had not seen what the second claim brought."""
    data = new_claim()  # by itself approved: an unused code that can be voided
    assessor = house.deployment.review._assessor
    wanted, going = asyncio.Event(), asyncio.Event()
    plain = assessor.assess

    async def slowly(*given: Any, **named: Any) -> Any:
        assessed = await plain(*given, **named)
        if not wanted.is_set():
            wanted.set()
            await going.wait()
        return assessed

    monkeypatch.setattr(assessor, "assess", slowly)
    first = asyncio.create_task(house.submit(data))
    await wanted.wait()
    linked = await house.submit({**data, "reference": "RF-other"}, PAGES[0])
    assert linked.assessment is None
    going.set()
    decided = await first
    assert decided.assessment is not None
    assert [item.sha256 for item in decided.assessment.evidence] != []
    kept = await house.deployment.store.casework.assessments("demo", decided.case.id)
    assert len(kept) == 1


async def test_the_supplier_is_asked_before_a_person_and_the_answer_may_approve(house: House) -> None:
    house.platform = "asking"
    text = platform_policy_text("demo").replace("platform: demo", "platform: asking", 1) + ASKING
    await wiring.set_up_platform(house.deployment, text, PlatformMode.DEMO, PERSON)
    data = new_claim(fulfilment={"state": "delivered", "delivered_at": "2026-11-20T21:04:42+08:00", "voidable": True})
    view = await house.submit(data)
    assert view.case.state is CaseState.AWAITING_SUPPLIER
    question = "我们正在向供应商核实。\nWe are asking the supplier."
    assert view.steps[-1].data == {"asked": "supplier", "question": question}
    assert view.deadline is not None

    def corrected(request: Any) -> Any:
        changed = copy.deepcopy(dict(request))
        changed["fulfilment"]["use"] = "never_viewed"
        return ClaimIn.model_validate(changed).to_domain("asking"), changed

    await house.work.materials.answer_supplier(house.acting(), view.case.id, "never activated", corrected)
    after = await house.finish(view)
    assert after.assessment is not None
    assert after.assessment.answered == ("supplier",)
    assert after.assessment.verdict.decision is Decision.AUTO_APPROVED
    assert after.grant is not None
