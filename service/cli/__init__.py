"""The `prereview` command. Exit codes: 0 done, 1 it did not work out (said on standard error), 2 wrong usage,
3 the deployment is not set up right, 130 interrupted."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import typer

from service import __version__
from service.domain.errors import ConfigurationError, PrereviewError
from service.lazy_commands import Listed, lazy_group

EXIT_CODES = "Exit codes: 0 done · 1 it did not work out · 2 wrong usage · 3 the deployment is not set up right"

# Each is imported when it is run. A test holds the lines to what the commands say of themselves.
LISTED = (
    Listed("read", "service.cli.reading", "Read screenshots: page kind, fields, lines."),
    Listed(
        "decide",
        "service.cli.claims",
        "Decide one claim here, with the database and models of this deployment. The case is stored like any other.",
    ),
    Listed(
        "replay",
        "service.cli.claims",
        "Run a stored decision again from what was stored: the same decision, or what differs.",
    ),
    Listed("serve", "service.cli.running", "Serve the HTTP API and the console."),
    Listed(
        "worker",
        "service.cli.running",
        "Run a job worker: finishes cases whose request did not. Start as many as you like.",
    ),
    Listed("migrate", "service.cli.running", "Bring the database's tables up to date (safe to run again)."),
    Listed(
        "doctor",
        "service.cli.doctor",
        "Check Python, disk, OCR weights, a real reading, the database, the schema and the risk model.",
    ),
    Listed("demo", "service.cli.demo", "Start a fresh demo service and play its claims through the HTTP API."),
    Listed(
        "import",
        "service.cli.importing",
        "Bring a platform's own past into the history, so that features have one on the first day.",
    ),
    Listed("queues", "service.cli.queues", "Show what waits for a reviewer, lane by lane, and the cases to take next."),
    Listed(
        "anomalies",
        "service.cli.outcomes",
        "List duplicate payments and payments that do not fit what was granted, newest first.",
    ),
    Listed(
        "ledger",
        "service.cli.outcomes",
        "Show who is liable for what was granted, and whose goods fail how often.",
    ),
    Listed(
        "audit",
        "service.cli.audit",
        "The audit sample, and the breaker that stops approvals if it finds much; the audit trail of every change.",
    ),
    Listed("cases", "service.cli.cases", "Cases: listed, shown, decided, appealed; their life as a diagram."),
    Listed("incidents", "service.cli.incidents", "Outages: many honest claims at once, held against no account."),
    Listed(
        "keys",
        "service.cli.keys",
        "API keys: made, replaced, listed, revoked. A key is shown once and stored hashed.",
    ),
    Listed("platforms", "service.cli.platforms", "Platforms and their modes."),
    Listed(
        "policy",
        "service.cli.policy",
        "A platform's policy: checked, proposed, signed off by a second person, tried out.",
    ),
    Listed("models", "service.cli.models", "Versions of the risk model: which is in use, and going back."),
    Listed("metrics", "service.cli.observing", "The dashboard and the alert rules for what /metrics tells."),
    Listed(
        "users",
        "service.cli.users",
        "People who sign in to the console: added, disabled, given roles. Passwords are asked for, never arguments.",
    ),
    Listed("webhooks", "service.cli.webhooks", "Webhook endpoints of platforms, their secrets and their dead letters."),
    Listed(
        "personal-data",
        "service.cli.personal_data",
        "Personal data: who saw them, handing them out, erasing them, their keys.",
    ),
)

app = typer.Typer(
    name="prereview",
    cls=lazy_group(LISTED),
    help="Refund pre-review: reads the screenshots, checks the records, scores the risk, answers in the request.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)


@app.callback()
def _root() -> None: ...


@app.command("version")
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Entry point: our own errors become one sentence and an exit code, never a trace."""
    try:
        app()
    except ConfigurationError as error:
        sys.exit(_fail(error.detail, code=3))
    except PrereviewError as error:
        sys.exit(_fail(error.detail, code=1, extra=error.extra))
    except ValueError as error:
        from pydantic import ValidationError

        if not isinstance(error, ValidationError):
            raise
        lines = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]
        sys.exit(_fail("Settings or input have errors:\n  " + "\n  ".join(lines), code=3))
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str, *, code: int, extra: Mapping[str, Any] | None = None) -> int:
    from service.cli.console import fail

    return fail(message, code=code, extra=extra)
