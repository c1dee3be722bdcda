"""What is asked for, what comes in, what is corrected: each a new look at the case."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.domain.assessment import MissingMaterial, Party
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.errors import Conflict, InvalidRequest
from service.domain.lifecycle import REASSESSED_BESIDE, Action
from service.domain.lifecycle import Party as Part
from service.policy import buyer_steps
from service.review.desk import Acting, Desk, Work
from service.review.receiving import Receiving
from service.review.requests import CaseView, UploadedFile
from service.store import NewEvidence

__all__ = ["Corrected", "Materials", "NewEvidence"]

Corrected = Callable[[Mapping[str, Any]], tuple[Claim, Mapping[str, Any]]]
"""The claim's JSON as it was sent → the corrected claim and its JSON; InvalidRequest where they do not fit."""

# What only the platform's records know; a buyer may put right what the buyer said.
_BUYERS_OWN = frozenset({"reason", "statement", "amount_claimed"})


class Materials:
    def __init__(self, desk: Desk, receiving: Receiving) -> None:
        self._desk = desk
        self._receiving = receiving

    async def receive(self, platform_id: str, files: Sequence[UploadedFile]) -> tuple[NewEvidence, ...]:
        """Write files before anything is said of them: it takes time, and a file without a case does no harm."""
        return await self._receiving.keep(platform_id, files)

    async def ask(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        codes: Sequence[str],
        message: str = "",
        reason: str = "",
        expected_version: int | None = None,
    ) -> CaseView:
        """Ask the buyer for materials of the policy; InvalidRequest for a code it does not have."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            missing = _materials(work, codes)
            deadline = work.deadline(CaseState.AWAITING_MATERIALS)
            await work.move(
                Action.ASK_FOR_MATERIALS,
                reason=reason,
                buyer=buyer_steps.asked(work.policy, missing, deadline, message),
                deadline=deadline,
                kept={"materials": list(codes)},
                recorded={"materials": list(codes)},
            )
        return await self._desk.view(acting, case_id)

    async def ask_supplier(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        question: str,
        *,
        seller: bool = False,
        reason: str = "",
        expected_version: int | None = None,
    ) -> CaseView:
        """Have the platform ask the supplier (``seller``: the seller); the answer makes a new assessment. ``reason``
        is internal."""
        asked = Party.SELLER if seller else Party.SUPPLIER
        async with self._desk.open(acting, case_id, expected_version) as work:
            await work.move(
                Action.ASK_SUPPLIER,
                reason=reason,
                deadline=work.deadline(CaseState.AWAITING_SUPPLIER, asks_seller=seller),
                buyer=buyer_steps.BY_STATE[CaseState.AWAITING_SUPPLIER],
                kept={"asked": asked.value, "question": question},
                recorded={"asked": asked.value},
            )
        return await self._desk.view(acting, case_id)

    async def answer_supplier(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        answer: str,
        corrected: Corrected | None = None,
        expected_version: int | None = None,
    ) -> CaseView:
        """What supplier or seller said, with what it puts right in the record. Conflict where nobody was asked."""
        if acting.party is Part.BUYER:
            raise InvalidRequest("A supplier's answer comes from the platform, not from the buyer.")
        async with self._desk.open(acting, case_id, expected_version) as work:
            asked = [step for step in await work.steps() if step.action == Action.ASK_SUPPLIER]
            if not asked:
                raise Conflict("Nobody was asked on this case; send a corrected fact with corrections instead.")
            kept = {"asked": asked[-1].data.get("asked"), "answer": answer}
            await work.reassess("supplier_answer", kept=kept, **await _corrections(work, corrected))
        return await self._desk.view(acting, case_id)

    async def add_evidence(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        files: Sequence[NewEvidence],
        expected_version: int | None = None,
    ) -> CaseView:
        """Files for a live case, as ``receive`` kept them. Conflict where the order has them all already."""
        if not files:
            raise InvalidRequest("Send at least one file.")
        async with self._desk.open(acting, case_id, expected_version) as work:
            fresh = await work.store.casework.add_files(work.tx, work.case, files, work.now)
            if not fresh:
                raise Conflict("The order has these files already; send something new.")
            await work.reassess("evidence", kept={"files": list(fresh)}, recorded={"files": list(fresh)})
        return await self._desk.view(acting, case_id)

    async def correct(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        corrected: Corrected,
        fields: Sequence[str],
        reason: str = "",
        expected_version: int | None = None,
    ) -> CaseView:
        """Put facts of the claim or order right. ``fields``: the top-level names that change. Conflict where a buyer
        asks for something else than the person at work was asked to judge: by reason and sum it is decided who may."""
        if acting.party is Part.BUYER and not _BUYERS_OWN.issuperset(fields):
            raise InvalidRequest(f"A buyer may correct: {', '.join(sorted(_BUYERS_OWN))}. The rest is the platform's.")
        async with self._desk.open(acting, case_id, expected_version) as work:
            what = await _corrections(work, corrected)
            if acting.party is Part.BUYER and work.case.state in REASSESSED_BESIDE and _asks_otherwise(work, what):
                raise Conflict(
                    "A reviewer is judging the claim as it was made: its reason and amount stay. Send a statement or "
                    "evidence, or withdraw the claim and make another."
                )
            named = {"fields": sorted(fields)}
            await work.reassess("correction", reason=reason, kept=named, recorded=named, **what)
        return await self._desk.view(acting, case_id)

    async def hand_back(
        self, acting: Acting, case_id: uuid.UUID, reason: str, expected_version: int | None = None
    ) -> CaseView:
        """Wait no longer for material, supplier or the buyer's answer to an offer: a reviewer goes on."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await work.move(Action.SEND_TO_REVIEW, reason=reason, deadline=work.deadline(CaseState.IN_REVIEW))
        return await self._desk.view(acting, case_id)


def _materials(work: Work, codes: Sequence[str]) -> tuple[MissingMaterial, ...]:
    known = work.policy.materials
    unknown = [code for code in codes if code not in known]
    if unknown or not codes:
        raise InvalidRequest(
            f"Ask for materials of this platform's policy: {', '.join(known)}.",
            extra={"errors": [{"path": "materials", "message": "must be materials of the policy"}], "error_count": 1},
        )
    return tuple(MissingMaterial(code=code, text=known[code].text) for code in dict.fromkeys(codes))


def _asks_otherwise(work: Work, what: Mapping[str, Any]) -> bool:
    claim: Claim = what["claim"]
    return (claim.reason, claim.amount_claimed) != (work.claim.reason, work.claim.amount_claimed)


async def _corrections(work: Work, corrected: Corrected | None) -> dict[str, Any]:
    """What a correction makes of the claim, as arguments of a reassessment."""
    if corrected is None:
        return {}
    claim, request = corrected(await work.store.casework.request(work.tx, work.case))
    if claim == work.claim:
        raise Conflict("This is what the record says already; nothing was corrected.")
    return {"claim": claim, "request": request}
