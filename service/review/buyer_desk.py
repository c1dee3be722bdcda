"""A case's page for its buyer: behind a link nobody can guess, with everything a buyer may do and nothing else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.domain.actors import Actor, ActorKind
from service.domain.claims import Claim, ReasonCode
from service.domain.errors import NotFound
from service.domain.lifecycle import Party
from service.policy import Policy
from service.review.casework import CaseWork
from service.review.desk import Acting
from service.review.requests import Caller, CaseView, PolicyOf, UploadedFile
from service.review.viewing import view_of_case
from service.store import Store

STATUS_PAGE = Actor(ActorKind.KEY, "status-page")
_MAC_BYTES = 16  # 128 bits: nobody guesses one, and a link still fits into a text message


class CaseLinks:
    """Tokens of cases: the case's id and a MAC under the deployment's secret, so that none is stored anywhere."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def token(self, platform_id: str, case_id: uuid.UUID) -> str:
        """43 characters, safe in a URL."""
        return base64.urlsafe_b64encode(case_id.bytes + self._mac(platform_id, case_id)).rstrip(b"=").decode()

    def case_id(self, platform_id: str, token: str) -> uuid.UUID:
        """NotFound for anything but a token made for a case of this platform, in the same time whatever is wrong."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raw = b""
        whole = len(raw) == 16 + _MAC_BYTES
        case_id = uuid.UUID(bytes=raw[:16] if whole else bytes(16))
        if not (hmac.compare_digest(raw[16:], self._mac(platform_id, case_id)) and whole):
            raise NotFound("There is no page under this link.")
        return case_id

    def _mac(self, platform_id: str, case_id: uuid.UUID) -> bytes:
        said = b"status page\x00" + platform_id.encode() + b"\x00" + case_id.bytes
        return hmac.new(self._secret, said, hashlib.sha256).digest()[:_MAC_BYTES]


class BuyerDesk:
    """What a buyer sees and does through the link. Every method: NotFound for a link that is none."""

    def __init__(
        self, store: Store, links: CaseLinks, casework: CaseWork, policy_of: PolicyOf, *, address: str = ""
    ) -> None:
        """``address``: where /public is reached from outside, e.g. https://refunds.example.com."""
        self._store = store
        self._address = address.rstrip("/")
        self._links = links
        self._casework = casework
        self._policy_of = policy_of

    async def link(self, caller: Caller, case_id: uuid.UUID) -> str:
        """Of the case's page; NotFound where the platform has no such case."""
        await view_of_case(self._store, caller.platform_id, case_id)
        token = self._links.token(caller.platform_id, case_id)
        return f"{self._address}/public/{caller.platform_id}/cases/{token}"

    def case_id(self, platform_id: str, token: str) -> uuid.UUID:
        """Whose page a link is, without a look at the database."""
        return self._links.case_id(platform_id, token)

    async def case(self, platform_id: str, token: str) -> tuple[CaseView, Policy]:
        case_id = self._links.case_id(platform_id, token)
        return await view_of_case(self._store, platform_id, case_id), await self._policy_of(platform_id)

    async def add_files(self, platform_id: str, token: str, files: Sequence[UploadedFile], version: int) -> None:
        case_id = self._links.case_id(platform_id, token)
        kept = await self._casework.materials.receive(platform_id, files)
        await self._casework.materials.add_evidence(_buyer(platform_id), case_id, kept, version)

    async def explain(self, platform_id: str, token: str, reason: ReasonCode, statement: str, version: int) -> None:
        """A more precise reason, and what happened in the buyer's words: the claim is judged anew."""
        case_id = self._links.case_id(platform_id, token)
        view = await view_of_case(self._store, platform_id, case_id)
        said = {"reason": reason.value, "statement": statement}

        def corrected(request: Mapping[str, Any]) -> tuple[Claim, dict[str, Any]]:
            return replace(view.case.claim, reason=reason, statement=statement), {**request, **said}

        buyer = _buyer(platform_id)
        await self._casework.materials.correct(buyer, case_id, corrected, list(said), expected_version=version)

    async def accept_offer(self, platform_id: str, token: str, version: int) -> None:
        await self._casework.offers.accept(_buyer(platform_id), self._links.case_id(platform_id, token), version)

    async def decline_offer(self, platform_id: str, token: str, version: int) -> None:
        case_id = self._links.case_id(platform_id, token)
        await self._casework.offers.decline(_buyer(platform_id), case_id, expected_version=version)

    async def counter(self, platform_id: str, token: str, amount_minor: int, statement: str, version: int) -> None:
        case_id = self._links.case_id(platform_id, token)
        await self._casework.offers.counter(_buyer(platform_id), case_id, amount_minor, statement, version)

    async def appeal(
        self, platform_id: str, token: str, statement: str, files: Sequence[UploadedFile], version: int
    ) -> None:
        case_id = self._links.case_id(platform_id, token)
        kept = await self._casework.materials.receive(platform_id, files)
        await self._casework.appeals.appeal(_buyer(platform_id), case_id, statement, kept, version)

    async def ask_for_arbitration(self, platform_id: str, token: str, statement: str, version: int) -> None:
        case_id = self._links.case_id(platform_id, token)
        await self._casework.appeals.request_arbitration(_buyer(platform_id), case_id, statement, version)

    async def reopen(self, platform_id: str, token: str, version: int) -> None:
        case_id = self._links.case_id(platform_id, token)
        await self._casework.reopen(_buyer(platform_id), case_id, "reopened on the status page", version)

    async def withdraw(self, platform_id: str, token: str, version: int) -> None:
        case_id = self._links.case_id(platform_id, token)
        reason = "withdrawn on the status page"
        await self._casework.withdraw(_buyer(platform_id), case_id, reason=reason, expected_version=version)


def _buyer(platform_id: str) -> Acting:
    return Acting(platform_id=platform_id, party=Party.BUYER, actor=STATUS_PAGE)
