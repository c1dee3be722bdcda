"""Two people are two people, however one of them spells a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.actors import (
    Actor,
    ActorKind,
    person_identity,
    person_key,
    readable_name,
    same_person,
    two_people,
)
from service.domain.errors import Conflict, InvalidRequest


def person(name: str) -> Actor:
    return Actor(ActorKind.PERSON, name)


SPELLINGS = [
    "cli:lin", "cli:Lin", " cli:LIN ", "cli: lin", "lin", "console:lin", "ｌｉｎ", "l\u200bin", "lin\u3164", "lin\x1b",
    "li\ufe0fn", "\u202elin",
]  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_one_name_spelt_otherwise_is_no_second_person(name: str) -> None:
    assert same_person(person("cli:lin"), person(name))
    assert person_identity(person(name)) == person_identity(person("cli:lin"))
    with pytest.raises(Conflict, match="another"):
        two_people(person("cli:lin"), person(name), "the breaker is reset")


def test_accents_count_but_not_how_they_are_composed() -> None:
    assert same_person("Ana López", "ANA LO\u0301PEZ")
    assert not same_person("Ana López", "Ana Lopez")


def test_two_people_are_two() -> None:
    two_people(person("cli:lin"), person("cli:wang"), "it is done")
    two_people(Actor(ActorKind.KEY, "key-1"), person("wang"), "it is done")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person("lin"), Actor(ActorKind.KEY, "key-1")),
        (person("lin"), Actor(ActorKind.JOB, "breaker")),
        (Actor(ActorKind.JOB, "breaker"), person("lin")),
        (person("lin"), person("cli:")),
        (person("lin"), person("\u200b")),
    ],
)
def test_a_key_a_job_or_nobody_is_no_second_person(first: Actor, second: Actor) -> None:
    with pytest.raises(Conflict, match="another"):
        two_people(first, second, "it is done")


def test_a_name_is_recorded_as_it_reads() -> None:
    assert readable_name("  Ana   López ") == "Ana López"
    assert readable_name("王 伟") == "王 伟"


@pytest.mark.parametrize(
    "bad", ["", "   ", "x" * 81, "ana\u200b", "ana\x1b[0m", "a\u202eb", "\u3164", "an\u034fa", "a\nb"]
)
def test_a_name_nobody_can_read_is_refused(bad: str) -> None:
    with pytest.raises(InvalidRequest, match="readable"):
        readable_name(bad)


@given(st.text(max_size=30))
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    once = person_key(name)
    assert person_key(once) == once
    assert same_person(name, name.upper()) or name.upper().casefold() != name.casefold()
