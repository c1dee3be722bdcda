"""Pages against the platform's record: one three-valued result per check, the worst finding over all pages.

Adding a page can turn unknown into anything, but never a fail into a pass: findings only accumulate, and the worst
stands. Taking a page away could hide a fail, which is why the platform's evidence for an order is kept and every page
ever received is passed in here. Completeness alone goes the other way: it is what the pages show together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim
from service.domain.evidence import (
    OUR_FAULT,
    Box,
    ErrorCode,
    Evidence,
    Failed,
    Field,
    FieldName,
    GapKind,
    Page,
    PageKind,
    Read,
)
from service.domain.identifiers import fold_identifier
from service.domain.reuse import ReuseFindings
from service.domain.showing import PLAIN
from service.evidence import compare
from service.evidence.account_field import may_be_anothers
from service.evidence.compare import DOUBTFUL_SCORE, Finding
from service.evidence.completeness import check_complete
from service.evidence.identity_checks import check_identity
from service.evidence.normalise import compact, same_up_to_look_alikes
from service.evidence.original import original
from service.evidence.own_row import as_claimed
from service.evidence.prompt_checks import against_fulfilment, against_reason

# A page whose lines score below this on average was read with so much doubt that a person should look.
READABLE_SCORE = 0.7

_REFUNDED = re.compile(r"退款成功|已退款|已全额退款|全额退款|退款完成|已退回|refunded")
_UNPAID = re.compile(
    r"待付款|待支付|未付款|未支付|等待.*付款|等待.*支付|(?:支付|付款|扣款|交易)(?:失败|超时)|awaitingpayment|unpaid|paymentfailed|"
    r"payment.*declined|topay"
)
_CLOSED = re.compile(r"关闭|取消|撤销|失败|超时|失效|closed|cancel|failed|void|expired")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A finding with where it was made."""

    finding: Finding
    read: str | None
    sha256: str
    box: Box | None


def verify(
    claim: Claim,
    evidence: Sequence[Evidence],
    *,
    zone: ZoneInfo,
    as_of: datetime | None = None,
    reuse: ReuseFindings | None = None,
) -> tuple[CheckResult, ...]:
    """Exactly one result per CheckCode, in the order of the enum. ``zone``: the platform's, for printed times.

    ``as_of``: the assessment's moment, which validity is judged on; without it validity stays unknown.
    ``reuse``: what was found of the pages on other orders; None where nobody looked.
    """
    own = [as_claimed(claim, item, zone) for item in evidence]
    whole: dict[CheckCode, Callable[[], CheckResult]] = {
        CheckCode.EVIDENCE_COMPLETE: lambda: check_complete(claim, evidence),
        CheckCode.EVIDENCE_ORIGINAL: lambda: original(evidence, reuse),
        CheckCode.IDENTITY: lambda: check_identity(
            claim, evidence, today=as_of.astimezone(zone).date() if as_of else None
        ),
    }
    return tuple(whole[code]() if code in whole else _result(code, claim, own, zone) for code in CheckCode)


def _result(code: CheckCode, claim: Claim, evidence: Sequence[Evidence], zone: ZoneInfo) -> CheckResult:
    seen = [one for item in evidence for one in _CHECKS[code](claim, item, zone)]
    claimed, record = _claimed(code, claim), _record(code, claim, zone)
    if not seen:
        note = "there is no evidence" if not evidence else "no page shows it"
        if record is None and code in _NEEDS_RECORD:
            note = "the record has no such fact"
        elif any(item.page and item.page.rows for item in evidence):
            note = "the list shows other orders"
        return CheckResult(code=code, result=Result.UNKNOWN, claimed=claimed, record=record, note=note)
    worst = max(seen, key=lambda one: one.finding.result.rank)
    return CheckResult(
        code=code,
        result=worst.finding.result,
        claimed=claimed,
        read=worst.read,
        record=record,
        evidence_sha256=worst.sha256,
        box=worst.box,
        note=worst.finding.note,
    )


# --- one check on one page -----------------------------------------------------------------------------------------

_Check = Callable[[Claim, Evidence, ZoneInfo], Iterator[_Seen]]


def _field(item: Evidence, name: FieldName) -> tuple[Page, Field] | None:
    if item.page is None or name not in item.page.fields:
        return None
    return item.page, item.page.fields[name]


