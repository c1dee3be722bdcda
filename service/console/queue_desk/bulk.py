"""Several cases decided alike: chosen, previewed one by one, decided together, and taken back together for a while."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.case_desk.intended import intended
from service.console.case_desk.refusals import refusal
from service.console.case_page import Fault
from service.console.case_page.clauses import rejection_clauses
from service.console.case_page.forms import act_name, asked, draft
from service.console.desk import Desk, requires
from service.console.figures import money
from service.console.queue_desk.listing import CaseLine, case_lines
from service.console.queue_desk.summary import ACTING
from service.domain.cases import CaseState
from service.domain.errors import InvalidRequest
from service.domain.holding import Act, Held, Intended, LeadsTo
from service.domain.identifiers import new_id
from service.domain.queues import QueuedCase
from service.policy import Policy
from service.review.held_decisions import AT_MOST, Wanted

ACTS = (Act.APPROVE, Act.REJECT, Act.ASK_FOR_MATERIALS)
# An appeal, an arbitration and what was countered are looked at one by one.
_ALIKE = frozenset({CaseState.IN_REVIEW})
_FORM_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkLine:
    """``outcome``: what it would come to, None before that was tried; ``refused``: why not."""

    case: CaseLine
    outcome: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """``sums``: claimed, by currency; ``granted``: what those that pass would be given. ``passing``: what is sent to
    have them decided; empty before they were tried."""

    act: str
    name: str
    asks: tuple[str, ...]
    typed: Mapping[str, str]
    materials: frozenset[str]
    chosen: tuple[str, ...]
    lines: tuple[BulkLine, ...]
    sums: str
    granted: str = ""
    passing: tuple[str, ...] = ()
    tried: bool = False
    once: str = ""
    fault: Fault | None = None
    gone: int = 0


@dataclass(slots=True, kw_only=True)
class _Chosen:
    """``against``: by case, what stands against it whatever is decided."""

    cases: tuple[QueuedCase, ...]
    versions: Mapping[uuid.UUID, int]
    against: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def open(self) -> list[QueuedCase]:
        return [each for each in self.cases if each.case_id not in self.against]


@requires(*ACTING, form_bytes=_FORM_BYTES, back="/queues")
async def bulk(_request: Request, desk: Desk) -> Response:
    """``step``: nothing yet (what is to be said), ``preview`` (what it would come to), ``do``."""
    act, step = _act(desk.form.get("act")), desk.form.get("step")
    chosen = await _chosen(desk)
    if not chosen.cases:
        return desk.go("/queues")
    if step not in ("preview", "do"):
        return await _page(desk, act, chosen)
    # One currency: the platform's; no amount is typed.
    wanted = intended(desk.form, desk.platform.currency, desk.say)
    if isinstance(wanted, Fault):
        return await _page(desk, act, chosen, fault=wanted, status=422)
    if step == "preview":
        return await _page(desk, act, chosen, outcomes=await _tried(desk, wanted, chosen))
    return await _do(desk, act, wanted, chosen)


async def _tried(desk: Desk, wanted: Intended, chosen: _Chosen) -> dict[uuid.UUID, LeadsTo]:
    """What each would come to; what stands against the others is added to ``chosen``."""
    asking = [_wanted(case, chosen, wanted, "preview") for case in chosen.open]
    outcomes: dict[uuid.UUID, LeadsTo] = {}
    for case, outcome in zip(chosen.open, await desk.use_cases.held.preview(desk.acting(), asking), strict=True):
        if not isinstance(outcome, LeadsTo):
            chosen.against[case.case_id] = refusal(outcome.error, desk.say)
        elif outcome.proposed:
            chosen.against[case.case_id] = _second(desk)
        else:
            outcomes[case.case_id] = outcome
    return outcomes


async def _do(desk: Desk, act: Act, wanted: Intended, chosen: _Chosen) -> Response:
    once = desk.form.get("once")
    if not (once.isascii() and once.isalnum() and 8 <= len(once) <= 64):
        raise InvalidRequest("The form has lost its own number. Load the page again.")
    made = await desk.use_cases.held.hold(desk.acting(), [_wanted(case, chosen, wanted, once) for case in chosen.open])
    alone = [each for each in made if isinstance(each, Held) and each.leads_to.proposed and each.ended is None]
    if alone:  # the policy changed since they were tried
        await desk.use_cases.held.undo(desk.platform_id, desk.actor, [each.id for each in alone])
        chosen.against.update({each.case_id: _second(desk) for each in alone})
    chosen.against.update({each.case_id: refusal(each.error, desk.say) for each in made if not isinstance(each, Held)})
    if not chosen.against:
        return desk.go("/queues")
    return await _page(desk, act, chosen, done=True, status=409)


async def _page(
    desk: Desk,
    act: Act,
    chosen: _Chosen,
    *,
    outcomes: Mapping[uuid.UUID, LeadsTo] | None = None,
    fault: Fault | None = None,
    done: bool = False,
    status: int = 200,
) -> Response:
    policy, language, form = await desk.use_cases.review.policy_of(desk.platform_id), desk.look.language, desk.form
    lines = _lines(desk, act, chosen, outcomes, done)
    passing = tuple(line.case.seen for line in lines if line.refused is None) if outcomes is not None else ()
    page = BulkPage(
        act=act.value,
        name=act_name(act, language),
        asks=asked(act),
        typed={name: form.get(name) for name in ("reason", "clause")}
        | {"message": form.get("message") or draft(act, language)},
        materials=frozenset(form.all("materials")),
        chosen=tuple(line.case.seen for line in lines),
        lines=lines,
        sums=_sums([(case.amount.minor, case.amount.currency) for case in chosen.cases]),
        granted=_sums(
            [(each.amount.minor, each.amount.currency) for each in (outcomes or {}).values() if each.amount is not None]
        ),
        passing=passing,
        tried=outcomes is not None,
        once=uuid.UUID(int=new_id().int).hex,
        fault=fault,
        gone=len(chosen.versions) - len(chosen.cases),
    )
    clauses = rejection_clauses(policy, (), language)
    materials = [(code, each.text.get(language)) for code, each in policy.materials.items()]
    return desk.page(
        "queues/bulk.html", status=status, page=page, done=done, clauses=clauses, materials=materials, at_most=AT_MOST
    )


def _lines(
    desk: Desk, act: Act, chosen: _Chosen, outcomes: Mapping[uuid.UUID, LeadsTo] | None, done: bool
) -> tuple[BulkLine, ...]:
    shown = case_lines(
        chosen.cases,
        login=desk.user.login,
        zone=desk.platform.zone,
        now=desk.use_cases.queues.now(),
        language=desk.look.language,
    )
    lines = []
    for case, line in zip(chosen.cases, shown, strict=True):
        against = chosen.against.get(case.case_id)
        outcome = None
        if against is None and done:
            outcome = desk.say("已决定，可撤回", "decided; it can be taken back")
        elif against is None and outcomes is not None:
            outcome = _outcome(desk, act, outcomes[case.case_id])
        lines.append(BulkLine(case=line, outcome=outcome, refused=against))
    return tuple(lines)


def _outcome(desk: Desk, act: Act, leads_to: LeadsTo) -> str:
    name = act_name(act, desk.look.language)
    return name if leads_to.amount is None else f"{name} {money(leads_to.amount.minor, leads_to.amount.currency)}"


async def _chosen(desk: Desk) -> _Chosen:
    """The cases of the form, each with the version it was seen at. InvalidRequest for too many."""
    versions: dict[uuid.UUID, int] = {}
    for seen in desk.form.all("case"):
        case_id, _, version = seen.partition(":")
        try:
            versions[uuid.UUID(case_id)] = int(version[:9])
        except ValueError:
            continue
    if len(versions) > AT_MOST:
        raise InvalidRequest(f"At most {AT_MOST} cases are decided together.")
    cases = await desk.use_cases.queue_sight.chosen(desk.user, versions) if versions else ()
    chosen = _Chosen(cases=cases, versions=versions)
    policy = await desk.use_cases.review.policy_of(desk.platform_id)
    for case in cases:
        against = await only_by_itself(desk, policy, case)
        if against is not None:
            chosen.against[case.case_id] = against
    return chosen


async def only_by_itself(desk: Desk, policy: Policy, case: QueuedCase) -> str | None:
    """Why it is not decided together with others, whatever is decided; None where it may be."""
    if _for_two(policy, case):
        return _second(desk)
    if case.holder is not None and case.holder != desk.user.login:
        return desk.say(f"{case.holder} 正在处理", f"{case.holder} is at work on it")
    if case.state not in _ALIKE:
        return desk.say("申诉、仲裁和还价须逐单处理", "appeals, arbitrations and counters are decided one by one")
    if await desk.use_cases.quality.blind(desk.platform_id, case.case_id, desk.user):
        return desk.say("须打开后独立判断", "has to be opened and judged by itself")
    return None


def _for_two(policy: Policy, case: QueuedCase) -> bool:
    """Whether the policy wants two people where such a claim is granted: whatever is decided, it is looked at."""
    rule = policy.second_review
    other = case.reason in rule.reasons or case.amount.currency != policy.currency
    return other or case.amount.minor >= rule.amount_from_minor


def _second(desk: Desk) -> str:
    return desk.say("须两人一致，不能批量处理", "needs a second person, so it is decided by itself")


def _wanted(case: QueuedCase, chosen: _Chosen, what: Intended, once: str) -> Wanted:
    return Wanted(case_id=case.case_id, version=chosen.versions[case.case_id], intended=what, once=once)


def _act(text: str) -> Act:
    found = next((act for act in ACTS if act.value == text), None)
    if found is None:
        raise InvalidRequest("That is not done to several cases at once.")
    return found


def _sums(amounts: Sequence[tuple[int, str]]) -> str:
    """By currency: sums of different ones are never added up."""
    totals: defaultdict[str, int] = defaultdict(int)
    for minor, currency in amounts:
        totals[currency] += minor
    return " + ".join(money(minor, currency) for currency, minor in sorted(totals.items()))


ROUTES = (Route("/queues/bulk", bulk, methods=["POST"]),)
