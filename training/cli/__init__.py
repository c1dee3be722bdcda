"""The command ``prereview-train``. Exit codes: 0 done, 1 refused or failed (the message says what to do), 2 usage."""

from __future__ import annotations

import typer

from training.cli import (
    backtest,
    breaker,
    certificate,
    comparing,
    data,
    external,
    issuing,
    learning,
    monitoring,
    promotion,
    simulation,
    studying,
)
from training.screens.cli import app as screens

app = typer.Typer(
    name="prereview-train",
    help="Simulate a platform, train and certify the risk model, promote it. The default data are SIMULATED.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
# One module per kind of command; their commands stand side by side.
for _commands in (
    simulation.app,
    data.app,
    learning.app,
    comparing.app,
    external.app,
    promotion.app,
    monitoring.app,
    studying.app,
    backtest.app,
    breaker.app,
):
    app.registered_commands += _commands.registered_commands
certificate.app.registered_commands += issuing.app.registered_commands
app.add_typer(certificate.app, name="certificate")
app.add_typer(screens, name="screens")


def main() -> None:
    """Entry point of the console script."""
    app()
