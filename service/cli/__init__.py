"""The `prereview` command. Exit codes: 0 done, 1 it did not work out (said on standard error), 2 wrong usage,
3 the deployment is not set up right, 130 interrupted."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from service import __version__
from service.cli import (
    audit,
    cases,
    claims,
    demo,
    doctor,
    importing,
    incidents,
    keys,
    models,
    observing,
    outcomes,
    personal_data,
    platforms,
    policy,
    queues,
    reading,
    running,
    users,
    webhooks,
)
from service.cli.console import fail
from service.domain.errors import ConfigurationError, PrereviewError

EXIT_CODES = "Exit codes: 0 done · 1 it did not work out · 2 wrong usage · 3 the deployment is not set up right"

app = typer.Typer(
    name="prereview",
    help="Refund pre-review: reads the screenshots, checks the records, scores the risk, answers in the request.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
reading.register(app)
claims.register(app)
running.register(app)
doctor.register(app)
demo.register(app)
importing.register(app)
queues.register(app)
outcomes.register(app)
app.add_typer(audit.app, name="audit")
app.add_typer(cases.app, name="cases")
app.add_typer(incidents.app, name="incidents")
app.add_typer(keys.app, name="keys")
app.add_typer(platforms.app, name="platforms")
app.add_typer(policy.app, name="policy")
app.add_typer(models.app, name="models")
app.add_typer(observing.app, name="metrics")
app.add_typer(users.app, name="users")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(personal_data.app, name="personal-data")


@app.command("version")
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Entry point: our own errors become one sentence and an exit code, never a trace."""
    try:
        app()
    except ConfigurationError as error:
        sys.exit(fail(error.detail, code=3))
    except PrereviewError as error:
        sys.exit(fail(error.detail, code=1, extra=error.extra))
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]
        sys.exit(fail("Settings or input have errors:\n  " + "\n  ".join(lines), code=3))
    except KeyboardInterrupt:
        sys.exit(130)
