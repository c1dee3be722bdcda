"""POST /v1/cases/{case_id}/…: what buyers and platforms do to a case, and what ends it."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from service.api import casework_examples as shown
from service.api import examples
from service.api.acting import act
from service.api.conditional import IfMatch
from service.api.context import Context, Language
from service.api.routes import casework_review, casework_uploads
from service.api.schemas.casework import (
    AcceptOfferIn,
    ArbitrationIn,
    CloseIn,
    CounterIn,
    DeclineOfferIn,
    ReopenIn,
    ReverseIn,
    WithdrawIn,
)
from service.api.security import AnyCaller

router = APIRouter(tags=["cases"])
router.include_router(casework_uploads.router)
router.include_router(casework_review.router)


@router.post(
    "/v1/cases/{case_id}/withdraw",
    summary="The buyer wants no refund any more",
    operation_id="withdrawCase",
    **shown.action(WithdrawIn, examples.WITHDRAW, examples.WITHDRAWN),
)
async def withdraw(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """Before a decision only; the order may then be claimed for again."""
    work = context.casework
    return await act(
        request, context, caller, language, WithdrawIn,
        lambda asked, who: work.withdraw(who, case_id, reason=asked.reason, expected_version=expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/reopen",
    summary="Take up a lapsed case again",
    operation_id="reopenCase",
    **shown.action(ReopenIn, shown.REOPEN),
)
async def reopen(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """It is assessed anew. Refused where the order has another live case, which is named."""
    work = context.casework
    return await act(
        request, context, caller, language, ReopenIn,
        lambda asked, who: work.reopen(who, case_id, asked.reason, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/counter",
    summary="The buyer asks for more than was offered",
    operation_id="counterOffer",
    **shown.action(CounterIn, shown.COUNTER),
)
async def counter(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """Above the offer, at most what was claimed."""
    offers = context.casework.offers
    return await act(
        request, context, caller, language, CounterIn,
        lambda asked, who: offers.counter(who, case_id, asked.amount, asked.statement, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/accept-offer",
    summary="The buyer takes the offer",
    operation_id="acceptOffer",
    **shown.action(AcceptOfferIn, shown.BUYER, examples.APPROVED),
)
async def accept_offer(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """It is granted as it was offered."""
    offers = context.casework.offers
    return await act(
        request, context, caller, language, AcceptOfferIn,
        lambda _, who: offers.accept(who, case_id, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/decline-offer",
    summary="The buyer does not take the offer",
    operation_id="declineOffer",
    **shown.action(DeclineOfferIn, shown.BUYER),
)
async def decline_offer(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """A reviewer goes on; it is held against nobody."""
    offers = context.casework.offers
    return await act(
        request, context, caller, language, DeclineOfferIn,
        lambda asked, who: offers.decline(who, case_id, asked.reason, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/request-arbitration",
    summary="Have a rejection arbitrated",
    operation_id="requestArbitration",
    **shown.action(ArbitrationIn, shown.ARBITRATION),
)
async def request_arbitration(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """Within the time to appeal; the ruling is recorded and binding."""
    appeals = context.casework.appeals
    return await act(
        request, context, caller, language, ArbitrationIn,
        lambda asked, who: appeals.request_arbitration(who, case_id, asked.statement, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/reverse",
    summary="Take back what was granted",
    operation_id="reverseGrant",
    **shown.action(ReverseIn, shown.REVERSE),
)
async def reverse(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """What was lost becomes a label of its source; the order may be claimed for again."""
    work = context.casework
    return await act(
        request, context, caller, language, ReverseIn,
        lambda asked, who: work.reverse(who, case_id, asked.reason, asked.loss_share, asked.label_source, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/close",
    summary="End a rejected case for good",
    operation_id="closeCase",
    **shown.action(CloseIn, shown.CLOSE),
)
async def close(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """It can no longer be appealed."""
    work = context.casework
    return await act(
        request, context, caller, language, CloseIn,
        lambda asked, who: work.close(who, case_id, asked.reason, expected),
    )  # fmt: skip
