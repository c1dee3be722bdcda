"""Personal data: shown for a purpose that is logged, kept no longer than its days, handed out and erased on request."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog

from service.domain.actors import Actor, ActorKind, two_people
from service.domain.clock import Clock
from service.domain.errors import BadRequest, Conflict, NotFound, PrereviewError
from service.store import ERASED, CaseRecord, Erased, KeptAnswers, Pseudonym, RetentionRule, Reveal, SealingKeys, Store
from service.store.audit import case_subject

log = structlog.get_logger(__name__)

RETENTION = Actor(ActorKind.JOB, "retention")
_BATCH = 1_000
_WHOLE = timedelta(days=1)


class Revealable(StrEnum):
    """What of a case is masked until somebody has a reason to see it."""

    ACCOUNT = "account"
    RECHARGED_ACCOUNT = "recharged_account"
    STATEMENT = "statement"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """Files now under the newest key, and hashes of files that could not be brought there."""

    key: str
    files: int
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Consents that ended, and identity papers that went with them."""

    consents: int
    files: int


class PersonalDataDesk:
    """``pseudonym``: platform id → its pseudonyms; ``keys`` None where evidence is not encrypted."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rule: RetentionRule,
        pseudonym: Callable[[str], Pseudonym],
        answers: KeptAnswers,
        keys: SealingKeys | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rule = rule
        self._pseudonym = pseudonym
        self._answers = answers
        self._keys = keys
        self._swept_at: datetime | None = None

    # --- seeing -----------------------------------------------------------------------------------------------
    async def reveal(
        self, record: CaseRecord, what: Sequence[Revealable], actor: Actor, purpose: str
    ) -> dict[str, Any]:
        """The case's personal data in the clear, for a purpose in words. Logged before it is shown.

        ``evidence`` lists the files' hashes; their bytes are read one by one with ``reveal_file``.
        """
        _purposeful(purpose)
        case = record.case
        await self._store.personal_data.note_reveal(
            case.platform_id, case_subject(case.id), what, actor, purpose, self._clock.now()
        )
        claim = case.claim
        account = {"id": claim.account.id, "device_id": claim.account.device_id, "payer_id": claim.account.payer_id}
        found = {
            Revealable.ACCOUNT: account | {"ip": claim.account.ip},
            Revealable.RECHARGED_ACCOUNT: claim.order.recharged_account,
            Revealable.STATEMENT: claim.statement,
            Revealable.EVIDENCE: list(case.evidence),
        }
        return {each.value: found[each] for each in what}

    async def reveal_case(
        self, platform_id: str, case_id: uuid.UUID, what: Sequence[Revealable], actor: Actor, purpose: str
    ) -> dict[str, Any]:
        """As ``reveal``, of a case by its id; NotFound where the platform has none of it."""
        record = await self._store.load_case(platform_id, case_id)
        if record is None:
            raise NotFound("There is no case with this id on your platform.")
        return await self.reveal(record, what, actor, purpose)

    async def reveal_file(self, record: CaseRecord, sha256: str, actor: Actor, purpose: str) -> bytes:
        """A file of the case as it was sent; NotFound where it is none of the case's, or was erased."""
        _purposeful(purpose)
        case = record.case
        if sha256 not in case.evidence:
            raise NotFound(f"{sha256} is no file of this case")
        gone = (await self._store.personal_data.tombstones(case.platform_id, [sha256])).get(sha256)
        now = self._clock.now()
        await self._store.personal_data.note_reveal(
            case.platform_id, case_subject(case.id), [f"evidence {sha256}"], actor, purpose, now
        )
        try:
            return await self._store.read_evidence(case.platform_id, sha256)
        except NotFound as error:
            if gone is None:
                raise
            raise NotFound(f"{sha256} was erased on {gone.erased_at:%Y-%m-%d}: {gone.why}") from error

    async def note_shown(self, platform_id: str, case_id: uuid.UUID, what: str, actor: Actor, purpose: str) -> None:
        """Note that something of a case is shown to somebody from now on, for a purpose in words. ``what``: a name of
        Revealable, or ``evidence`` with a file's SHA-256, of the case or of a twin."""
        _purposeful(purpose)
        await self._store.personal_data.note_reveal(
            platform_id, case_subject(case_id), [what], actor, purpose, self._clock.now()
        )

    async def reveals(self, platform_id: str, since: datetime | None = None) -> tuple[Reveal, ...]:
        """Who was shown what, when and what for, newest first."""
        return await self._store.personal_data.reveals(platform_id, since=since)

    async def export(self, platform_id: str, account_id: str, actor: Actor, reason: str) -> dict[str, Any]:
        """Everything stored of an account, for whoever asked for their data; NotFound where there is nothing."""
        _purposeful(reason)
        subject = f"account:{self._pseudonym(platform_id)('account_id', account_id)}"
        now = self._clock.now()
        found = await self._store.personal_data.export_account(platform_id, account_id, subject, actor, reason, now)
        return {"platform": platform_id, "account": account_id, "exported_at": now.isoformat(), **found}

    async def withdraw_consent(self, platform_id: str, case_id: uuid.UUID, actor: Actor, reason: str) -> Withdrawn:
        """The buyer takes back the consent to reading identity papers: those of the case's order go, and none is read
        any more until a claim brings a new consent. NotFound; asked again it changes nothing."""
        _purposeful(reason)
        record = await self._store.load_case(platform_id, case_id)
        if record is None:
            raise NotFound("There is no case with this id on your platform.")
        ended, files = await self._store.personal_data.withdraw_consent(
            platform_id, record.case.claim.order.order_number, case_id, actor, reason, self._clock.now()
        )
        return Withdrawn(consents=ended, files=files)

    # --- taking away ------------------------------------------------------------------------------------------
    async def erase(self, platform_id: str, account_id: str, actor: Actor, approved_by: Actor, reason: str) -> Erased:
        """Take a person out of everything stored. Two people; NotFound, or Conflict while a case of theirs runs."""
        _purposeful(reason)
        two_people(actor, approved_by, "an account is erased")
        if await self._store.platform(platform_id) is None:
            raise NotFound(f"there is no platform {platform_id!r} here")
        if account_id.startswith(ERASED):
            raise Conflict("this is a pseudonym: the account was erased already")
        return await self._store.personal_data.erase_account(
            platform_id,
            account_id,
            self._pseudonym(platform_id),
            self._answers,
            actor,
            approved_by,
            reason,
            self._clock.now(),
        )

    async def sweep_lately(self) -> int:
        """The hourly round: what came to its end in the last days, and all of it once a day."""
        now = self._clock.now()
        if self._swept_at is None or not timedelta(0) <= now - self._swept_at < _WHOLE:
            gone = await self.sweep()
            self._swept_at = now
            return gone
        return await self.sweep(lately=2 * _WHOLE)

    async def sweep(self, lately: timedelta | None = None) -> int:
        """Take away what is past its days, on every platform, and bytes that could not be deleted before; how many.

        ``lately``: only what came to its end so short a time ago.
        """
        gone = 0
        for platform in await self._store.platforms():
            taken = 0
            try:
                while found := await self._store.personal_data.sweep(
                    platform.id, self._rule, RETENTION, self._clock.now(), _BATCH, lately
                ):
                    taken += found
                gone += taken
                await self._store.retention.note(platform.id, taken, self._clock.now(), whole=lately is None)
            except PrereviewError as error:
                log.error(
                    "evidence past its retention could not be taken away", platform=platform.id, detail=error.detail
                )
        return gone

    # --- keys -------------------------------------------------------------------------------------------------
    async def rotate_keys(
        self, actor: Actor, reason: str, *, new_key: bool = True, forget_old: bool = False
    ) -> Resealed:
        """Bring every file under a new key (or the newest there is). Safe to run again, and while claims come in.

        ``forget_old``: the other keys go, if every file could be brought over: copies under them, such as backups, can
        then be read no more.
        """
        _purposeful(reason)
        if self._keys is None:
            raise Conflict("evidence is not encrypted here, so there is no key to change")
        if new_key:
            self._keys.add()
        done = await self._reseal(self._keys)
        if forget_old and not done.failed:
            await self._reseal(self._keys)  # what was written under the old key meanwhile
            self._keys.forget_old()
        now = self._clock.now()
        for platform in await self._store.platforms():
            await self._store.personal_data.note_rotation(
                platform.id, done.key, done.files, len(done.failed), forget_old, actor, reason, now
            )
        return done

    async def _reseal(self, keys: SealingKeys) -> Resealed:
        files, failed = 0, []
        for platform in await self._store.platforms():
            async for sha256 in self._store.personal_data.files(platform.id):
                try:
                    files += await self._store.files.seal_anew(platform.id, sha256)
                except PrereviewError as error:
                    log.error("a file could not be sealed anew", sha256=sha256, detail=error.detail)
                    failed.append(sha256)
            await self._store.personal_data.delete_bytes(platform.id, self._clock.now())
        return Resealed(key=keys.read()[0].id, files=files, failed=tuple(failed))


def _purposeful(purpose: str) -> None:
    if not purpose.strip():
        raise BadRequest(
            "say what for: personal data are shown, handed out and erased only for a purpose, and it is logged"
        )
