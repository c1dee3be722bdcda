"""The person at the command line, as an actor."""

from __future__ import annotations

import getpass

from service.domain.actors import Actor, ActorKind


def operator() -> Actor:
    """Named by the machine's login: the command line has no better word for who it is."""
    return Actor(ActorKind.PERSON, f"cli:{getpass.getuser()}")
