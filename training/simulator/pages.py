"""The findings as the service keeps them: Evidence with what was read, and what the service's own checks make of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.checks import CheckResult
from service.domain.claims import Claim, Order
from service.domain.evidence import (
    Box,
    Edge,
    ErrorCode,
    Evidence,
    Failed,
    FailedReason,
    Field,
    FieldName,
    Gap,
    GapKind,
    HintKind,
    ImageFacts,
    Line,
    Page,
    PageKind,
    Read,
    TamperHint,
)
from service.domain.reuse import Reuse, ReuseFindings, ReuseKind, Standing
from service.evidence import verify
from training.simulator.evidence import COLUMNS, EXACT, MISSED, PAGES, PROMPTS, UNREADABLE, Findings
from training.simulator.hiding import FACTS, NOTHING
from training.simulator.names import Names

ZONE = ZoneInfo("Asia/Shanghai")
_KINDS = (PageKind.ORDER, PageKind.PAYMENT, PageKind.PROMPT, PageKind.CHAT)
_LEAST_HINT = 0.2  # weaker ones the reader keeps to itself
_ANOTHER_PAYEE = "某某商行"


def claim_evidence(claim: Claim, findings: Findings, number: int) -> tuple[Evidence, ...]:
    """The files of claim ``number``, in the order of PAGES."""
    return tuple(_file(claim, findings, number, page) for page in range(len(PAGES)) if findings.sent[number, page])


def claim_reuse(
    claim: Claim, evidence: tuple[Evidence, ...], findings: Findings, number: int, names: Names
) -> ReuseFindings:
    """What the look-up of the claim's pages found."""
    before = findings.reused[number] if evidence else ()
    return ReuseFindings(
        found=tuple(
            Reuse(
                sha256=evidence[0].sha256,
                other_sha256=_sha256(names.order(one.order), PAGES[0]),
                other_order=names.order(one.order),
                other_case_id=names.case(one.claim),
                other_account=names.account(one.account),
                same_account=names.account(one.account) == claim.account.id,
                kind=ReuseKind.SAME_FACTS,
                standing=Standing.REUSED,
            )
            for one in before
        )
    )


def claim_checks(
    claim: Claim, evidence: tuple[Evidence, ...], reuse: ReuseFindings, as_of: datetime
) -> tuple[CheckResult, ...]:
    """One result per CheckCode, found by the service itself; the texts are left out, nothing learns from them."""
    found = verify(claim, evidence, zone=ZONE, as_of=as_of, reuse=reuse)
    return tuple(CheckResult(code=check.code, result=check.result) for check in found)


def _sha256(order_number: str, page: str) -> str:
    return hashlib.sha256(f"{order_number}/{page}".encode()).hexdigest()


def _file(claim: Claim, findings: Findings, number: int, page: int) -> Evidence:
    sha256, name = _sha256(claim.order.order_number, PAGES[page]), f"{PAGES[page]}.jpg"
    if findings.quality[number, page] == UNREADABLE:
        return Evidence(sha256=sha256, outcome=Failed(reason=FailedReason.DAMAGED), name=name, size=40_000)
    score = round(float(findings.scores[number, page]), 4)
    fields = tuple(_fields(claim, findings, number, page, score))
    lines = tuple(Line(field.text, score, field.box) for field in fields) or (Line("聊天记录", score, _box(0)),)
    image = ImageFacts(
        media_type="image/jpeg",
        width=1080,
        height=2340,
        hints=_hints(findings, number, page),
        signals={"sharpness": round(float(findings.sharpness[number, page]), 1)},
    )
    shown = Page(kind=_KINDS[page], fields={field.name: field for field in fields}, gaps=_gaps(findings, number, page))
    return Evidence(sha256=sha256, outcome=Read(lines=lines, image=image), page=shown, name=name, size=180_000)


def _hints(findings: Findings, number: int, page: int) -> tuple[TamperHint, ...]:
    strength = float(findings.hints[number, page]) if page in FACTS else 0.0
    return (TamperHint(kind=HintKind.FONT, strength=strength),) if strength >= _LEAST_HINT else ()


def _gaps(findings: Findings, number: int, page: int) -> tuple[Gap, ...]:
    if page not in FACTS or findings.gaps[number, page] == NOTHING:
        return ()
    return (Gap(kind=GapKind.CUT_OFF, field=FACTS[page][int(findings.gaps[number, page])], edge=Edge.TOP),)


def _box(row: int) -> Box:
    return Box(60.0, 200.0 + 90 * row, 900.0, 244.0 + 90 * row)


def _fields(claim: Claim, findings: Findings, number: int, page: int, score: float) -> Iterator[Field]:
    row = 0
    for column, (where, name) in enumerate(COLUMNS):
        read = int(findings.reading[number, column])
        if where != page or read == MISSED:
            continue
        value = _prompt(findings, number) if name is FieldName.ERROR_PROMPT else _true(claim.order, page, name)
        if value is None:
            continue
        shown = value if read == EXACT else _another(name, value)
        yield Field(name=name, value=shown, text=_printed(name, shown), score=score, box=_box(row), rule="simulated")
        row += 1


def _prompt(findings: Findings, number: int) -> str | None:
    code = int(findings.prompt[number])
    return PROMPTS[code].value if code >= 0 else None


def _true(order: Order, page: int, name: FieldName) -> str | int | None:
    """What an honest page of this order shows."""
    match name:
        case FieldName.ORDER_NUMBER:
            return order.order_number
        case FieldName.TRADE_NUMBER:
            return order.trade_number
        case FieldName.AMOUNT:
            return order.amount_paid.minor
        case FieldName.ORDERED_AT:
            return _local(order.ordered_at)
        case FieldName.PAID_AT:
            return _local(order.paid_at or order.ordered_at)
        case FieldName.PRODUCT:
            return order.product.name
        case FieldName.PAYEE:
            return order.payee
        case FieldName.RECHARGED_ACCOUNT:
            return order.recharged_account
        case _:
            return ("已付款", "支付成功")[page]


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}"


def _another(name: FieldName, value: str | int) -> str | int:
    """The same fact of some other order: what a surely wrong reading or a forgetful edit shows."""
    if isinstance(value, int):
        return value + 1000
    if name in (FieldName.ORDERED_AT, FieldName.PAID_AT):
        return f"{datetime.fromisoformat(value) - timedelta(days=3, hours=5):%Y-%m-%dT%H:%M:%S}"
    if name is FieldName.ERROR_PROMPT:
        return (ErrorCode.ORDER_NOT_FOUND if value != ErrorCode.ORDER_NOT_FOUND else ErrorCode.SYSTEM_BUSY).value
    if name is FieldName.STATUS:
        return "待付款"
    if name is FieldName.PAYEE:
        return _ANOTHER_PAYEE
    digits = str.maketrans("0123456789", "5678901234")
    return value.translate(digits)


def _printed(name: FieldName, value: str | int) -> str:
    return f"¥{int(value) / 100:.2f}" if name is FieldName.AMOUNT else str(value)
