"""Reviewers and the cases that wait for them, for tests of the queues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from api_service import platform_policy

from service.domain.actors import Actor, ActorKind
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.users import Role, Skills, User
from service.policy import load_policy
from service.store.users import Users

FOUNDER = Actor(ActorKind.PERSON, "founder")
_ANY = Skills()


async def add_user(store, now, login, *roles, skills=_ANY):
    user = User(
        platform_id="acme", login=login, roles=frozenset(roles or (Role.REVIEWER,)), created_at=now,
        password_set_at=now,
    )  # fmt: skip
    await Users(store.database).add(user, "not a hash", FOUNDER)
    if skills != _ANY:
        await Users(store.database).set_skills("acme", login, skills, FOUNDER, now)
    return replace(user, skills=skills)


async def platform_policy_of(store, now):
    """The demo's policy for acme, and what gives it."""
    version = platform_policy("acme", now)
    await store.add_policy(version)

    async def policy_of(_platform_id):
        return load_policy(version.text)

    return policy_of


def review_waiting(store, accept_request, decide_request, make_assessment, make_claim, now):
    """A case of one order that waits for a reviewer, in a lane, due in a while."""

    async def make(order, *, lane="standard", due_in=timedelta(days=1), **claim):
        request = accept_request(make_claim(order, **claim), f"key-{order}")
        await store.accept(request)
        fine = make_assessment(request.case_id, approve=False)
        assessment = replace(fine, verdict=replace(fine.verdict, lane=lane))
        due = Deadline(kind=DeadlineKind.REVIEW, due_at=now + due_in)
        await store.decide(decide_request(request.case_id, approve=False, assessment=assessment, deadline=due))
        return request.case_id

    return make
