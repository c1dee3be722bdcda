"""How a command acts on a case: found by its number, acted on by a person, shown afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rich.table import Table

from service import wiring
from service.api.rendering import case_out
from service.cli import console
from service.cli.operator import operator, person
from service.domain.errors import BadRequest, NotFound
from service.domain.lifecycle import Party
from service.review.casework import CaseWork
from service.review.desk import Acting
from service.review.requests import Caller, CaseView
from service.store import CaseRecord

Act = Callable[[CaseWork, Acting, uuid.UUID], Awaitable[CaseView]]


def reviewer(senior: bool) -> Party:
    return Party.SENIOR if senior else Party.REVIEWER


def act_on(reference: str, party: Party, by: str | None, as_json: bool, act: Act | None) -> None:
    async def work() -> CaseView:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            record = await find(deployment, reference)
            # Whoever works here sees the risk, so no judgement made here is blind.
            who = Acting(platform_id=record.case.platform_id, party=party, actor=person(by), score_seen=True)
            casework = deployment.use_cases.casework
            return await (casework.view if act is None else _of(act, casework))(who, record.case.id)

    view = console.run(work())
    shown = case_out(view, language="zh", internal=True, people=True).model_dump(mode="json")
    if as_json:
        console.print_json(shown)
    else:
        _print(shown)


def link_of(reference: str) -> str:
    """The address of the buyer's page; NotFound."""

    async def work() -> str:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            case = (await find(deployment, reference)).case
            caller = Caller(key_id="cli", platform_id=case.platform_id, scopes=frozenset(), actor=operator())
            return await deployment.use_cases.buyers.link(caller, case.id)

    if not console.settings().public_url:
        console.errors.print("PREREVIEW_PUBLIC_URL is not set: this is the path alone.")
    return console.run(work())


async def find(deployment: wiring.Deployment, reference: str) -> CaseRecord:
    """By id or number, on whatever platform; NotFound."""
    record = await deployment.store.find_case(reference)
    if record is None:
        raise NotFound(f"There is no case {reference!r}. Give its id or its number, e.g. R261120-7K3M9Q2XWA.")
    return record


def _of(act: Act, casework: CaseWork) -> Callable[[Acting, uuid.UUID], Awaitable[CaseView]]:
    return lambda who, case_id: act(casework, who, case_id)


def _print(case: dict[str, Any]) -> None:
    table = Table(show_header=False, title=f"{case['number']} · {case['state']}", title_justify="left")
    table.add_row("version", str(case["version"]))
    if case["amount"] is not None:
        table.add_row("granted", f"{case['amount']} {case['currency']} (minor units)")
    if deadline := case.get("deadline"):
        table.add_row(f"{deadline['due']} due", deadline["due_at"])
    if proposed := case.get("pending_second"):
        table.add_row(
            "proposed", f"{proposed['action']} {proposed['amount']} by {proposed['by']}: one more has to agree"
        )
    table.add_row("to the buyer", console.shown(case["buyer"]["message"]))
    for party, actions in case.get("actions", {}).items():
        table.add_row(f"{party} may", ", ".join(actions))
    for step in case.get("history", []):
        who = step["by"] or step["party"]
        table.add_row(step["at"][:16], console.shown(f"{step['action']} by {who} → {step['to_state']}"))
    console.out.print(table)


def file_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from None
