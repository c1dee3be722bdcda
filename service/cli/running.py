"""`prereview serve | worker | migrate`."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn

from service import main as web
from service import wiring, worker
from service.cli import console
from service.store import migrate as migrate_database


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
    app.command("worker")(run_worker)
    app.command("migrate")(migrate)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (PREREVIEW_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (PREREVIEW_PORT).")] = None,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Run the job worker in the same process: for one machine.")
    ] = False,
) -> None:
    """Serve the HTTP API and the console.

    Without PREREVIEW_DATABASE_URL an embedded PostgreSQL is started and migrated.

    Examples:

        prereview serve --with-worker

        PREREVIEW_DATABASE_URL=postgresql://prereview@db/prereview prereview serve --host 0.0.0.0
    """
    settings = console.settings()
    url, embedded = wiring.database_url(settings)
    try:
        app = web.create_app(settings, url, with_worker=with_worker)
        config = uvicorn.Config(
            app,
            host=host or settings.host,
            port=port or settings.port,
            log_level=settings.log_level.lower(),
            access_log=False,
            log_config=None,  # its lines go where ours go, as ours look
            server_header=False,
            timeout_keep_alive=75,  # longer than balancers keep theirs: else they meet connections closed under them
            timeout_graceful_shutdown=int(settings.answer_deadline_seconds) + 5,
        )
        server = _Server(config, app.state.end_streams)
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
        if not server.started:
            raise typer.Exit(3)
    finally:
        if embedded is not None:
            embedded.release()


class _Server(uvicorn.Server):
    """Told to stop, it ends what browsers hold open at once, and waits only for what is being answered."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)


def run_worker() -> None:
    """Run a job worker: finishes cases whose request did not. Start as many as you like.

    Example:

        PREREVIEW_DATABASE_URL=postgresql://prereview@db/prereview prereview worker
    """
    console.run(worker.run(console.settings()))


def migrate(
    revision: Annotated[str, typer.Argument(help="Revision to go to.")] = "head",
) -> None:
    """Bring the database's tables up to date (safe to run again).

    Examples:

        prereview migrate

        PREREVIEW_DATABASE_URL=postgresql://prereview@db/prereview prereview migrate
    """
    url, embedded = wiring.database_url(console.settings(), checked=False)
    try:
        migrate_database(url, revision)
    finally:
        if embedded is not None:
            embedded.release()
    console.errors.print("The database is up to date.")
