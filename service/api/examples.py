"""The examples shown in the OpenAPI document; tests hold each against the model it illustrates."""

from __future__ import annotations

from typing import Any

import orjson

from service.features import FEATURE_NAMES

CASE_ID = "019a6f3e-52c0-7c31-9d0e-6f1b7a2c4e58"
LINKED_ID = "019a6f41-0a77-7b12-8f35-2c9d4e6b8a10"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

CLAIM: dict[str, Any] = {
    "reference": "RF-20261121-0031",
    "account": {
        "id": "u-48213",
        "opened_at": "2025-03-02T10:15:00+08:00",
        "device_id": "d-7f31c2",
        "ip": "ip-5be2",
        "payer_id": "p-90aa",
    },
    "order": {
        "order_number": "KM202611200917",
        "trade_number": "2026112022001485",
        "product": {
            "id": "sku-30",
            "name": "Game card, 30 yuan",
            "kind": "card_code",
            "category": "game card",
            "face_value": 3000,
        },
        "seller_id": "s-112",
        "amount_paid": 2950,
        "currency": "CNY",
        "ordered_at": "2026-11-20T21:04:11+08:00",
        "paid_at": "2026-11-20T21:04:40+08:00",
        "payment_method": "alipay",
        "terms": {"time_limit_hours": 168, "anchor": "paid_at"},
    },
    "fulfilment": {
        "state": "delivered",
        "use": "never_viewed",
        "delivered_at": "2026-11-20T21:04:42+08:00",
        "voidable": True,
    },
    "reason": "code_invalid",
    "statement": "激活时提示激活码无效，换了两台手机都一样，请退款。",
    "amount_claimed": 2950,
    "route": "original",
}

_VERSIONS = {"code": "0.1.0", "policy": "demo@1f0c", "features": "a41d", "reader": "2", "model": "20261101-01"}

APPROVED: dict[str, Any] = {
    "case_id": CASE_ID,
    "number": "R261121-7K3M9Q2XWA",
    "version": 2,
    "state": "auto_approved",
    "decision": "auto_approved",
    "amount": 2950,
    "currency": "CNY",
    "fee": 0,
    "route": "original",
    "obligations": ["void_code"],
    "buyer": {
        "message": "您的退款已通过，29.50 元将按原支付方式退回。",
        "missing": [],
        "next": "一般 1 至 2 个工作日到账，请留意支付账户。",
    },
    "versions": _VERSIONS,
    "ms": {"total": 214.6, "read": 188.2, "decide": 6.1},
}

_EVIDENCE = {
    "sha256": _SHA256,
    "status": "read",
    "reason": None,
    "page": "order",
    "fields": {
        "order_number": {
            "value": "KM202611200917",
            "text": "KM202611200917",
            "score": 0.997,
            "box": [212.0, 380.0, 640.0, 412.0],
        },
        "amount": {"value": 29500, "text": "￥295.00", "score": 0.991, "box": [540.0, 702.0, 668.0, 740.0]},
    },
}

IN_REVIEW: dict[str, Any] = {
    **APPROVED,
    "state": "in_review",
    "decision": "manual_review",
    "amount": None,
    "currency": None,
    "fee": None,
    "route": None,
    "obligations": [],
    "buyer": {
        "message": "您的退款申请已转人工审核。",
        "missing": [],
        "next": "我们会在 24 小时内答复，可凭退款单号查看进度。",
    },
    "internal": {
        "recommendation": "review",
        "reasons": [
            {
                "code": "amount_mismatch",
                "text": "截图金额 295.00 元，订单记录 29.50 元。",
                "clause": "checks.amount",
                "contribution": None,
                "evidence": _SHA256,
            },
            {
                "code": "account_refunds_requested_30d",
                "text": "该账号近 30 天申请退款 6 次。",
                "clause": None,
                "contribution": 0.84,
                "evidence": None,
            },
        ],
        "risk": {"probability": 0.31, "threshold": 0.04, "certificate": "cert-20261101"},
        "checks": [
            {
                "code": "amount",
                "result": "fail",
                "claimed": "29.50",
                "read": "295.00",
                "record": "29.50",
                "evidence_sha256": _SHA256,
                "box": [540.0, 702.0, 668.0, 740.0],
            }
        ],
        "evidence": [_EVIDENCE],
    },
}

MATERIALS_NEEDED: dict[str, Any] = {
    **IN_REVIEW,
    "state": "awaiting_materials",
    "decision": "materials_needed",
    "buyer": {
        "message": "还需要一份材料才能继续审核。",
        "missing": [{"code": "prompt", "text": "激活失败时的提示截图，需完整显示提示文字和时间"}],
        "next": "请在 3 个工作日内补充。",
    },
}
del MATERIALS_NEEDED["internal"]

PENDING: dict[str, Any] = {
    **APPROVED,
    "state": "assessing",
    "decision": None,
    "amount": None,
    "currency": None,
    "fee": None,
    "route": None,
    "obligations": [],
    "buyer": {
        "message": "您的退款申请已收到，正在处理。",
        "missing": [],
        "next": "无需重复提交，请凭退款单号在本平台查看进度。",
    },
    "versions": {},
    "ms": {},
}

