"""`prereview metrics …`: the dashboard and the alert rules that come with the metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service import dashboards
from service.cli import console
from service.domain.errors import BadRequest

app = typer.Typer(
    help="The dashboard and the alert rules for what /metrics tells.", no_args_is_help=True, rich_markup_mode="markdown"
)
Out = Annotated[Path | None, typer.Option(help="File to write.", show_default="standard output")]


@app.command("dashboard")
def dashboard(out: Out = None) -> None:
    """The Grafana dashboard, as JSON to import.

    Example:

        prereview metrics dashboard --out prereview-dashboard.json
    """
    _put(dashboards.dashboard(), out)


@app.command("alerts")
def alerts(out: Out = None) -> None:
    """The alert rules for Prometheus, as YAML for its rule_files; each says what to do.

    Example:

        prereview metrics alerts --out /etc/prometheus/prereview-alerts.yaml
    """
    _put(dashboards.alerts(), out)


def _put(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadRequest(f"{out} cannot be written: {error.strerror or error}.") from error
    console.errors.print(f"Written: {out}", soft_wrap=True, markup=False)
