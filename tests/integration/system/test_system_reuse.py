"""A page sent again for another order: found in the request, shown to nobody but reviewers, the same on replay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from running_service import CLOCK_START, SCREENS, Site, migrated_database, new_claim, set_up

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Assessment, Decision
from service.domain.checks import CheckCode, Result
from service.domain.reuse import ReuseKind, Standing
from service.review.requests import Caller, Scope, Submission, UploadedFile
from service.settings import Settings
from service.store import EmbeddedPostgres

EDITED = SCREENS / "edited"
PAGE, RESCALED, CROPPED, ALIKE = (
    EDITED / f"0001-order_inline{suffix}"
    for suffix in (".jpg", "--rescaled.jpg", "--cropped_5.jpg", "--lookalike.webp")
)
TAMPERED = EDITED / "0001-order_inline--retyped_same_font.jpg"


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path, migrated_database(postgres))


@pytest.fixture
async def running(site: Site, tmp_path: Path) -> AsyncIterator[wiring.Deployment]:
    settings = Settings(home=tmp_path, reader_workers=1, clock_start=CLOCK_START)
    async with wiring.running(wiring.build(settings, site.url)) as deployment:
        yield deployment


async def submit(deployment: wiring.Deployment, account: str, *pages: Path) -> tuple[str, Assessment]:
    """Case number and assessment of a new order's claim with these pages."""
    data: dict[str, Any] = new_claim()
    data["account"] = {**data["account"], "id": account}
    answer = await deployment.review.submit(
        Caller(key_id="k", platform_id="demo", scopes=frozenset(Scope), actor=Actor(ActorKind.PERSON, "tester")),
        Submission(
            claim=ClaimIn.model_validate(data).to_domain("demo"),
            claim_data=data,
            files=tuple(UploadedFile(name=page.name, data=page.read_bytes()) for page in pages),
            idempotency_key=f"{account} {data['order']['order_number']}",
        ),
    )
    assert answer.view.assessment
    return answer.view.case.number, answer.view.assessment


def original(assessment: Assessment) -> Result:
    return next(check.result for check in assessment.checks if check.code is CheckCode.EVIDENCE_ORIGINAL)


async def test_a_page_sent_again_is_found_whatever_was_done_to_it(running: wiring.Deployment) -> None:
    _, first = await submit(running, "one", PAGE)
    assert (original(first), first.reuse, first.reused_orders) == (Result.PASS, (), 0)
    for name, page, kind in (
        ("two", PAGE, ReuseKind.SAME_BYTES),
        ("three", RESCALED, ReuseKind.SAME_PICTURE),
        ("four", CROPPED, ReuseKind.SAME_PICTURE),
        ("five", TAMPERED, ReuseKind.SAME_PICTURE_EDITED),
    ):
        number, again = await submit(running, name, page)
        assert original(again) is Result.FAIL
        assert again.verdict.decision is not Decision.AUTO_APPROVED
        assert "evidence_reused" in {reason.code for reason in again.verdict.reasons}
        match = next(one for one in again.reuse if one.other_case_id == first.case_id)
        assert (match.kind, match.standing, match.same_account) == (kind, Standing.REUSED, False)
        assert again.features["reused_accounts"] == again.reused_accounts == again.reused_orders > 0
        report = await wiring.replay(running).case(number)
        assert report.differences == ()
    _, other = await submit(running, "six", ALIKE)
    assert (original(other), other.reused_orders) == (Result.PASS, 0)


async def test_what_came_later_does_not_change_a_replay(running: wiring.Deployment) -> None:
    number, first = await submit(running, "one", PAGE)
    await submit(running, "two", RESCALED)
    report = await wiring.replay(running).case(number)
    assert (report.same, report.differences) == (True, ())
    assert original(first) is Result.PASS


async def test_of_two_claims_at_once_not_both_pass_as_original(running: wiring.Deployment) -> None:
    answers = await asyncio.gather(submit(running, "one", RESCALED), submit(running, "two", CROPPED))
    assert sorted(original(assessment) for _, assessment in answers) == [Result.FAIL, Result.PASS]


async def test_a_comparison_that_fails_ends_with_a_person(
    running: wiring.Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submit(running, "one", PAGE)
    running.reader.stop()
    monkeypatch.setattr(running.reader, "deadline_seconds", 0.5)
    _, again = await submit(running, "two", PAGE, RESCALED)
    assert original(again) is not Result.PASS
    assert again.verdict.decision is not Decision.AUTO_APPROVED
