"""Roles, logins, passwords and how long one waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.actors import Actor, ActorKind, same_person, two_people
from service.domain.errors import Conflict, InvalidRequest
from service.domain.users import Counted, Role, User, checked_login, checked_password, checked_roles, wait_after

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def user(*roles: Role) -> User:
    return User(platform_id="acme", login="ana", roles=frozenset(roles), created_at=NOW, password_set_at=NOW)


def test_an_auditor_sees_and_changes_nothing() -> None:
    assert user(Role.AUDITOR).may({Role.AUDITOR, Role.RISK_OWNER})
    assert not user(Role.AUDITOR).may({Role.AUDITOR, Role.RISK_OWNER}, change=True)
    assert user(Role.AUDITOR, Role.RISK_OWNER).may({Role.AUDITOR, Role.RISK_OWNER}, change=True)


def test_a_senior_is_a_reviewer_and_nobody_is_anything_else_by_another_role() -> None:
    assert user(Role.SENIOR).may({Role.REVIEWER}, change=True)
    assert not user(Role.REVIEWER).may({Role.SENIOR})
    for role in Role:
        assert not user(Role.ADMINISTRATOR).may({role} - {Role.ADMINISTRATOR})


def test_the_login_is_the_same_person_at_every_face() -> None:
    signed_in = user(Role.RISK_OWNER).actor
    assert signed_in == Actor(ActorKind.PERSON, "user:ana")
    for name in ("cli:ana", "ana", "console:Ana", "api:ANA"):
        assert same_person(signed_in, Actor(ActorKind.PERSON, name))
        with pytest.raises(Conflict):
            two_people(signed_in, Actor(ActorKind.PERSON, name), "a platform is resumed")


@pytest.mark.parametrize("text", ["Ana.Lopez", " ana.lopez ", "ａｎａ.lopez"])
def test_a_login_has_one_spelling(text: str) -> None:
    assert checked_login(text) == "ana.lopez"


@pytest.mark.parametrize("text", ["", "a", "-ana", "ana lopez", "ana/../x", "аna", "a" * 41, "ana\0", "ana\nb"])
def test_what_is_no_login_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_login(text)


@pytest.mark.parametrize("text", ["short", "aaaaaaaaaaaaaaaa", "my-name-is-Ana-1", "x" * 129, "abababababababab"])
def test_passwords_that_are_easily_guessed_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_password(text, "ana")


def test_a_password_may_be_words_in_any_script() -> None:
    assert checked_password("马 电池 正确 订书钉 四个词语", "ana")
    assert checked_password("correct horse battery", "ana") == "correct horse battery"


def test_roles_are_known_ones_and_at_least_one() -> None:
    assert checked_roles(["reviewer", "auditor"]) == {Role.REVIEWER, Role.AUDITOR}
    for wrong in ([], ["root"], ["reviewer", "root"]):
        with pytest.raises(InvalidRequest):
            checked_roles(wrong)


def test_waits_grow_and_end() -> None:
    for counted in Counted:
        waits = [wait_after(counted, failures) for failures in range(200)]
        assert waits == sorted(waits)
        assert waits[5] == timedelta(0)
        assert waits[-1] <= timedelta(minutes=15)
    # What strangers can do to somebody else stays short.
    assert wait_after(Counted.ACCOUNT, 10_000) == timedelta(minutes=1)
