"""`prereview policy dry-run | backtest`: stored cases under another policy. Nothing is stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.policy_files import AsJson, PlatformOption, chosen_platform, instant, text_of
from service.domain.codec import to_data
from service.domain.errors import NotFound
from service.domain.money import Money
from service.review.policies import checked
from service.review.policy_backtest import PolicyBacktest, Side
from service.review.policy_trials import DryRun, facts_of

_BAR = 40
_LOSS = "of these, judged: lost"

Certified = Annotated[
    bool,
    typer.Option("--certified", help="As if the certificate held for the other policy too; in service it may not."),
]


def register(app: typer.Typer) -> None:
    app.command("dry-run")(dry_run)
    app.command("backtest")(backtest)


def dry_run(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id or number.")],
    policy: Annotated[str, typer.Option(help="A file, or a stored version.")],
    certified: Certified = False,
    as_json: AsJson = False,
) -> None:
    """Judge a stored case again under another policy: what would change. Nothing is stored.

    Examples:

        prereview policy dry-run R261120-7K3M9Q2XWA --policy my-shop.yaml

        prereview policy dry-run R261120-7K3M9Q2XWA --policy 4 --json
    """
    given = text_of(Path(policy)) if Path(policy).is_file() else None

    async def work() -> DryRun:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            record = await deployment.store.find_case(case)
            if record is None:
                raise NotFound(f"There is no case {case!r}. Give its id or its number, e.g. R261120-7K3M9Q2XWA.")
            platform = record.case.platform_id
            use_cases = deployment.use_cases
            text = given or (await use_cases.policies.version(platform, policy)).record.text
            return await use_cases.trials.dry_run(platform, case, text, certified=certified)

    found = console.run(work())
    facts = facts_of(found.before, found.after)
    if as_json:
        console.print_json(_trial(found, facts))
        return
    table = Table("", f"policy of then ({found.version})", "other policy")
    for name, (before, after) in facts.items():
        style = "bold" if before != after else "dim"
        table.add_row(name.replace("_", " "), console.shown(_cell(before)), console.shown(_cell(after)), style=style)
    console.out.print(table)
    changed = ", ".join(found.changed).replace("_", " ")
    console.out.print(f"{found.case.number}: {changed + ' would change' if changed else 'nothing would change'}.")
    _print_notes(found.notes)


def backtest(
    file: Annotated[Path, typer.Argument(help="The policy (YAML).", exists=True, dir_okay=False)],
    since: Annotated[datetime, typer.Option(help="First day or moment, in the platform's zone.")],
    until: Annotated[datetime | None, typer.Option(help="Where the window ends.", show_default="now")] = None,
    platform: PlatformOption = None,
    certified: Certified = False,
    plot: Annotated[bool, typer.Option("--plot", help="Draw the money approved, by day or week.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge every stored case since a day again under another policy: how many decisions change, for how much money.

    Examples:

        prereview policy backtest my-shop.yaml --since 2026-11-01

        prereview policy backtest my-shop.yaml --since 2026-11-01 --certified --plot

        prereview policy backtest my-shop.yaml --since 2026-11-01 --json
    """
    text = text_of(file)
    zone = checked(text).time_zone
    end = None if until is None else instant(until, zone)

    async def work() -> PolicyBacktest:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            chosen = await chosen_platform(deployment, platform)
            with console.errors.status("judging cases again") as status:
                return await deployment.use_cases.backtests.run(
                    chosen,
                    text,
                    instant(since, zone),
                    end,
                    certified=certified,
                    progress=lambda count: status.update(f"judging cases again: {count:,}"),
                )

    found = console.run(work())
    if as_json:
        console.print_json(to_data(found))
        return
    _print_backtest(found)
    if plot:
        _print_plot(found)
    _print_notes(found.notes)


def _trial(found: DryRun, facts: dict[str, tuple[object, object]]) -> dict[str, Any]:
    return {
        "case_id": str(found.case.case_id),
        "number": found.case.number,
        "version": found.version,
        "changed": list(found.changed),
        "stored": {"decision": found.stored.decision.value},
        "before": {name: before for name, (before, _) in facts.items()},
        "after": {name: after for name, (_, after) in facts.items()},
        "reasons": {
            name: [reason.code for reason in verdict.reasons]
            for name, verdict in (("before", found.before), ("after", found.after))
        },
        "notes": list(found.notes),
    }


def _print_backtest(found: PolicyBacktest) -> None:
    def money(minor: int) -> str:
        return str(Money(minor, found.currency))

    table = Table(f"{found.cases:,} cases, {money(found.claimed)} claimed", "policy of then", "other policy", "more")
    before, after = found.before, found.after
    for name, one, other in (
        ("approved", before.claims, after.claims),
        ("asked for material", before.asked, after.asked),
        ("to a person", before.person, after.person),
        ("of these, over a budget", before.over_budget, after.over_budget),
    ):
        table.add_row(name, f"{one:,}", f"{other:,}", f"{other - one:+,}")
    table.add_row("money approved", money(before.money), money(after.money), _more(after.money - before.money, found))
    table.add_row("approved and judged since", f"{before.judged:,}", f"{after.judged:,}", "")
    table.add_row(_LOSS, *(_lost(side, found) for side in (before, after)), "")
    console.out.print(table)
    share = found.changed / found.cases
    console.out.print(f"{found.changed:,} of {found.cases:,} decisions change ({share:.1%}).")
    if found.moved:
        moved = Table("from", "to", "cases", "claimed", "granted, more", "for instance")
        for each in found.moved:
            moved.add_row(
                each.before.replace("_", " "), each.after.replace("_", " "), f"{each.cases:,}", money(each.claimed),
                _more(each.granted, found), console.shown(", ".join(each.examples)),
            )  # fmt: skip
        console.out.print(moved)
    if found.clauses:
        console.out.print(
            console.shown("Clauses: " + ", ".join(f"{name} {count:+,}" for name, count in found.clauses[:12])),
            soft_wrap=True,
        )


def _lost(side: Side, found: PolicyBacktest) -> str:
    return str(Money(round(side.lost), found.currency)) if side.judged else "–"


def _more(minor: int, found: PolicyBacktest) -> str:
    sign = "-" if minor < 0 else "+"
    return f"{sign}{Money(abs(minor), found.currency)}"


def _print_plot(found: PolicyBacktest) -> None:
    """Two bars a day or week: the policy of then above, the other one below."""
    most = max((max(each.before, each.after) for each in found.periods), default=0)
    console.out.print("Money approved: ▒ policy of then, █ other policy")
    for each in found.periods:
        for label, sign, minor in ((f"{each.start}", "▒", each.before), ("", "█", each.after)):
            bar = sign * (round(_BAR * minor / most) if most else 0)
            console.out.print(f"{label:10} {bar:{_BAR}} {Money(minor, found.currency)}", highlight=False)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "–"
    return "–" if value is None else str(value)


def _print_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        console.out.print(f"[dim]{note}[/]", soft_wrap=True)
