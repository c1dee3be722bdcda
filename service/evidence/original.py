"""The check that a page was sent for no other order: what was found of it, as one three-valued result."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.evidence import Evidence
from service.domain.reuse import Reuse, ReuseFindings, Standing

_SAYS = {Standing.REUSED: Result.FAIL, Standing.DOUBTFUL: Result.UNKNOWN, Standing.GENERIC: Result.UNKNOWN}


def original(evidence: Sequence[Evidence], reuse: ReuseFindings | None) -> CheckResult:
    """Pass: looked up, and on no other order. A page that also shows this order's own facts is no re-use."""
    if not evidence or reuse is None:
        note = "it was not looked up" if evidence else "there is no evidence"
        return CheckResult(code=CheckCode.EVIDENCE_ORIGINAL, result=Result.UNKNOWN, note=note)
    telling = [one for one in reuse.found if one.standing in _SAYS]
    if telling:
        return _of(min(telling, key=lambda one: list(Standing).index(one.standing)))
    result = Result.PASS if reuse.complete else Result.UNKNOWN
    note = "sent for no other order" if reuse.complete else "not everything could be compared"
    return CheckResult(code=CheckCode.EVIDENCE_ORIGINAL, result=result, note=note)


def _of(one: Reuse) -> CheckResult:
    return CheckResult(
        code=CheckCode.EVIDENCE_ORIGINAL,
        result=_SAYS[one.standing],
        read=one.note,
        record=f"order {one.other_order}",
        evidence_sha256=one.sha256,
        box=one.boxes[0] if one.boxes else None,
        note=f"{one.kind.value}, {'same' if one.same_account else 'another'} account",
    )
