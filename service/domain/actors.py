"""Who did it: every change names an actor from the first table on, and a dangerous change names two people."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import Conflict, InvalidRequest

# Draw nothing, though Unicode counts them as letters, marks or symbols and not as control or format characters.
_INVISIBLE = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
    | {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
)
# How a face marks whom it took at their word; the same login at another face is the same person.
_FACES = ("cli:", "console:", "api:", "user:")


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
"""From a claim to its decision."""


def readable_name(name: str) -> str:
    """A person's name as it is recorded: composed, single blanks, 1 to 80 characters that can all be seen.

    InvalidRequest for any other. It is a name and no proof: whoever is trusted to give one can give any. What it
    prevents is doing both parts of a change by mistake, or under a name that only looks like another.
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not plain or len(plain) > 80 or any(map(_hidden, name.strip())) or any(map(_hidden, plain)):
        raise InvalidRequest("the name of an actor has 1 to 80 readable characters, e.g. ana.lopez")
    return plain


def person_key(name: str) -> str:
    """The same for every spelling of one name: width, accents' composition, case, blanks, hidden characters, face."""
    plain = _folded(name)
    while plain.startswith(_FACES):
        plain = plain.partition(":")[2].strip()
    return plain


def same_person(first: Actor | str, second: Actor | str) -> bool:
    """Whether two actors may be one person: the same kind, and names that differ at most in spelling."""
    kinds = {each.kind for each in (first, second) if isinstance(each, Actor)}
    return len(kinds) < 2 and person_key(_name(first)) == person_key(_name(second))


def person_identity(actor: Actor) -> tuple[ActorKind, str]:
    """For counting people in a set: equal exactly where ``same_person`` holds."""
    return actor.kind, person_key(actor.name)


def two_people(first: Actor, second: Actor, what: str) -> None:
    """Conflict unless a dangerous change has a second person. ``what`` reads on as "... by one, approved by another".

    The first may act through a key; the second is a person, and a job is neither.
    """
    if first.kind is ActorKind.JOB or second.kind is not ActorKind.PERSON:
        raise Conflict(f"{what} by one person and approved by another; name a person who approves")
    if same_person(first, second) or not person_key(second.name):
        raise Conflict(f"{what} by one person and approved by another; name both")


def _name(who: Actor | str) -> str:
    return who.name if isinstance(who, Actor) else who


def _folded(name: str) -> str:
    # Twice: folding case takes some compositions apart, and composing brings some capitals back.
    plain = name
    for _ in range(2):
        seen = "".join(letter for letter in plain if letter.isspace() or not _hidden(letter))
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(plain.split())


def _hidden(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "C" or ord(letter) in _INVISIBLE
