"""Whether the pages of an order together show what the reason needs, legibly.

The one check a further page can mend: what was covered on one page is complete once another shows it. For the same
reason leaving a page out never makes the evidence complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim, ReasonCode
from service.domain.evidence import Evidence, FieldName, Gap, PageKind, Read
from service.domain.showing import PURCHASE, facts_shown, plain_gaps
from service.evidence.demands import CORE

# What went wrong can be seen on a page: a prompt, an unchanged balance, an answer of the operator's.
_WITH_PROBLEM = frozenset(
    {
        ReasonCode.NOT_DELIVERED,
        ReasonCode.CODE_INVALID,
        ReasonCode.CODE_ALREADY_USED,
        ReasonCode.USED_WITHOUT_EFFECT,
        ReasonCode.SERVICE_ABNORMAL,
    }
)
_PROBLEM_PAGES = frozenset({PageKind.PROMPT, PageKind.CHAT, PageKind.LIST})


@dataclass(frozen=True, slots=True)
class _Missing:
    """A group of facts of which no page shows one, and the gap that says why, if one does."""

    names: tuple[FieldName, ...]
    item: Evidence | None
    gap: Gap | None


def check_complete(claim: Claim, evidence: Sequence[Evidence]) -> CheckResult:
    """Pass: all that is needed is shown. Fail: something needed is plainly cut, covered or illegible, and no page
    shows it. Unknown: it is not there, for no reason the pages give."""
    missing = _missing(claim, evidence)
    plain = next((one for one in missing if one.gap is not None), None)
    if plain is not None and plain.gap is not None and plain.item is not None:
        gap = plain.gap
        return CheckResult(
            code=CheckCode.EVIDENCE_COMPLETE,
            result=Result.FAIL,
            read=f"{plain.names[0].value}: {gap.kind.value}" + (f" ({gap.edge.value})" if gap.edge else ""),
            evidence_sha256=plain.item.sha256,
            box=gap.box,
            note="cannot be read on any page",
        )
    if not evidence:
        return _unknown("there is no evidence")
    if missing:
        return _unknown("not shown: " + ", ".join(one.names[0].value for one in missing))
    if not _shows_problem(claim, evidence):
        return _unknown("no page shows the problem")
    return CheckResult(code=CheckCode.EVIDENCE_COMPLETE, result=Result.PASS)


def _unknown(note: str) -> CheckResult:
    return CheckResult(code=CheckCode.EVIDENCE_COMPLETE, result=Result.UNKNOWN, note=note)


def _missing(claim: Claim, evidence: Sequence[Evidence]) -> list[_Missing]:
    shown = facts_shown(claim, evidence)
    gaps = list(plain_gaps(claim, evidence))
    found = []
    for names in PURCHASE:
        if shown.isdisjoint(names):
            of_it = [(item, gap) for item, gap in gaps if gap.field in names]
            # A page that cannot be made out at all hides whatever it would have shown.
            of_page = [(item, gap) for item, gap in gaps if gap.field is None and _could_show(item, names)]
            item, gap = next(iter([*of_it, *of_page]), (None, None))
            found.append(_Missing(names, item, gap))
    return found


def _could_show(item: Evidence, names: tuple[FieldName, ...]) -> bool:
    kind = item.page.kind if item.page is not None else None
    return kind is not None and any(set(group) & set(names) for group in CORE.get(kind, ()))


def _shows_problem(claim: Claim, evidence: Sequence[Evidence]) -> bool:
    if claim.reason not in _WITH_PROBLEM:
        return True
    return any(
        item.page is not None
        and isinstance(item.outcome, Read)
        and (item.page.kind in _PROBLEM_PAGES or FieldName.ERROR_PROMPT in item.page.fields)
        for item in evidence
    )
