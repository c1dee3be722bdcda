"""`prereview decide` and `prereview replay`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.api.body import parse_json, refuse_unstorable
from service.api.rendering import case_out
from service.api.schemas.claims import ClaimIn
from service.api.validation import validate
from service.cli import console
from service.cli.operator import operator
from service.domain.errors import BadRequest, InvalidClaim
from service.review.replay import ReplayReport
from service.review.requests import Answer, Caller, Scope, Submission, UploadedFile
from service.review.submissions import body_digest

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


def register(app: typer.Typer) -> None:
    app.command("decide")(decide)
    app.command("replay")(replay)


def decide(
    claim: Annotated[Path, typer.Argument(metavar="CLAIM.json", help="The claim as the API takes it.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="More evidence.")] = None,
    evidence: Annotated[list[Path] | None, typer.Option(help="Screenshots of the claim.")] = None,
    platform: Annotated[str, typer.Option(help="Platform, where the claim does not name it.")] = "",
    key: Annotated[str, typer.Option(help="Idempotency key; default: the claim's own digest.")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    as_json: AsJson = False,
) -> None:
    """Decide one claim here, with the database and models of this deployment. The case is stored like any other.

    Examples:

        prereview decide claim.json --evidence order.png bill.jpg

        prereview decide claim.json --platform demo --json
    """
    document = parse_json(_bytes(claim), str(claim))
    refuse_unstorable(document, InvalidClaim)
    described = validate(ClaimIn, document, InvalidClaim)
    chosen = platform or described.platform
    if not chosen or (described.platform and chosen != described.platform):
        raise BadRequest("Name the platform, once: in the claim as `platform`, or with --platform.")
    parsed = described.to_domain(chosen)
    files = tuple(UploadedFile(name=path.name, data=_bytes(path)) for path in [*(evidence or []), *(more or [])])
    hashes = [hashlib.sha256(file.data).hexdigest() for file in files]
    submission = Submission(
        claim=parsed,
        claim_data=document,
        files=files,
        idempotency_key=key or f"cli-{body_digest(document, hashes)}",
    )
    caller = Caller(
        key_id="cli",
        platform_id=parsed.platform_id,
        scopes=frozenset(Scope),
        actor=operator(),
    )

    async def work() -> Answer:
        async with wiring.deployed(console.settings()) as deployment:
            return await deployment.review.submit(caller, submission)

    answer = console.run(work())
    rendered = case_out(
        answer.view, language=language, internal=True, linked_claim_id=answer.linked_claim_id
    ).model_dump(mode="json")
    if as_json:
        console.print_json(rendered)
    else:
        console.out.print(_answer_table(rendered))


def replay(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id or number.")],
    assessment: Annotated[
        str | None,
        typer.Option(metavar="ID", help="An earlier assessment of the case.", show_default="the standing one"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a stored decision again from what was stored: the same decision, or what differs.

    Exit code 0: the same decision; 1: it differs.

    Examples:

        prereview replay R261120-7K3M9Q2XWA

        prereview replay R261120-7K3M9Q2XWA --assessment 019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b --json
    """

    async def work() -> ReplayReport:
        async with wiring.deployed(console.settings()) as deployment:
            return await wiring.replay(deployment).case(case, assessment)

    report = console.run(work())
    if as_json:
        console.print_json(
            {
                "case_id": report.case_id,
                "number": report.number,
                "assessment_id": report.assessment_id,
                "standing": report.standing,
                "same": report.same,
                "decision": {"stored": report.decision_stored, "now": report.decision_now},
                "differences": [
                    {"what": item.what, "stored": item.stored, "now": item.now} for item in report.differences
                ],
                "erased": report.erased,
            }
        )
    else:
        _print_report(report)
    if not report.same:
        raise typer.Exit(1)


def _print_report(report: ReplayReport) -> None:
    word = "the same decision" if report.same else "A DIFFERENT decision"
    which = "" if report.standing else f", assessment {report.assessment_id} (superseded)"
    console.out.print(f"{report.number}{which}: {word} ({report.decision_stored} → {report.decision_now})")
    for gone in report.erased:
        console.out.print(console.shown(f"erased: {gone}"))
    if report.differences:
        table = Table("what differs", "stored", "now")
        for item in report.differences:
            table.add_row(console.shown(item.what), console.shown(item.stored), console.shown(item.now))
        console.out.print(table)
    else:
        console.out.print("Nothing differs: versions, evidence, checks, history, features, risk and reasons are equal.")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from None


def _answer_table(answer: dict[str, Any]) -> Table:
    table = Table(
        show_header=False, title=console.shown(f"{answer['number']} · {answer['decision']}"), title_justify="left"
    )
    table.add_row("case", str(answer["case_id"]))
    if answer.get("amount") is not None:
        table.add_row("amount", f"{answer['amount']} {answer['currency']} (minor units), fee {answer['fee']}")
    for obligation in answer.get("obligations") or []:
        table.add_row("obligation", obligation)
    table.add_row("to the buyer", console.shown(answer["buyer"]["message"]))
    internal = answer.get("internal") or {}
    if risk := internal.get("risk"):
        table.add_row("risk", f"{risk['probability']:.4f} (threshold {risk['threshold']})")
    for reason in internal.get("reasons", []):
        table.add_row("reason", console.shown(reason["text"]))
    for check in internal.get("checks", []):
        if check["result"] != "unknown":
            table.add_row(
                f"check {check['code']}",
                console.shown(f"{check['result']}: read {check['read']}, record {check['record']}"),
            )
    return table
