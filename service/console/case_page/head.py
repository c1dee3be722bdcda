"""The head of the page: whose money, how much, what the rules propose, risk against threshold, time left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.console.case_page.surroundings import Surroundings
from service.console.case_page.waterfall import percent
from service.console.case_page.words import DUE, RECOMMENDATIONS
from service.console.foreign_text import visible
from service.console.words import LANES, STATES, STEPS, named
from service.domain.assessment import Assessment
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.masking import mask_text
from service.policy import Policy
from service.review.deciding import handed_up
from service.review.requests import CaseView

_STATEMENT = 2_000
_NEAR = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """``left``: in words, or how late; ``iso``: the moment, with the zone's offset."""

    name: str
    iso: str
    at: str
    left: str
    late: bool
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """``within``: at or below the threshold; None where no threshold is certified."""

    risk: str
    threshold: str | None
    within: bool | None
    certificate: str | None
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``state``, ``proposed``, ``score``, ``refundable`` and ``waiting`` are None for who has not judged yet, and
    ``senior`` and ``second`` False: they are worked out only where nothing was approved.

    ``second``: two people have to agree; ``waiting``: what one of them proposed, and who. ``elsewhere``: another
    platform has one of the files.
    """

    number: str
    version: int
    claimed: str
    paid: str
    refunded: str
    refundable: str | None
    reason: str
    product: str
    account: str
    order: str
    lane: str
    state: str | None
    proposed: str | None
    score: Score | None
    due: TimeLeft | None
    applied: str
    statement: str
    elderly: bool
    senior: bool
    second: bool
    waiting: str | None
    reassessing: bool
    elsewhere: bool


def head(view: CaseView, policy: Policy, around: Surroundings) -> Head:
    case, claim, language = view.case, view.case.claim, around.language
    assessment = view.assessment
    shown = None if around.blind else assessment
    rule = policy.reasons.get(claim.reason)
    lane = around.lane or (assessment.verdict.lane if assessment is not None else "standard")
    return Head(
        number=case.number,
        version=case.version,
        claimed=str(claim.amount_claimed),
        paid=str(claim.order.amount_paid),
        refunded=str(claim.order.amount_refunded) if claim.order.amount_refunded.minor else "",
        refundable=_refundable(shown),
        reason=rule.text.get(language) if rule is not None else claim.reason.value,
        product=visible(claim.order.product.name, 80),
        account=visible(mask_text(claim.account.id), 40),
        order=visible(claim.order.order_number, 64),
        lane=named(LANES, lane, language),
        state=None if around.blind else named(STATES, case.state, language),
        proposed=named(RECOMMENDATIONS, shown.verdict.recommendation, language) if shown is not None else None,
        score=_score(shown),
        due=_due(_deadline(view, around), policy, around),
        applied=f"{case.accepted_at.astimezone(policy.time_zone):%Y-%m-%d %H:%M}",
        statement=visible(claim.statement, _STATEMENT),
        elderly=claim.account.elderly,
        senior=(shown.verdict.senior if shown is not None else False) or (not around.blind and handed_up(view.steps)),
        second=shown.verdict.second_review if shown is not None else False,
        waiting=_waiting(view, around),
        reassessing=view.reassessing,
        elsewhere=view.seen_elsewhere is True and not around.blind,
    )


def _refundable(assessment: Assessment | None) -> str | None:
    grant = assessment.verdict.refundable if assessment is not None else None
    return None if grant is None else str(grant.amount)


def _score(assessment: Assessment | None) -> Score | None:
    if assessment is None or assessment.risk is None:
        return None
    threshold = assessment.threshold
    return Score(
        risk=percent(assessment.risk.probability),
        threshold=None if threshold is None else percent(threshold),
        within=None if threshold is None else assessment.risk.probability <= threshold,
        certificate=assessment.certificate,
        model=assessment.risk.model,
    )


def _waiting(view: CaseView, around: Surroundings) -> str | None:
    """Another's proposal would anchor as a score does."""
    if view.proposal is None or around.blind:
        return None
    what = named(STEPS, view.proposal.action, around.language)
    return f"{what} {view.proposal.amount} · {visible(view.proposal.actor.name, 80)}"


def _deadline(view: CaseView, around: Surroundings) -> Deadline | None:
    """Before the first judgement that judgement's own: what the case waits for would say what was decided."""
    if not around.blind:
        return view.deadline
    return Deadline(kind=DeadlineKind.REVIEW, due_at=around.judge_by) if around.judge_by is not None else None


def _due(deadline: Deadline | None, policy: Policy, around: Surroundings) -> TimeLeft | None:
    if deadline is None:
        return None
    local = deadline.due_at.astimezone(policy.time_zone)
    left = deadline.due_at - around.now
    return TimeLeft(
        name=named(DUE, deadline.kind, around.language),
        iso=local.isoformat(),
        at=f"{local:%Y-%m-%d %H:%M}",
        left=time_left(around.now, deadline.due_at, around.language),
        late=left < timedelta(0),
        near=timedelta(0) <= left <= _NEAR,
    )


def time_left(now: datetime, due_at: datetime, language: str) -> str:
    """``3 h 20 min``, ``2 d 4 h``, ``25 min late``: two units are as much as anybody reads."""
    minutes = int(abs((due_at - now).total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    day, hour, minute = (" d", " h", " min") if language == "en" else (" 天", " 小时", " 分")
    short = f"{hours}{hour} {rest}{minute}" if hours else f"{rest}{minute}"
    words = f"{days}{day} {hours}{hour}" if days else short
    if due_at >= now:
        return words
    return f"{words} late" if language == "en" else f"超时 {words}"
