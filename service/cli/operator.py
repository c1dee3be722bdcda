"""The person at the command line, as an actor."""

from __future__ import annotations

import getpass

from service.domain.actors import Actor, ActorKind, readable_name


def operator() -> Actor:
    """Named by the machine's login: the command line has no better word for who it is."""
    return Actor(ActorKind.PERSON, f"cli:{getpass.getuser()}")


def person(name: str | None) -> Actor:
    """Somebody named on the command line, taken at their word; the operator where nobody is."""
    return operator() if name is None else Actor(ActorKind.PERSON, f"cli:{readable_name(name)}")
