"""`prereview cases …`: list, show and act on cases where there is no reviewers' desk; draw their life."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.case_acting import act_on, file_bytes, link_of, reviewer
from service.cli.operator import operator
from service.domain.cases import CaseState
from service.domain.errors import BadRequest
from service.domain.labels import LabelSource
from service.domain.lifecycle import Action, Party, diagram
from service.domain.listing import CaseFilter
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.review.requests import Caller, CaseView, UploadedFile

app = typer.Typer(no_args_is_help=True, help="Cases: listed, shown, decided, appealed; their life as a diagram.")

Case = Annotated[str, typer.Argument(metavar="CASE", help="The case's number or id.")]
By = Annotated[str | None, typer.Option("--by", help="Who acts.", show_default="your login")]
Senior = Annotated[bool, typer.Option("--senior", help="As a senior reviewer.")]
Buyer = Annotated[bool, typer.Option("--buyer", help="For the buyer; else for the platform.")]
Message = Annotated[str, typer.Option(help="To the buyer.")]
Why = Annotated[str, typer.Option(help="For the record, not for the buyer.")]
Amount = Annotated[int | None, typer.Option(min=1, help="Minor units; default: what the policy works out.")]
Seen = Annotated[int | None, typer.Option("--version", help="Refuse where the case is another version by now.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]

BEGIN, END = "<!-- lifecycle -->", "<!-- /lifecycle -->"


@app.command("list")
def list_cases(
    platform: Annotated[str, typer.Option(help="The platform's id.")],
    state: Annotated[list[CaseState] | None, typer.Option(help="May be given several times.")] = None,
    order: Annotated[str | None, typer.Option(help="An order number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    as_json: AsJson = False,
) -> None:
    """List a platform's cases, newest first.

    Example:

        prereview cases list --platform my-shop --state in_review --state appealed
    """
    caller = Caller(key_id="cli", platform_id=platform, scopes=frozenset(), actor=operator())
    wanted = CaseFilter(states=frozenset(state or ()), order_number=order)

    async def work() -> list[dict[str, Any]]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            rows, _ = await deployment.use_cases.listing.cases(caller, wanted, None, limit)
        names = ("id", "number", "state", "version", "lane", "order_number", "accepted_at", "state_since")
        return [{name: getattr(row, name) for name in names} for row in rows]

    rows = console.run(work())
    if as_json:
        console.print_json(rows)
        return
    table = Table(console.whole("case"), "state", "since", "lane", "order")
    for row in rows:
        since = f"{row['state_since']:%Y-%m-%d %H:%M}"
        table.add_row(row["number"], row["state"], since, row["lane"] or "", console.shown(row["order_number"]))
    console.out.print(table)


@app.command("show")
def show(case: Case, as_json: AsJson = False) -> None:
    """Show a case: its state, what may be done by whom, what is due, what was done.

    Example:

        prereview cases show R261120-7K3M9Q2XWA
    """
    act_on(case, Party.PLATFORM, None, as_json, None)


@app.command("link")
def link(case: Case) -> None:
    """Print the address of the case's page for its buyer. Whoever has it acts as the buyer: give it to nobody else.

    Example:

        prereview cases link R261120-7K3M9Q2XWA
    """
    typer.echo(link_of(case))


@app.command("approve")
def approve(
    case: Case,
    message: Message,
    amount: Amount = None,
    part: Annotated[bool, typer.Option("--part", help="A part only; implied by --amount.")] = False,
    reason: Why = "",
    by: By = None,
    senior: Senior = False,
    seen: Seen = None,
    as_json: AsJson = False,
) -> None:
    """Approve a case, or a part of it. Large amounts wait for a second person, who asks for the same.

    Example:

        prereview cases approve R261120-7K3M9Q2XWA --message "已核实，同意退款。" --by lin
    """
    decision = Decision(message=message, reason=reason, amount=amount)

    def act(work: CaseWork, who: Acting, case_id: uuid.UUID) -> Awaitable[CaseView]:
        if part or amount is not None:
            return work.deciding.approve_partially(who, case_id, decision, seen)
        return work.deciding.approve(who, case_id, decision, seen)

    act_on(case, reviewer(senior), by, as_json, act)


@app.command("reject")
def reject(
    case: Case,
    clause: Annotated[str, typer.Option(help="Of the policy, e.g. N1 or reasons.other.")],
    message: Message,
    reason: Why = "",
    by: By = None,
    senior: Senior = False,
    seen: Seen = None,
    as_json: AsJson = False,
) -> None:
    """Reject a case under a clause of the policy; an appeal in second review is thereby turned down.

    Example:

        prereview cases reject R261120-7K3M9Q2XWA --clause N1 --message "该卡密已激活。" --by lin
    """
    decision = Decision(message=message, reason=reason, clause=clause)

    async def act(work: CaseWork, who: Acting, case_id: uuid.UUID) -> CaseView:
        view = await work.view(who, case_id)
        if view.case.state is CaseState.IN_SECOND_REVIEW:
            return await work.deciding.uphold(who, case_id, decision, seen)
        return await work.deciding.reject(who, case_id, decision, seen)

    act_on(case, reviewer(senior), by, as_json, act)


@app.command("offer")
def offer(
    case: Case,
    message: Message,
    amount: Amount = None,
    reason: Why = "",
    by: By = None,
    senior: Senior = False,
    seen: Seen = None,
    as_json: AsJson = False,
) -> None:
    """Offer the buyer a part.

    Example:

        prereview cases offer R261120-7K3M9Q2XWA --amount 1475 --reason "half used" --message "可退一半。"
    """
    decision = Decision(message=message, reason=reason, amount=amount)
    act_on(case, reviewer(senior), by, as_json, lambda work, who, id_: work.offers.offer(who, id_, decision, seen))


@app.command("ask")
def ask(
    case: Case,
    material: Annotated[list[str] | None, typer.Option(help="A material of the policy; may be repeated.")] = None,
    supplier: Annotated[str | None, typer.Option(help="A question to the supplier instead.")] = None,
    seller: Annotated[str | None, typer.Option(help="A question to the seller instead.")] = None,
    message: Message = "",
    by: By = None,
    seen: Seen = None,
    as_json: AsJson = False,
) -> None:
    """Ask the buyer for materials, or have supplier or seller asked.

    Example:

        prereview cases ask R261120-7K3M9Q2XWA --material payment
    """
    if sum(each is not None for each in (material, supplier, seller)) != 1:
        raise typer.BadParameter("give --material, --supplier or --seller, and only one of them")

    def act(work: CaseWork, who: Acting, case_id: uuid.UUID) -> Awaitable[CaseView]:
        if material is not None:
            return work.materials.ask(who, case_id, material, message, expected_version=seen)
        question = supplier if supplier is not None else seller or ""
        return work.materials.ask_supplier(who, case_id, question, seller=seller is not None, expected_version=seen)

    act_on(case, Party.REVIEWER, by, as_json, act)


@app.command("evidence")
def evidence(case: Case, files: list[Path], buyer: Buyer = False, as_json: AsJson = False) -> None:
    """Add files to a live case; a worker makes the new assessment.

    Example:

        prereview cases evidence R261120-7K3M9Q2XWA bill.png --buyer
    """
    uploads = [UploadedFile(name=path.name, data=file_bytes(path)) for path in files]

    async def act(work: CaseWork, who: Acting, case_id: uuid.UUID) -> CaseView:
        kept = await work.materials.receive(who.platform_id, uploads)
        return await work.materials.add_evidence(who, case_id, kept)

    act_on(case, Party.BUYER if buyer else Party.PLATFORM, None, as_json, act)


@app.command("appeal")
def appeal(
    case: Case,
    statement: Annotated[str, typer.Option(help="What was not said before.")] = "",
    file: Annotated[list[Path] | None, typer.Option(help="New evidence; may be repeated.")] = None,
    arbitration: Annotated[bool, typer.Option("--arbitration", help="Ask for arbitration instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Appeal against a rejection for the buyer, with something new.

    Example:

        prereview cases appeal R261120-7K3M9Q2XWA --statement "客服曾在 11 月 20 日承诺退款" --file chat.png
    """
    uploads = [UploadedFile(name=path.name, data=file_bytes(path)) for path in file or []]

    async def act(work: CaseWork, who: Acting, case_id: uuid.UUID) -> CaseView:
        if arbitration:
            return await work.appeals.request_arbitration(who, case_id, statement)
        kept = await work.materials.receive(who.platform_id, uploads)
        return await work.appeals.appeal(who, case_id, statement, kept)

    act_on(case, Party.BUYER, None, as_json, act)


