"""What stands instead of an approval whose payment turned out to be locked when it was to be stored."""

from __future__ import annotations

from dataclasses import replace

from service.domain.assessment import Reason, Text, Verdict

REFUND_LOCKED = "refund_locked"
_EXHAUSTED = "budget_exhausted"
_LOCKED = Reason(
    code=REFUND_LOCKED,
    text=Text(
        zh="该笔支付在别处已有退款或争议，或订单余额不足，须由人工核对",
        en="The payment has a refund or dispute elsewhere, or too little of the order is left: a person checks it",
    ),
)


def instead(fallback: Verdict) -> Verdict:
    """The fallback of an approval, for this reason rather than for an exhausted budget."""
    return replace(fallback, reasons=(_LOCKED, *(each for each in fallback.reasons if each.code != _EXHAUSTED)))
