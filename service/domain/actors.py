"""Who did it: every change names an actor from the first table on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "person"
    KEY = "key"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """``name`` is stable and not personal data: a user's login, a key's id, a job's name."""

    kind: ActorKind
    name: str


PREREVIEW_JOB = Actor(ActorKind.JOB, "pre-review")