def _seen(item: Evidence, field: Field, finding: Finding) -> _Seen:
    gaps = item.page.gaps if item.page else ()
    if finding.result is Result.FAIL and any(gap.field is field.name and gap.kind in PLAIN for gap in gaps):
        # A piece of a value, or one hardly legible, contradicts nothing; that it hides something is told as such.
        finding = Finding(Result.UNKNOWN, f"hardly legible; as read, {finding.note}")
    # Beside a number stands the button that copies it, on the same line: whoever compares wants the number alone.
    number = field.name in (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER)
    return _Seen(finding, str(field.value if number else field.text), item.sha256, field.box)


def _order_number(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    order = claim.order
    found = _field(item, FieldName.ORDER_NUMBER)
    if found and found[0].kind is not PageKind.LIST:
        yield _seen(item, found[1], compare.compare_identifier(found[1], order.order_number, order.trade_number))
    elif item.page and item.page.kind is PageKind.LIST and isinstance(item.outcome, Read):
        # A list shows other orders too; only the claim's own row says anything.
        for line in item.outcome.lines:
            if _prints(line.text, order.order_number):
                yield _Seen(Finding(Result.PASS, "the list shows the order"), line.text, item.sha256, line.box)
                return


def _prints(text: str, number: str) -> bool:
    """Whether ``number`` stands in ``text`` by itself, look-alikes and blanks aside; not within a longer one."""
    folded = "".join(fold_identifier(character) or " " for character in text)
    wanted = " *".join(map(re.escape, fold_identifier(number)))
    return bool(wanted) and re.search(rf"(?<![0-9a-z]){wanted}(?![0-9a-z])", folded) is not None


def _trade_number(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    found = _field(item, FieldName.TRADE_NUMBER)
    if found and claim.order.trade_number:
        order = claim.order
        yield _seen(item, found[1], compare.compare_identifier(found[1], claim.order.trade_number, order.order_number))


def _amount(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.AMOUNT)
    if found:
        yield _seen(item, found, compare.compare_amount(found, claim.order.amount_paid, claim.order.quantity))


def _ordered_at(claim: Claim, item: Evidence, zone: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.ORDERED_AT)
    if found and item.page:
        # A bill prints when the payment service opened the trade, which is after the platform's own order.
        bill = item.page.kind is PageKind.PAYMENT
        tolerance = compare.PAID_AT_TOLERANCE if bill else compare.ORDERED_AT_TOLERANCE
        yield _seen(item, found, compare.compare_moment(found, claim.order.ordered_at, zone, tolerance))


def _paid_at(claim: Claim, item: Evidence, zone: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.PAID_AT)
    if found and claim.order.paid_at:
        finding = compare.compare_moment(found, claim.order.paid_at, zone, compare.PAID_AT_TOLERANCE)
        yield _seen(item, found, finding)


def _product(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.PRODUCT)
    if found and item.page:
        own = item.page.kind in (PageKind.ORDER, PageKind.DELIVERY)
        yield _seen(item, found, compare.compare_product(found, claim.order.product.name, own_page=own))


def _payee(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.PAYEE)
    if found and claim.order.payee:
        yield _seen(item, found, compare.compare_payee(found, claim.order.payee))


def _recharged_account(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.RECHARGED_ACCOUNT)
    if found and claim.order.recharged_account:
        finding = compare.compare_account(found, claim.order.recharged_account)
        if finding.result is Result.FAIL and may_be_anothers(found):
            finding = Finding(Result.UNKNOWN, "it may be another account than the one recharged")
        yield _seen(item, found, finding)


def _single(claim: Claim, item: Evidence, name: FieldName) -> Field | None:
    """A field of a page about one order; on a list only where the one order it shows is the claim's own."""
    found = _field(item, name)
    if found is None or found[0].kind is not PageKind.LIST:
        return found[1] if found else None
    number = found[0].fields.get(FieldName.ORDER_NUMBER)
    own = number is not None and same_up_to_look_alikes(str(number.value), claim.order.order_number)
    return found[1] if own else None


def _payment_state(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    found = _single(claim, item, FieldName.STATUS)
    if found and item.page and item.page.kind in (PageKind.ORDER, PageKind.PAYMENT, PageKind.LIST):
        yield _seen(item, found, _state(compact(str(found.value)), claim))


def _state(form: str, claim: Claim) -> Finding:
    if _REFUNDED.search(form):
        if claim.order.amount_refunded.minor:
            return Finding(Result.UNKNOWN, "the page shows a refund; the record has one too")
        return Finding(Result.FAIL, "the page shows the money already refunded")
    if _UNPAID.search(form):
        return Finding(Result.FAIL, "the page shows it unpaid, the record paid")
    if _CLOSED.search(form):
        return Finding(Result.UNKNOWN, "closed or failed says nothing certain of the payment")
    return Finding(Result.PASS, "the page shows it paid")


def _prompt(item: Evidence) -> tuple[ErrorCode, Field] | None:
    found = _field(item, FieldName.ERROR_PROMPT)
    return (ErrorCode(str(found[1].value)), found[1]) if found else None


def _prompt_reason(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    if found := _prompt(item):
        yield _seen(item, found[1], _as_sure(found[1], against_reason(found[0], claim.reason)))


def _prompt_fulfilment(claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    if found := _prompt(item):
        yield _seen(item, found[1], _as_sure(found[1], against_fulfilment(found[0], claim)))


def _as_sure(prompt: Field, finding: Finding) -> Finding:
    """A message whose meaning is guessed, or disputed, bears nothing out. What speaks against the claim still does: it
    brings a person to look, and doubt shall not spare it that."""
    if prompt.score >= DOUBTFUL_SCORE or finding.result is not Result.PASS:
        return finding
    return Finding(Result.UNKNOWN, "what the prompt means is not sure")


def _readable(_claim: Claim, item: Evidence, _: ZoneInfo) -> Iterator[_Seen]:
    outcome = item.outcome
    if isinstance(outcome, Failed):
        ours = outcome.reason in OUR_FAULT
        result = Result.UNKNOWN if ours else Result.FAIL
        yield _Seen(Finding(result, f"not read: {outcome.reason.value}"), None, item.sha256, None)
    elif isinstance(outcome, Read):
        score = sum(line.score for line in outcome.lines) / max(len(outcome.lines), 1)
        poor = item.page is not None and any(
            gap.field is None and gap.kind in (GapKind.BLURRED, GapKind.TOO_SMALL) for gap in item.page.gaps
        )
        clear = score >= READABLE_SCORE and not poor
        note = "" if clear else f"read with doubt, mean score {score:.2f}"
        yield _Seen(Finding(Result.PASS if clear else Result.UNKNOWN, note), None, item.sha256, None)
    else:
        yield _Seen(Finding(Result.UNKNOWN, "the image carries no text"), None, item.sha256, None)


_CHECKS: dict[CheckCode, _Check] = {
    CheckCode.ORDER_NUMBER: _order_number,
    CheckCode.TRADE_NUMBER: _trade_number,
    CheckCode.AMOUNT: _amount,
    CheckCode.ORDERED_AT: _ordered_at,
    CheckCode.PAID_AT: _paid_at,
    CheckCode.PRODUCT: _product,
    CheckCode.PAYEE: _payee,
    CheckCode.RECHARGED_ACCOUNT: _recharged_account,
    CheckCode.PAYMENT_STATE: _payment_state,
    CheckCode.PROMPT_REASON: _prompt_reason,
    CheckCode.PROMPT_FULFILMENT: _prompt_fulfilment,
    CheckCode.EVIDENCE_READABLE: _readable,
}
_NEEDS_RECORD = (CheckCode.TRADE_NUMBER, CheckCode.PAID_AT, CheckCode.PAYEE, CheckCode.RECHARGED_ACCOUNT)


# --- what the reviewer sees beside it ------------------------------------------------------------------------------


def _claimed(code: CheckCode, claim: Claim) -> str | None:
    if code is CheckCode.AMOUNT:
        return str(claim.amount_claimed)
    return claim.reason.value if code is CheckCode.PROMPT_REASON else None


def _record(code: CheckCode, claim: Claim, zone: ZoneInfo) -> str | None:
    order, log = claim.order, claim.fulfilment
    moments = {CheckCode.ORDERED_AT: order.ordered_at, CheckCode.PAID_AT: order.paid_at}
    if code in moments:
        moment = moments[code]
        return moment.astimezone(zone).isoformat(sep=" ", timespec="seconds") if moment else None
    return {
        CheckCode.ORDER_NUMBER: order.order_number,
        CheckCode.TRADE_NUMBER: order.trade_number,
        CheckCode.AMOUNT: str(order.amount_paid),
        CheckCode.PRODUCT: order.product.name,
        CheckCode.PAYEE: order.payee,
        CheckCode.RECHARGED_ACCOUNT: order.recharged_account,
        CheckCode.PAYMENT_STATE: "paid" if order.amount_paid.minor > 0 else None,
        CheckCode.PROMPT_FULFILMENT: f"{log.state.value}, {log.use.value}",
    }.get(code)
