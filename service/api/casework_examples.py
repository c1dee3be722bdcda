"""Examples of actions on cases, and what the OpenAPI document says of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.api import documentation as docs
from service.api import examples
from service.api.case_answers import case_action
from service.api.schemas.answers import CaseOut
from service.api.schemas.fields import Strict
from service.domain.errors import DecisionHeld, Forbidden

ONLY_SENIORS = Forbidden("Only a senior reviewer decides disputed orders. Have one do it, with `as: senior`.")
UNDECIDED: dict[str, Any] = {
    **examples.PENDING,
    "version": 4,
    "state": "in_review",
    "decision": "manual_review",
    "actions": {"buyer": ["withdraw", "evidence", "corrections"]},
    "deadline": {"due": "review", "due_at": "2026-11-25T16:00:00Z", "certain": True},
    "history": [
        {
            "version": 4,
            "action": "decline_offer",
            "party": "buyer",
            "at": "2026-11-22T02:10:00Z",
            "from_state": "offered",
            "to_state": "in_review",
            "message": None,
        }
    ],
}
MESSAGE = "您的材料已核实。"

APPROVE = {"as": "reviewer", "by": "ana.lopez", "message": MESSAGE}
PART = {"as": "reviewer", "by": "ana.lopez", "message": "按未使用天数退款。", "amount": 1967, "reason": "10 of 30 days"}
REJECT = {"as": "reviewer", "by": "ana.lopez", "clause": "1", "message": "该卡密已激活。", "reason": "log shows use"}
MATERIALS = {"as": "reviewer", "by": "ana.lopez", "materials": ["payment_record"], "message": "请补充付款记录。"}
SUPPLIER = {"as": "reviewer", "by": "ana.lopez", "asked": "supplier", "question": "Was the code ever activated?"}
ANSWER = {"answer": "Never activated.", "fulfilment": {"use": "never_viewed"}}
COUNTER = {"as": "buyer", "amount": 2500, "statement": "Two thirds of it never worked."}
BUYER = {"as": "buyer"}
HANDED_BACK = {"as": "reviewer", "by": "ana.lopez", "reason": "the buyer called; nothing more will come"}
SECOND = {"as": "reviewer", "by": "bo.chen"}
RULING = {
    "as": "senior",
    "by": "mei.sun",
    "ruling": "12315 no. 8841: refund in full",
    "message": "按仲裁结果全额退款。",
}
CLOSE = {"as": "senior", "by": "mei.sun", "reason": "the buyer accepted the rejection by phone"}
ARBITRATION = {"as": "buyer", "statement": "The log of 20 November was never looked at."}
REVERSE = {"as": "platform", "reason": "charged back at the bank", "loss_share": 1.0, "source": "chargeback"}
REOPEN = {"as": "buyer", "reason": "the payment record was found"}
APPEAL = {"as": "buyer", "statement": "The code was redeemed from a phone that is not mine."}
CORRECTIONS = {"fulfilment": {"state": "delivered"}, "reason": "the log came late"}


JUST_DECIDED = DecisionHeld(
    "user:ana.lopez has decided this case (approve), which takes effect in some seconds. Only they can take it back "
    "until then; read the case again.",
    extra={"held_by": "user:ana.lopez", "held_until": "2026-11-21T09:31:10+00:00"},
)


def action(body: type[Strict], example: Mapping[str, Any], answer: Mapping[str, Any] = UNDECIDED) -> dict[str, Any]:
    """What a route documents, as keyword arguments of ``router.post``."""
    return case_action(body, example, answer, ONLY_SENIORS, JUST_DECIDED)


def decision(body: type[Strict], example: Mapping[str, Any], answer: Mapping[str, Any] = UNDECIDED) -> dict[str, Any]:
    """As ``action``, for grants: another person may have to confirm first."""
    documented = action(body, example, answer)
    documented["responses"][202] = docs.answer(
        "Proposed: another person has to ask for the same before it stands", CaseOut, {"proposed": UNDECIDED}
    )
    return documented


def upload(body: type[Strict], example: Mapping[str, Any], what: str) -> dict[str, Any]:
    """As ``action``, for files with a part of JSON beside them."""
    documented = action(body, example)
    files = {"type": "array", "maxItems": 20, "items": {"type": "string", "format": "binary"}, "description": what}
    documented["openapi_extra"]["requestBody"]["content"]["multipart/form-data"] = {
        "schema": {"type": "object", "properties": {"details": docs.ref(body), "evidence": files}},
        "encoding": {"details": {"contentType": "application/json"}},
        "examples": {"typical": {"value": {"details": dict(example), "evidence": []}}},
    }
    return documented
