"""Commands that are imported when they are run: to list them must not cost what running every one of them costs.

Stands apart, as the settings do: both command lines of the project, which must not know each other, are made with it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


@dataclass(frozen=True, slots=True)
class Listed:
    """A command, or a group of commands, as it is listed before it is imported.

    ``module`` has either ``app`` or ``register``, which adds the command to a ``typer.Typer``. ``app`` is the group;
    with ``beside`` the command is one of several in it that stand side by side. ``line``: the first of its help.
    """

    name: str
    module: str
    line: str
    beside: bool = False


def lazy_group(listed: Sequence[Listed]) -> type[TyperGroup]:
    """A group of ``listed``, before the commands it has of its own; for ``typer.Typer(cls=…)``."""

    class LazyGroup(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            own = dict(self.commands)
            self.commands = {each.name: TyperCommand(each.name, callback=None, help=each.line) for each in listed}
            self.commands |= own

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            """The command itself, not what is listed in its place."""
            name, command, rest = super().resolve_command(ctx, args)
            for each in listed:
                if each.name == name:
                    command = self.commands[each.name] = imported(each, self.rich_markup_mode)
            return name, command, rest

    return LazyGroup


def imported(listed: Listed, markup: Any = None) -> Any:
    """The command or group (``typer.core``) that ``listed`` stands for."""
    holder = typer.Typer(rich_markup_mode=markup)
    with _nothing_collected():
        module = import_module(listed.module)
    if listed.beside:
        holder.registered_commands = module.app.registered_commands
    elif hasattr(module, "app"):
        holder.add_typer(module.app, name=listed.name)
    else:
        module.register(holder)
    return get_group(holder).commands[listed.name]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What is imported stays: to look for garbage in it again and again takes a tenth of the time of importing it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
