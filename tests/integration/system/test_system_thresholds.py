"""A tightened threshold in the whole service: earlier decisions stay repeatable, later ones are held to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.demo.scenarios import scenarios
from service.demo.server import demo_settings, prepare
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Assessment
from service.review.requests import Caller, Scope, Submission, UploadedFile
from service.settings import Settings

LIN, WANG = (Actor(ActorKind.PERSON, f"user:{name}") for name in ("lin", "wang"))


async def submit(deployment: wiring.Deployment, data: dict[str, Any], *files: Path) -> tuple[str, Assessment]:
    answer = await deployment.review.submit(
        Caller(key_id="k", platform_id="demo", scopes=frozenset(Scope), actor=LIN),
        Submission(
            claim=ClaimIn.model_validate(data).to_domain("demo"),
            claim_data=data,
            files=tuple(UploadedFile(name=file.name, data=file.read_bytes()) for file in files),
            idempotency_key=data["reference"],
        ),
    )
    assert answer.view.assessment is not None
    return answer.view.case.number, answer.view.assessment


@pytest.mark.proof
async def test_what_is_tightened_holds_from_the_next_decision_on(database_url: str, tmp_path: Path) -> None:
    settings = demo_settings(Settings(home=tmp_path, reader_workers=1)).model_copy(update={"home": tmp_path})
    await prepare(settings, database_url)
    good = next(one for one in scenarios() if one.id == "good_evidence")
    one_click = next(one for one in scenarios() if one.expects.get("approval_class") == "one_click")
    async with wiring.running(wiring.build(settings, database_url)) as deployment:
        number, before = await submit(deployment, good.claim, *good.files)
        assert before.verdict.approval_class == "risk"
        assert before.risk is not None

        risk, lower = deployment.use_cases.risk, round(before.risk.probability * 0.9, 6)
        proposal = await risk.propose_threshold("demo", lower, "two rings were found", LIN)
        await risk.approve("demo", proposal.id, WANG)
        assert (await risk.overview("demo")).threshold == lower

        report = await wiring.replay(deployment).case(number)
        assert (report.same, report.differences) == (True, ())
        later, after = await submit(deployment, one_click.claim)
        assert (after.certificate, after.threshold) == (before.certificate, lower)
        assert (await wiring.replay(deployment).case(later)).differences == ()
