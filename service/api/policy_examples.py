"""Examples of policies, their versions and pre-checks for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.domain.errors import Conflict, InvalidClaim, NotFound
from service.policy import load_platform_policy, public_view

_DIGEST = "9f2c01ab77de4b0c6f3d5a18e2c47790b1d36a5f8841ce02d7395b6e40fa1c83"


def _published() -> dict[str, Any]:
    """The demo's own, each list cut to its first entry."""
    view = public_view(load_platform_policy("demo"), "zh")
    short = {key: value[:1] if isinstance(value, list) else value for key, value in view.items()}
    return {**short, "in_force": {"version": "3", "since": "2026-11-01T00:00+08:00"}}


POLICY: dict[str, Any] = _published()
POLICY_VERSION: dict[str, Any] = {
    "version": "4",
    "state": "proposed",
    "text_sha256": _DIGEST,
    "policy_digest": "1b0c" + _DIGEST[4:],
    "voids_certificate": True,
    "effective_at": None,
    "wanted_at": "2026-12-01T00:00:00Z",
    "based_on": "3",
    "note": "手续费由 1% 调整为 2%",
    "drafted": {"by": "ana.lopez", "at": "2026-11-21T09:31:00Z"},
    "proposed": {"by": "ana.lopez", "at": "2026-11-21T09:31:00Z"},
    "signed_off": None,
    "ended": None,
    "ended_why": "",
    "text": None,
}
POLICY_SIGNED: dict[str, Any] = {
    **POLICY_VERSION,
    "state": "scheduled",
    "effective_at": "2026-12-01T00:00:00Z",
    "signed_off": {"by": "wang.lei", "at": "2026-11-21T14:02:00Z"},
}
POLICY_PROPOSAL: dict[str, Any] = {
    "text": 'format: 1\nversion: "2"\nplatform: demo\n…',
    "by": "ana.lopez",
    "effective_at": "2026-12-01T00:00:00+08:00",
    "note": "手续费由 1% 调整为 2%",
}
POLICY_ACT: dict[str, Any] = {"by": "ana.lopez"}
POLICY_APPROVAL: dict[str, Any] = {"by": "wang.lei", "text_sha256": _DIGEST}
POLICY_END: dict[str, Any] = {"by": "ana.lopez", "why": "手续费写错了"}
POLICY_COMPARISON: dict[str, Any] = {
    "before": "version 3",
    "after": "version 4",
    "decides_alike": False,
    "differences": [
        {"path": "fee.buyer_at_fault_permille", "change": "changed", "before": 10, "after": 20, "wording": False}
    ],
    "lines": ["--- version 3", "+++ version 4", "-fee: {buyer_at_fault_permille: 10}", "+fee: {…: 20}"],
}
NOT_PROPOSED = Conflict(
    "version '4' is withdrawn; only one that is proposed can be signed off", extra={"step": "withdrawn"}
)
NOTHING_TO_SIGN = Conflict("version '3', which is in force, has this very text; there is nothing to sign")

_BEFORE: dict[str, Any] = {
    "decision": "auto_approved",
    "approval_class": "recoverable",
    "amount": 2920,
    "fee": 30,
    "route": "original",
    "obligations": ["void_code"],
    "recommendation": "approve",
    "clauses": ["classes.recoverable"],
    "missing": [],
    "lane": "standard",
    "senior": False,
    "second_review": False,
}
DRY_RUN: dict[str, Any] = {"case": "R261121-7K3M9Q2XWA"}
DRY_RUN_DONE: dict[str, Any] = {
    "number": "R261121-7K3M9Q2XWA",
    "version": "3",
    "changed": ["amount", "fee"],
    "before": _BEFORE,
    "after": {**_BEFORE, "amount": 2891, "fee": 59},
    "notes": ["Both sides are what the rules say, before mode, share approved, budgets and the audit draw."],
}
PRE_CHECK: dict[str, Any] = {
    "order": {
        "order_number": "KM202611200917",
        "product": {"id": "p-118", "name": "点卡 30 元", "kind": "card_code"},
        "seller_id": "s-77",
        "amount_paid": 2950,
        "ordered_at": "2026-11-20T20:58:00+08:00",
        "payment_method": "alipay",
    },
    "fulfilment": {"state": "delivered", "use": "viewed"},
    "reason": "code_invalid",
    "amount_claimed": 2950,
}
PRE_CHECKED: dict[str, Any] = {
    "prospect": "can_qualify",
    "message": "可以申请：公布的规则中没有排除这种情况。这不是审批结果。",
    "clauses": [],
    "materials": [{"code": "problem", "text": "出现问题的页面截图，例如错误提示"}],
    "no_upload": False,
    "expected": {
        "amount": 2950,
        "fee": 0,
        "currency": "CNY",
        "route": "original",
        "arrival": "原路退回手机支付账户，1 至 2 个工作日到账",
        "withdrawable": None,
    },
    "notes": [],
    "apply_by": "2026-11-27T12:58:00Z",
    "wait_until": None,
    "answer_within": "1 个工作日",
    "materials_within": "3 个工作日",
    "official_channel": "平台 App 内「我的订单 → 退款单」",
    "policy_version": "3",
}
NO_AMOUNT = InvalidClaim(
    "amount_claimed is required. Correct what `errors` lists and send it again.",
    extra={"errors": [{"path": "amount_claimed", "message": "is required"}], "error_count": 1},
)
NO_SUCH_CASE = NotFound("There is no assessed case 'R000000-0000000000' on this platform. Give its id or its number.")