@app.command("second-review")
def second_review(
    case: Case, by: By = None, senior: Senior = False, seen: Seen = None, as_json: AsJson = False
) -> None:
    """Take up an appeal; for somebody who has not handled the case before.

    Example:

        prereview cases second-review R261120-7K3M9Q2XWA --by bo
    """
    act_on(case, reviewer(senior), by, as_json, lambda work, who, id_: work.appeals.begin_second_review(who, id_, seen))


@app.command("escalate")
def escalate(
    case: Case, reason: Why, by: By = None, senior: Senior = False, seen: Seen = None, as_json: AsJson = False
) -> None:
    """Hand an appeal on to arbitration.

    Example:

        prereview cases escalate R261120-7K3M9Q2XWA --reason "two logs disagree" --by bo
    """
    act_on(case, reviewer(senior), by, as_json, lambda work, who, id_: work.appeals.escalate(who, id_, reason, seen))


@app.command("rule")
def rule(
    case: Case,
    outcome: Annotated[str, typer.Argument(metavar="approved|partially|rejected")],
    ruling: Annotated[str, typer.Option(help="What was ruled, by whom, on what grounds.")],
    message: Message,
    amount: Amount = None,
    reason: Why = "",
    by: By = None,
    seen: Seen = None,
    as_json: AsJson = False,
) -> None:
    """Record the ruling of an arbitration, which is binding.

    Example:

        prereview cases rule R261120-7K3M9Q2XWA approved --ruling "12315 no. 8841" --message "按仲裁结果退款。" --by mei
    """
    try:
        action = Action(f"rule_{outcome}")
    except ValueError:
        raise typer.BadParameter("a ruling is approved, partially or rejected") from None
    decision = Decision(message=message, reason=reason, amount=amount, ruling=ruling)
    act_on(case, Party.SENIOR, by, as_json, lambda work, who, id_: work.deciding.rule(who, id_, action, decision, seen))


