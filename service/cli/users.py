"""`prereview users add | list | disable | enable | password | roles`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.cli.platform_option import PlatformOption, require_platform
from service.domain.users import Role, User

app = typer.Typer(
    no_args_is_help=True,
    help="People who sign in to the console: added, disabled, given roles. Passwords are asked for, never arguments.",
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Login = Annotated[str, typer.Argument(help="The login, e.g. ana.lopez.")]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given several times.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")
]
Generate = Annotated[
    bool, typer.Option("--generate", help="Make a password, show it this once; it is changed at the first sign-in.")
]


@app.command("add")
def add(
    login: Login, platform: PlatformOption, role: Roles, password_stdin: FromStdin = False, generate: Generate = False
) -> None:
    """Add somebody. The first administrator of a platform is made this way.

    Example:

        prereview users add ana.lopez --platform demo --role administrator
    """
    password = None if generate else _password(password_stdin)

    async def work() -> tuple[User, str | None]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            accounts = deployment.use_cases.accounts
            return await accounts.add(platform, login, role, operator(), password=password)

    user, made = console.run(work())
    console.errors.print(f"Added {user.login} with: {', '.join(sorted(user.roles))}.")
    _show(made)


@app.command("list")
def list_users(platform: PlatformOption, as_json: AsJson = False) -> None:
    """List everybody, disabled people too.

    Example:

        prereview users list --platform demo
    """

    async def work() -> tuple[User, ...]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await require_platform(deployment, platform)
            return await deployment.use_cases.accounts.listed(platform)

    found = console.run(work())
    if as_json:
        console.print_json([_document(user) for user in found])
        return
    table = Table("login", "roles", "added", "password set", "state")
    for user in found:
        table.add_row(
            user.login,
            ", ".join(sorted(user.roles)),
            f"{user.created_at:%Y-%m-%d %H:%M}",
            f"{user.password_set_at:%Y-%m-%d %H:%M}",
            _state(user),
        )
    console.out.print(table)


@app.command("disable")
def disable(login: Login, platform: PlatformOption) -> None:
    """Sign somebody out everywhere and let them sign in no more.

    Example:

        prereview users disable ana.lopez --platform demo
    """
    _set_disabled(login, platform, True)


@app.command("enable")
def enable(login: Login, platform: PlatformOption) -> None:
    """Let somebody who was disabled sign in again, with the password they had.

    Example:

        prereview users enable ana.lopez --platform demo
    """
    _set_disabled(login, platform, False)


@app.command("password")
def password(
    login: Login, platform: PlatformOption, password_stdin: FromStdin = False, generate: Generate = False
) -> None:
    """Set somebody's password: they change it at the next sign-in, and all their sessions end.

    Example:

        prereview users password ana.lopez --platform demo --generate
    """
    given = None if generate else _password(password_stdin)

    async def work() -> str | None:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            accounts = deployment.use_cases.accounts
            return await accounts.set_password(platform, login, operator(), password=given)

    made = console.run(work())
    console.errors.print("Set. It has to be changed at the next sign-in.")
    _show(made)


@app.command("roles")
def roles(login: Login, platform: PlatformOption, role: Roles) -> None:
    """Give somebody exactly these roles; their sessions end.

    Example:

        prereview users roles ana.lopez --platform demo --role reviewer --role senior
    """

    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.use_cases.accounts.set_roles(platform, login, role, operator())

    console.errors.print("Set." if console.run(work()) else "These are the roles already.")


def _set_disabled(login: str, platform: str, disabled: bool) -> None:
    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.use_cases.accounts.set_disabled(platform, login, disabled, operator())

    changed = console.run(work())
    word = "disabled" if disabled else "enabled"
    console.errors.print(f"Now {word}." if changed else f"Was {word} already.")


def _password(from_stdin: bool) -> str:
    """Typed twice and unseen, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _show(made: str | None) -> None:
    if made is not None:
        typer.echo(made)
        console.errors.print("Keep it now: it is stored hashed and cannot be shown again.")


def _state(user: User) -> str:
    if user.disabled_at is not None:
        return f"disabled {user.disabled_at:%Y-%m-%d %H:%M}"
    return "password to be changed" if user.password_due else "active"


def _document(user: User) -> dict[str, object]:
    return {
        "platform": user.platform_id,
        "login": user.login,
        "roles": sorted(user.roles),
        "created_at": user.created_at,
        "password_set_at": user.password_set_at,
        "password_due": user.password_due,
        "disabled_at": user.disabled_at,
    }
