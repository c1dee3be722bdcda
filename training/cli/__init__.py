"""The command ``prereview-train``. Exit codes: 0 done, 1 refused or failed (the message says what to do), 2 usage."""

from __future__ import annotations

import typer

from service.lazy_commands import Listed, lazy_group

# Each is imported when it is run. A test holds the lines to what the commands say of themselves.
LISTED = (
    Listed(
        "simulate",
        "training.cli.simulation",
        "Simulate a year of the demo platform: events, claims, labels, and the truth in a folder of its own.",
        beside=True,
    ),
    Listed(
        "demo-history",
        "training.cli.simulation",
        "Write the past of the demo platform that make demo loads. SIMULATED.",
        beside=True,
    ),
    Listed(
        "backfill",
        "training.cli.data",
        "Write every claim's feature row as it would have been online: the same cells from DuckDB and from Spark.",
        beside=True,
    ),
    Listed(
        "check-leaks",
        "training.cli.data",
        "Cut the future off, make rows again, and name every column that changes; exit code 1 if anything leaks.",
        beside=True,
    ),
    Listed(
        "export-history",
        "training.cli.data",
        "Write a real platform's events, claims and labels out of the service's database, as tables that train.",
        beside=True,
    ),
    Listed(
        "splits",
        "training.cli.data",
        "Show the parts of the data, split in time and with no connected entity on both sides.",
        beside=True,
    ),
    Listed(
        "run",
        "training.cli.learning",
        "Simulate if needed, build rows, fit, calibrate, certify, and log everything as one MLflow run.",
        beside=True,
    ),
    Listed(
        "compare",
        "training.cli.comparing",
        "Hold rules only, logistic regression, HistGradientBoosting and LightGBM against each other on the same "
        "claims: on the plain split by time, and on the stress split, where nobody judged was ever learned from.",
        beside=True,
    ),
    Listed(
        "tune",
        "training.cli.comparing",
        "Look for better settings on the part tune alone, and write them as a recipe for prereview-train run.",
        beside=True,
    ),
    Listed(
        "tabular",
        "training.cli.external",
        "Check the pipeline on public tables: our aggregates, trees, calibration and figures. "
        "Exit code 1 below target.",
        beside=True,
    ),
    Listed(
        "promote",
        "training.cli.promotion",
        "Put a run through every gate and, if all are open, ask for a second person's approval. Nothing is served yet.",
        beside=True,
    ),
    Listed(
        "approve",
        "training.cli.promotion",
        "Approve what somebody else asked for: every gate again, then the bundle is exported and named champion.",
        beside=True,
    ),
    Listed(
        "shadow",
        "training.cli.promotion",
        "Have a run's model score live claims beside the champion. It never decides, so one person is enough.",
        beside=True,
    ),
    Listed(
        "rollback",
        "training.cli.promotion",
        "Go back to the champion before this one, here and in MLflow. Without MLflow: `prereview models rollback`.",
        beside=True,
    ),
    Listed(
        "mlflow",
        "training.cli.monitoring",
        "Serve MLflow over the store runs are logged to; others then set MLFLOW_TRACKING_URI=http://127.0.0.1:5000.",
        beside=True,
    ),
    Listed(
        "drift",
        "training.cli.monitoring",
        "Hold recent claims against what the champion learned from: features, score, reading, label delay, approvals.",
        beside=True,
    ),
    Listed(
        "compare-shadow",
        "training.cli.monitoring",
        "Draw and report where champion and shadow differ in money. `prereview models compare` prints the table alone.",
        beside=True,
    ),
    Listed(
        "world-report",
        "training.cli.studying",
        "Draw the distributions of a simulated world, truth included, as PNG pages and an index.html.",
        beside=True,
    ),
    Listed(
        "study",
        "training.cli.studying",
        "Train and certify in many randomised worlds and hold the result against the truth. SIMULATED.",
        beside=True,
    ),
    Listed(
        "backtest",
        "training.cli.backtest",
        "Replay history under another policy or model: claims, ¥ approved and lost, reviewer hours, by clause.",
        beside=True,
    ),
    Listed(
        "breaker",
        "training.cli.breaker",
        "Labels and ¥ lost before the breaker trips at 1.5, 2, 4, 10 × alpha, and false trips a year (SIMULATED).",
        beside=True,
    ),
    Listed("certificate", "training.cli.issuing", "The certificate of a threshold: show, plan, suggest, prove."),
    Listed(
        "screens",
        "training.screens.cli",
        "Draw labelled pages of invented apps; measure reading on layouts never tuned on.",
    ),
)

app = typer.Typer(
    name="prereview-train",
    cls=lazy_group(LISTED),
    help="Simulate a platform, train and certify the risk model, promote it. The default data are SIMULATED.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None: ...


def main() -> None:
    """Entry point of the console script."""
    app()