@app.command("withdraw")
def withdraw(case: Case, reason: Why = "", as_json: AsJson = False) -> None:
    """Withdraw a case for its buyer.

    Example:

        prereview cases withdraw R261120-7K3M9Q2XWA
    """
    act_on(case, Party.BUYER, None, as_json, lambda work, who, id_: work.withdraw(who, id_, reason=reason))


@app.command("reopen")
def reopen(case: Case, reason: Why = "", by: By = None, as_json: AsJson = False) -> None:
    """Take up a lapsed case again.

    Example:

        prereview cases reopen R261120-7K3M9Q2XWA --reason "the buyer was in hospital"
    """
    act_on(case, Party.REVIEWER, by, as_json, lambda work, who, id_: work.reopen(who, id_, reason))


@app.command("reverse")
def reverse(
    case: Case,
    reason: Why,
    loss_share: Annotated[float, typer.Option(min=0.0, max=1.0, help="The part not due and not recovered.")],
    source: Annotated[LabelSource, typer.Option(help="chargeback, record or review.")] = LabelSource.RECORD,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take back what was granted; the loss becomes a label.

    Example:

        prereview cases reverse R261120-7K3M9Q2XWA --reason "charged back" --loss-share 1 --source chargeback
    """
    act_on(case, Party.SENIOR, by, as_json, lambda work, who, id_: work.reverse(who, id_, reason, loss_share, source))


@app.command("close")
def close(case: Case, reason: Why, by: By = None, as_json: AsJson = False) -> None:
    """End a rejected case for good.

    Example:

        prereview cases close R261120-7K3M9Q2XWA --reason "accepted by phone" --by mei
    """
    act_on(case, Party.SENIOR, by, as_json, lambda work, who, id_: work.close(who, id_, reason))


@app.command("diagram")
def draw(
    write: Annotated[Path | None, typer.Option(help="A Markdown file with the lifecycle markers.")] = None,
) -> None:
    """Draw the life of a case as Mermaid, from the code; or put it between the markers of a document.

    Example:

        prereview cases diagram --write ARCHITECTURE.md
    """
    if write is None:
        typer.echo(diagram())
        return
    write.write_text(with_diagram(write.read_text("utf-8")), "utf-8")


def with_diagram(document: str) -> str:
    """The document with the diagram between its markers; BadRequest where they are missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BadRequest(f"The document lacks the markers {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n```mermaid\n{diagram()}\n```\n{END}{after}"
