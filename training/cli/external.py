"""The pipeline on tables nobody here made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from training.cli.comparing import interval
from training.cli.options import Machine, RecipeFile, Seed
from training.cli.printing import clear_errors, errors, out, show
from training.recipe import load_recipe
from training.tabular.external import Found

app = typer.Typer()


@app.command(
    epilog="Examples:  prereview-train tabular --data DIR  ·  prereview-train tabular --data DIR --only chargebacks "
    "--trials 20 --plot out/tabular"
)
def tabular(
    data: Annotated[Path, typer.Option("--data", help="Folder of the external tables.")],
    only: Annotated[str | None, typer.Option("--only", help="handbook or chargebacks.", show_default="both")] = None,
    trials: Annotated[int, typer.Option("--trials", min=0, help="Search for settings, on training time alone.")] = 0,
    recipe: RecipeFile = None,
    seed: Seed = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="Folder for PNG plots.")] = None,
    json_output: Machine = False,
) -> None:
    """Check the pipeline on public tables: our aggregates, trees, calibration and figures. Exit code 1 below target."""
    from training.compare_plots import write_comparison_plots
    from training.tabular import chargebacks, handbook
    from training.tabular.external import run

    tables = {"handbook": handbook.load, "chargebacks": chargebacks.load}
    if only is not None and only not in tables:
        raise typer.BadParameter("it is one of: handbook, chargebacks", param_hint="--only")
    found: list[Found] = []
    with clear_errors():
        plan = load_recipe(recipe)
        for name in [only] if only else list(tables):
            external = tables[name](data)
            number = plan.seed if seed is None else seed
            found.append(run(external, plan.model, number, trials=trials, progress=not json_output))
            if plot:
                write_comparison_plots(found[-1].comparison, plot / name, origin=f"external table {name}")
    if json_output:
        show({"tables": [_facts(one) for one in found]}, json_output, title="External tables")
    else:
        for one in found:
            _print(one)
    missed = [one.external.name for one in found if not one.reached]
    if missed:
        errors.print(f"[bold red]error:[/] below target: {', '.join(missed)}")
        raise typer.Exit(1)


def _facts(one: Found) -> dict[str, Any]:
    target = one.external.target
    return {
        "name": one.external.name,
        "how": one.external.how,
        "rows": {"learned": len(one.external.contest.learning), "judged": len(one.comparison.wrong)},
        "base_rate": round(one.comparison.base_rate, 5),
        "target": {"auc": target.auc, "average_precision": target.average_precision, "whose": target.whose},
        "reached": one.reached,
        "models": [
            {
                "name": standing.name,
                "auc": interval(standing.auc),
                "average_precision": interval(standing.average_precision),
                "ece": interval(standing.ece),
                "brier": interval(standing.brier),
                "fit_seconds": round(standing.fit_seconds, 2),
            }
            for standing in one.comparison.standings
        ],
        "directions_kept": one.directed,
        "fold_loss": {"with_directions": round(one.loss_directed, 6), "without": round(one.loss_free, 6)},
        "searched": None if one.tuned is None else {"trials": len(one.tuned.trials), "loss": round(one.tuned.loss, 6)},
        "equal_to_the_tables_own_aggregates": {name: round(share, 6) for name, share in one.external.agreement.items()},
    }


def _print(one: Found) -> None:
    target = one.external.target
    title = f"{one.external.name}: {len(one.comparison.wrong):,} judged, {one.comparison.base_rate:.2%} positive"
    table = Table("", "AUC", "AP", "ECE", "Brier", title=title, title_justify="left")
    for standing in one.comparison.standings:
        cells = (standing.auc, standing.average_precision, standing.ece, standing.brier)
        table.add_row(standing.name, *(str(cell) for cell in cells))
    table.add_row(f"target ({target.whose})", f"{target.auc:.3f}", f"{target.average_precision:.3f}", "", "")
    out.print(table)
    kept = "kept" if one.directed else "dropped"
    out.print(
        f"{one.external.how}. Declared directions {kept}: loss on training time {one.loss_directed:.4f} with, "
        f"{one.loss_free:.4f} without. {'Target reached.' if one.reached else 'BELOW TARGET.'}"
    )
    for name, share in one.external.agreement.items():
        out.print(f"[dim]our as-of {name} equals the table's own column on {share:.3%} of the rows[/]")