LINKED: dict[str, Any] = {**APPROVED, "linked_claim_id": LINKED_ID}

CASES: dict[str, Any] = {
    "cases": [
        {
            "case_id": CASE_ID,
            "number": "R261121-7K3M9Q2XWA",
            "version": 2,
            "state": "in_review",
            "lane": "large_amount",
            "order_number": "KM202611200917",
            "account_id": "u-48213",
            "reference": "RF-20261121-0031",
            "reason": "code_invalid",
            "amount_claimed": 2950,
            "currency": "CNY",
            "accepted_at": "2026-11-21T01:31:04.120000Z",
            "state_since": "2026-11-21T01:31:05.320000Z",
            "decided_at": "2026-11-21T01:31:05.320000Z",
        }
    ],
    "next_cursor": "WyI2YzRmMGEiLCIyMDI2LTExLTIxVDAxOjMxOjA0LjEyMDAwMCswMDowMCJd",
}
WITHDRAW: dict[str, Any] = {"reason": "The code works after all."}
WITHDRAWN: dict[str, Any] = {**PENDING, "version": 3, "state": "withdrawn"}

_OTHER_CLAIM = {**CLAIM, "reference": "RF-20261121-0032", "amount_claimed": "29.50"}
BATCH: list[dict[str, Any]] = [
    {"idempotency_key": "RF-20261121-0031", "claim": CLAIM, "evidence": []},
    {"idempotency_key": "RF-20261121-0032", "claim": _OTHER_CLAIM, "evidence": []},
]
BATCH_LINE = orjson.dumps(BATCH[0]).decode() + "\n"
BATCH_ANSWER: dict[str, Any] = {
    "accepted": 1,
    "refused": 1,
    "results": [
        {
            "index": 0,
            "idempotency_key": "RF-20261121-0031",
            "status": 201,
            "replayed": False,
            "case": APPROVED,
            "problem": None,
        },
        {
            "index": 1,
            "idempotency_key": "RF-20261121-0032",
            "status": 422,
            "replayed": False,
            "case": None,
            "problem": {
                "type": "urn:prereview:problem:invalid-claim",
                "title": "The claim has errors",
                "status": 422,
                "detail": "amount_claimed must be a whole number (amounts: integer minor units). Correct what `errors` "
                "lists and send it again.",
                "request_id": "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b36",
                "error_count": 1,
                "errors": [
                    {"path": "amount_claimed", "message": "must be a whole number (amounts: integer minor units)"}
                ],
            },
        },
    ],
}

EVENTS: dict[str, Any] = {
    "events": [
        {
            "event_id": "ord-881-paid",
            "kind": "payment",
            "occurred_at": "2026-11-20T21:04:40+08:00",
            "account_id": "u-48213",
            "payer_id": "p-90aa",
            "seller_id": "s-112",
            "product_id": "sku-30",
            "order_number": "KM202611200917",
            "amount": 2950,
            "currency": "CNY",
        },
        {
            "event_id": "rf-881-granted",
            "kind": "refund_granted",
            "occurred_at": "2026-11-21T09:31:05+08:00",
            "account_id": "u-48213",
            "order_number": "KM202611200917",
            "case_id": CASE_ID,
            "amount": 2950,
        },
    ]
}
EVENTS_RECORDED: dict[str, Any] = {"accepted": 2, "duplicates": 0, "recorded_at": "2026-11-21T01:31:06.120000Z"}

_ROW = {**dict.fromkeys(FEATURE_NAMES, 0.0), "account_refunds_requested_30d": 6.0, "account_age_days": None}
SCORES: dict[str, Any] = {"rows": [_ROW]}
SCORES_ANSWER: dict[str, Any] = {
    "model": "20261101-01",
    "features": "a41d",
    "scores": [
        {
            "probability": 0.31,
            "log_odds": -0.8,
            "base": -1.9,
            "contributions": [
                {
                    "feature": "account_refunds_requested_30d",
                    "value": 6.0,
                    "log_odds": 1.1,
                    "text": "该账号近 30 天申请退款 6 次。",
                }
            ],
        }
    ],
}

READY: dict[str, Any] = {
    "state": "ok",
    "parts": [{"name": "database", "state": "ok", "detail": ""}, {"name": "reader", "state": "ok", "detail": ""}],
}
DEGRADED: dict[str, Any] = {
    "state": "degraded",
    "parts": [
        {"name": "database", "state": "ok", "detail": ""},
        {
            "name": "bundle",
            "state": "degraded",
            "detail": "No risk bundle could be loaded; every claim goes to a person. Run `prereview doctor`.",
        },
    ],
}
METRICS = (
    "# HELP prereview_http_requests_total Requests answered, by method, route template and status.\n"
    "# TYPE prereview_http_requests_total counter\n"
    'prereview_http_requests_total{method="POST",route="/v1/pre-reviews",status="201"} 1042.0\n'
)
