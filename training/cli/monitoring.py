"""Commands that watch: the tracking server, drift."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import Tracking
from training.cli.printing import clear_errors, errors

app = typer.Typer()


@app.command(
    epilog="Examples:  prereview-train mlflow  ·  "
    "prereview-train mlflow --database postgresql://user:password@host/mlflow --artifacts s3://bucket/mlflow"
)
def mlflow(
    mlruns: Tracking = Path("mlruns"),
    host: Annotated[str, typer.Option(help="Address; MLflow asks nobody who they are.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5000,
    database: Annotated[
        str | None, typer.Option(help="Database URL.", envvar="PREREVIEW_MLFLOW_DATABASE", show_default="SQLite")
    ] = None,
    artifacts: Annotated[
        str | None, typer.Option(help="Folder or URL.", envvar="PREREVIEW_MLFLOW_ARTIFACTS", show_default="files")
    ] = None,
) -> None:
    """Serve MLflow over the store runs are logged to; others then set MLFLOW_TRACKING_URI=http://127.0.0.1:5000.

    Without URLs: SQLite and files below --mlruns, the ones `prereview-train run` uses by itself. It sends no telemetry.
    """
    from training.tracking import tracking_server

    with clear_errors():
        server = tracking_server(mlruns, host, port, database, artifacts)
        errors.print(f"MLflow on http://{host}:{port}, runs in {_without_password(server.database)}", soft_wrap=True)
        server.run()


def _without_password(url: str) -> str:
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)
