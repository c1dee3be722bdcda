"""A platform's API keys as its administrators manage them. A key is shown once, by whoever made it.

What a key may do with money (review, senior review, policy, the switches) is no administrator's to give: such keys are
made and replaced by the operator, at the command line. Anybody who administers may revoke one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.actors import Actor
from service.domain.clock import Clock
from service.domain.errors import Forbidden, InvalidRequest, NotFound
from service.review.requests import Scope
from service.store import KeyRecord, KeyTerms, Store

__all__ = ["GRANTABLE", "ApiKeys", "KeyRecord", "NewKey"]

GUARDED = frozenset({Scope.REVIEW, Scope.REVIEW_SENIOR, Scope.POLICY, Scope.OPERATE})
"""Who holds a key with one of these can name any person and decide as them."""
GRANTABLE = tuple(scope for scope in Scope if scope not in GUARDED)
LONGEST_OVERLAP = timedelta(days=30)
LONGEST_NAME = 100
_MOST_NETWORKS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """``token`` is shown this once. ``old_ends_at``: of the key it replaces."""

    record: KeyRecord
    token: str = field(repr=False)
    old_ends_at: datetime | None = None


class ApiKeys:
    """Of one platform at a time. ``rate_classes``: those the deployment knows."""

    def __init__(self, store: Store, clock: Clock, rate_classes: Collection[str]) -> None:
        self._store = store
        self._clock = clock
        self.rate_classes = tuple(sorted(rate_classes))

    def now(self) -> datetime:
        """By which keys end."""
        return self._clock.now()

    async def listed(self, platform_id: str) -> tuple[KeyRecord, ...]:
        """All, revoked ones too, oldest first."""
        return await self._store.list_keys(platform_id)

    async def create(
        self,
        platform_id: str,
        actor: Actor,
        *,
        name: str,
        scopes: Iterable[str],
        days: int | None = None,
        rate_class: str = "standard",
        networks: Iterable[str] = (),
    ) -> NewKey:
        """``days``: how long it works, None: until it is revoked. InvalidRequest with the field's name as ``code``;
        Forbidden for a scope that is not an administrator's to give."""
        wanted = _scopes(scopes)
        plain = name.strip()
        if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
            raise InvalidRequest(f"Give a name of 1 to {LONGEST_NAME} visible characters.", extra={"code": "name"})
        if days is not None and not 1 <= days <= 3660:
            raise InvalidRequest("Give 1 to 3660 days, or none.", extra={"code": "days"})
        if rate_class not in self.rate_classes:
            raise InvalidRequest("There is no such rate class.", extra={"code": "rate_class"})
        blocks = tuple(networks)
        if len(blocks) > _MOST_NETWORKS:
            raise InvalidRequest(f"Give {_MOST_NETWORKS} networks at most.", extra={"code": "networks"})
        now = self._clock.now()
        terms = KeyTerms(
            expires_at=None if days is None else now + timedelta(days=days), rate_class=rate_class, networks=blocks
        )
        try:
            record, token = await self._store.create_key(
                platform_id, plain, [scope.value for scope in wanted], actor, now, terms
            )
        except InvalidRequest as wrong:
            raise InvalidRequest(wrong.detail, extra={"code": "networks"}) from None
        return NewKey(record=record, token=token)

    async def rotate(self, platform_id: str, key_id: uuid.UUID, overlap: timedelta, actor: Actor) -> NewKey:
        """A successor with the same scopes; the old key works for ``overlap`` more. NotFound, Conflict; Forbidden for a
        key whose scopes are not an administrator's to give."""
        if overlap > LONGEST_OVERLAP:
            raise InvalidRequest("Give an overlap of 30 days at most.", extra={"code": "overlap"})
        if guarded(await self._get(platform_id, key_id)):
            raise _not_yours()
        record, token = await self._store.rotate_key(platform_id, key_id, overlap, actor, self._clock.now())
        old = await self._get(platform_id, key_id)
        return NewKey(record=record, token=token, old_ends_at=old.terms.expires_at)

    async def revoke(self, platform_id: str, key_id: uuid.UUID, actor: Actor) -> None:
        """Refused from the next request on. NotFound."""
        await self._store.revoke_key(platform_id, key_id, actor, self._clock.now())

    async def _get(self, platform_id: str, key_id: uuid.UUID) -> KeyRecord:
        for record in await self._store.list_keys(platform_id):
            if record.id == key_id:
                return record
        raise NotFound("There is no such key on this platform.")


def guarded(record: KeyRecord) -> bool:
    """Whether a key may do what no administrator gives."""
    return bool(record.scopes & {scope.value for scope in GUARDED})


def _scopes(given: Iterable[str]) -> tuple[Scope, ...]:
    try:
        wanted = tuple(dict.fromkeys(Scope(each) for each in given))
    except ValueError:
        raise InvalidRequest("There is no such scope.", extra={"code": "scopes"}) from None
    if not wanted:
        raise InvalidRequest("Choose at least one scope.", extra={"code": "scopes"})
    if GUARDED & set(wanted):
        raise _not_yours()
    return wanted


def _not_yours() -> Forbidden:
    return Forbidden(
        "A key that may decide, sign policies or switch approval off and on is made and replaced by the operator of "
        "the deployment, at the command line: prereview keys create",
        extra={"code": "guarded_scope"},
    )
