"""What administrators see of people's accounts, and do to them: sessions ended, a lock-out lifted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from service.domain.actors import Actor, ActorKind
from service.domain.clock import Clock
from service.domain.errors import Conflict, NotFound
from service.domain.users import Counted, User, checked_skills, folded_login
from service.store.sign_in_failures import SignInFailures
from service.store.user_standing import AccountStanding, AccountStandings
from service.store.users import PowerGiven, Users

__all__ = ["POWERS_SHOWN_FOR", "AccountDesk", "AccountStanding", "PowerGiven"]

POWERS_SHOWN_FOR = timedelta(days=14)
_POWERS_SHOWN = 50


class AccountDesk:
    """Of one platform at a time. Times are the machine's, as for signing in."""

    def __init__(self, users: Users, standings: AccountStandings, failures: SignInFailures, clock: Clock) -> None:
        self._users = users
        self._standings = standings
        self._failures = failures
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    async def standing(self, platform_id: str, people: Iterable[User]) -> Mapping[str, AccountStanding]:
        """Login → where they are signed in, and failed attempts."""
        return await self._standings.of(platform_id, [user.login for user in people], self._clock.now())

    async def powers_given(self, platform_id: str) -> tuple[PowerGiven, ...]:
        """Accounts, roles and passwords people were given lately, newest first: whoever hands them out can be two
        people, so that everybody who relies on a second one has to see it."""
        return await self._users.powers_given(platform_id, self._clock.now() - POWERS_SHOWN_FOR, _POWERS_SHOWN)

    async def end_sessions(self, platform_id: str, login: str, actor: Actor) -> int:
        """Sign somebody out everywhere; how many sessions that ended. NotFound; Conflict for oneself."""
        login = _another(login, actor)
        return await self._standings.end_sessions(platform_id, login, actor, self._clock.now())

    async def let_try_again(self, platform_id: str, login: str, actor: Actor) -> None:
        """Forget failed attempts, so that they need not wait any more. NotFound; Conflict for oneself."""
        login = _another(login, actor)
        found = await self._users.get(platform_id, login)
        if found is None:
            raise NotFound(f"There is no user {login!r} on {platform_id!r}.", extra={"code": "no_user"})
        await self._failures.forget(platform_id, Counted.ACCOUNT, login)
        await self._users.note(found.user, actor, "user.wait_lifted", self._clock.now())

    async def set_skills(
        self, platform_id: str, login: str, lanes: Iterable[str], reasons: Iterable[str], actor: Actor
    ) -> bool:
        """Which cases the next-case button gives somebody, none named: any. False if nothing changes. InvalidRequest,
        NotFound; Conflict for oneself."""
        login, skills = _another(login, actor), checked_skills(lanes, reasons)
        return await self._users.set_skills(platform_id, login, skills, actor, self._clock.now())


def _another(login: str, actor: Actor) -> str:
    login = folded_login(login)
    if actor == Actor(ActorKind.PERSON, f"user:{login}"):
        raise Conflict("Another administrator does this for you.", extra={"code": "own_account"})
    return login
