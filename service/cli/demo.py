"""`prereview demo`: see the whole flow at work."""

from __future__ import annotations

import os
import signal
from typing import Annotated

import typer
from rich.console import Console

from service import wiring
from service.cli import console
from service.demo import player, server
from service.demo.scenarios import curl_line


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop after the claims are played.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the service; default: a free one.")] = None,
    language: Annotated[str, typer.Option(help="zh or en; default: the terminal's.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per claim.")] = False,
) -> None:
    """Start a fresh demo service and play its claims through the HTTP API.

    With --once: exit code 0 exactly if every claim got the decision expected.

    Examples:

        prereview demo

        prereview demo --once --language zh
    """
    # Ended by its id it takes its service along, as with Ctrl-C: that one has a session of its own.
    signal.signal(signal.SIGTERM, _end)
    settings = server.demo_settings(console.settings())
    shown = language or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    say = console.errors.print
    server.fresh_home(settings.home)
    say("Starting the embedded PostgreSQL")
    url, embedded = wiring.database_url(settings)
    try:
        say("Setting up the demo platform and its history")
        prepared = console.run(server.prepare(settings, url))
        say(f"  {prepared.events:,} events of a simulated platform")
        with server.serving(settings, url, prepared.key, port) as running:
            say(f"The service is ready at {running.address}")
            played = player.play(running.address, running.key, shown)
            good = _report(played, shown, as_json=as_json)
            if once:
                raise typer.Exit(0 if good else 1)
            _stay(running, prepared.password)
    finally:
        if embedded is not None:
            embedded.release()


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _report(played: list[player.Played], language: str, *, as_json: bool) -> bool:
    if as_json:
        for item in played:
            console.print_json(
                {"id": item.scenario.id, "answer": item.answer, "unmet": item.unmet, "ms": round(item.ms, 1)}
            )
        return all(not item.unmet for item in played)
    # A pipe has no width: wide enough that the table stays readable in a log.
    wide = console.out if console.out.is_terminal else Console(width=200, highlight=False)
    return player.show(played, language, wide)


def _stay(running: server.Running, password: str) -> None:
    console.out.print(f"\nThe service stays up at {running.address} (Ctrl-C ends it).", soft_wrap=True)
    people = ", ".join(f"{login} ({', '.join(roles)})" for login, roles in server.PEOPLE.items())
    console.out.print(
        f"Reviewers' console: {running.address}/console  platform demo, password {password}", soft_wrap=True
    )
    console.out.print(f"  sign in as one of {people}", soft_wrap=True)
    console.out.print(f"API key (all scopes): {running.key}", soft_wrap=True)
    console.out.print("Try:", soft_wrap=True)
    typer.echo(curl_line(running.address, running.key))
    console.out.print(f"Log: {running.log}", soft_wrap=True)
    try:
        running.process.wait()
    except KeyboardInterrupt:
        console.errors.print("Stopping")
