"""A policy tried before it is proposed: on one stored case, and on what came in over the last days."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.figures import count, moment, money, more
from service.console.policy_desk.faults import fault
from service.console.policy_desk.names import CLASSES, ROUTES
from service.console.policy_desk.plot import plot
from service.console.policy_desk.roles import READERS, WRITERS
from service.console.policy_desk.trial_words import DECISIONS, FACTS, OBLIGATIONS, said
from service.console.words import LANES, Names, named
from service.domain.assessment import Text
from service.domain.errors import InvalidPolicyText, NotFound, PrereviewError
from service.domain.users import Role
from service.review.policy_backtest import PolicyBacktest
from service.review.policy_backtest_runs import MOST_CASES, BacktestRun
from service.review.policy_trials import ASKED, PERSON, DryRun, facts_of

DAYS = (7, 30, 90, 366)
_DRAFT = "draft"
_WAYS: Names = {
    **CLASSES,
    PERSON: Text(zh="人工审核", en="a person"),
    ASKED: Text(zh="补充材料", en="material asked for"),
}
_JUDGE_FIRST = Text(
    zh="这个案件等您先独立判断：判断之后才能试算。",
    en="This case waits for your own judgement: try it once you have given that.",
)
_FACT_NAMES: dict[str, Names] = {
    "approval_class": CLASSES,
    "route": ROUTES,
    "lane": LANES,
    "obligations": OBLIGATIONS,
}
_RUN_STATES: Names = {
    "running": Text(zh="进行中", en="running"),
    "done": Text(zh="完成", en="done"),
    "failed": Text(zh="中断", en="broken off"),
    "stopped": Text(zh="已停止", en="stopped"),
}


@requires(*WRITERS)
async def _try(request: Request, desk: Desk) -> Response:
    """One stored case under the draft or a version; nothing is stored, so that it is a page to come back to."""
    query = request.query_params
    of, reference = query.get("of", _DRAFT)[:64], query.get("case", "").strip()[:100]
    certified = query.get("certified") == "yes"
    wrong: Text | None = None
    found: DryRun | None = None
    status = 200
    if reference:
        try:
            text, _ = await _text_of(desk, of)
            found = await desk.use_cases.trials.dry_run(desk.platform_id, reference, text, certified=certified)
            if await desk.use_cases.quality.blind(desk.platform_id, found.case.case_id, desk.user):
                # What the rules say of a case is no help to who has not judged it yet.
                wrong, status, found = _JUDGE_FIRST, 403, None
        except (NotFound, InvalidPolicyText) as error:
            wrong, status = fault(error), error.status
            # What is there only to be judged must not be told from the rest by being no case.
            waiting = await desk.use_cases.quality.waiting(desk.platform_id, desk.user)
            if any(reference in (each.number, str(each.case_id)) for each in waiting):
                wrong, status = _JUDGE_FIRST, 403
    shown = None if found is None else _dry_run(desk, found)
    return desk.page(
        "policy_desk/try.html", tab="try", status=status, of=of, reference=reference, certified=certified, wrong=wrong,
        found=shown, versions=await _choices(desk),
    )  # fmt: skip


@requires(*READERS)
async def _backtests(_request: Request, desk: Desk) -> Response:
    return await _listed(desk)


@requires(*WRITERS, back="/policy/backtests")
async def _start(_request: Request, desk: Desk) -> Response:
    of, days = desk.form.get("of")[:64] or _DRAFT, desk.form.get("days")
    try:
        text, version = await _text_of(desk, of)
        run = await desk.use_cases.backtest_runs.start(
            desk.platform_id,
            text,
            int(days) if days in map(str, DAYS) else 0,
            desk.actor,
            version=version,
            certified=desk.form.get("certified") == "yes",
        )
    except PrereviewError as error:
        if error.status >= 500:
            raise
        return await _listed(desk, status=error.status, wrong=fault(error), of=of)
    return desk.go(f"/policy/backtests/{run.id}")


@requires(*READERS)
async def _backtest(request: Request, desk: Desk) -> Response:
    """The whole page; only what changes, for HTMX while it runs."""
    found = await desk.use_cases.backtest_runs.get(desk.platform_id, _id(request))
    template = "backtest.html"
    if request.headers.get("hx-request"):
        if found.run.state != "running":
            return desk.go(f"/policy/backtests/{found.run.id}")
        template = "backtest_progress.html"
    # Who judges cases is told of none before: the ways they would go are what a judgement is to be free of.
    judges = desk.may(Role.REVIEWER, change=True)
    result = None if found.result is None else {**_result(desk, found.result), "judges": judges}
    writer = desk.may(*WRITERS, change=True)
    return desk.page(
        f"policy_desk/{template}", tab="backtests", run=_run(desk, found.run), result=result, writer=writer
    )


@requires(*WRITERS, back="/policy/backtests")
async def _stop(request: Request, desk: Desk) -> Response:
    run_id = _id(request)
    await desk.use_cases.backtest_runs.stop(desk.platform_id, run_id)
    return desk.go(f"/policy/backtests/{run_id}")


async def _listed(desk: Desk, *, status: int = 200, wrong: Text | None = None, of: str = _DRAFT) -> Response:
    runs = await desk.use_cases.backtest_runs.listed(desk.platform_id)
    return desk.page(
        "policy_desk/backtests.html",
        tab="backtests",
        status=status,
        wrong=wrong,
        of=of,
        runs=[_run(desk, each) for each in runs],
        versions=await _choices(desk),
        days=DAYS,
        most=count(MOST_CASES),
        writer=desk.may(*WRITERS, change=True),
    )


async def _text_of(desk: Desk, of: str) -> tuple[str, str | None]:
    """The text of one's draft, or of a version, with the version's name. NotFound."""
    if of == _DRAFT:
        draft = await desk.use_cases.drafting.mine(desk.platform_id, desk.user.login)
        if draft is None:
            raise NotFound("You have no draft. Begin one first.")
        return draft.text, None
    return (await desk.use_cases.policies.version(desk.platform_id, of)).record.text, of


async def _choices(desk: Desk) -> list[str]:
    """Names of versions, newest first, as many as one chooses among."""
    return [each.record.version for each in (await desk.use_cases.policies.versions(desk.platform_id))[:30]]


def _id(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.path_params["run"])
    except ValueError:
        raise NotFound("That is no back-test's id.") from None


def _run(desk: Desk, run: BacktestRun) -> dict[str, object]:
    zone, language = desk.platform.zone, desk.look.language
    real = desk.use_cases.drafting.now()
    return {
        "id": str(run.id),
        "version": run.version,
        "state": run.state,
        "state_name": named(_RUN_STATES, run.state, language),
        "done": run.done,
        "total": run.total,
        "done_shown": count(run.done),
        "total_shown": count(run.total),
        "started": moment(run.started_at, zone, real, language),
        "since": moment(run.since, zone, real, language),
        "until": moment(run.until, zone, real, language),
        "who": run.actor.name.removeprefix("user:"),
        "certified": run.certified,
    }


def _dry_run(desk: Desk, found: DryRun) -> dict[str, object]:
    language, facts = desk.look.language, facts_of(found.before, found.after)
    currency = found.case.claim.amount_claimed.currency
    return {
        "number": found.case.number,
        "case_id": str(found.case.case_id),
        "version": found.version,
        "changed": bool(found.changed),
        "rows": [
            {
                "name": named(FACTS, name, language),
                "before": _fact(name, before, currency, language),
                "after": _fact(name, after, currency, language),
                "changed": name in found.changed,
            }
            for name, (before, after) in facts.items()
        ],
        "notes": [said(each, language) for each in found.notes],
    }


def _fact(name: str, value: object, currency: str, language: str) -> str:
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return ("yes" if value else "no") if language == "en" else ("是" if value else "否")
    if name in ("amount", "fee") and isinstance(value, int):
        return money(value, currency)
    if name in ("decision", "recommendation"):
        return named(DECISIONS, str(value), language)
    if name in _FACT_NAMES:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(named(_FACT_NAMES[name], str(code), language) for code in codes)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _result(desk: Desk, found: PolicyBacktest) -> dict[str, object]:
    language, currency = desk.look.language, found.currency

    def way(code: str) -> str:
        return named(_WAYS, code, language)

    return {
        "cases": count(found.cases),
        "changed": count(found.changed),
        "claimed": money(found.claimed, currency),
        "rows": list(_sides(found, desk)),
        "moved": [
            {
                "before": way(each.before),
                "after": way(each.after),
                "cases": count(each.cases),
                "claimed": money(each.claimed, currency),
                "granted": more(each.granted, currency),
            }
            for each in found.moved
        ],
        "clauses": [(name, _change(number)) for name, number in found.clauses[:50]],
        "plot": plot(found.periods, currency),
        "changes": [
            {
                "id": each.case_id,
                "number": each.number,
                "before": way(each.before),
                "after": way(each.after),
                "claimed": money(each.claimed, currency),
                "granted_before": money(each.granted_before, currency),
                "granted_after": money(each.granted_after, currency),
                "more": more(each.granted_after - each.granted_before, currency),
            }
            for each in found.changes
        ],
        "notes": [said(each, language) for each in found.notes],
    }


def _change(number: int) -> str:
    return "±0" if number == 0 else f"{'+' if number > 0 else '−'}{count(abs(number))}"


def _sides(found: PolicyBacktest, desk: Desk) -> Iterator[dict[str, str]]:
    before, after, currency = found.before, found.after, found.currency
    for zh, en, one, other in (
        ("自动通过（件）", "approved, cases", before.claims, after.claims),
        ("要求补材料（件）", "material asked for, cases", before.asked, after.asked),
        ("转人工（件）", "to a person, cases", before.person, after.person),
        ("因额度转人工（件）", "to a person for want of budget", before.over_budget, after.over_budget),
        ("自动通过中已有结论（件）", "of the approved, judged since", before.judged, after.judged),
    ):
        yield {"name": desk.say(zh, en), "before": count(one), "after": count(other), "more": _change(other - one)}
    for zh, en, one, other in (
        ("自动通过金额", "money approved", before.money, after.money),
        ("已有结论中误退的金额", "of the judged, money lost", round(before.lost), round(after.lost)),
    ):
        yield {
            "name": desk.say(zh, en),
            "before": money(one, currency),
            "after": money(other, currency),
            "more": more(other - one, currency),
        }


def trying_routes() -> tuple[Route, ...]:
    return (
        Route("/policy/try", _try, methods=["GET"]),
        Route("/policy/backtests", _backtests, methods=["GET"]),
        Route("/policy/backtests", _start, methods=["POST"]),
        Route("/policy/backtests/{run}", _backtest, methods=["GET"]),
        Route("/policy/backtests/{run}/stop", _stop, methods=["POST"]),
    )
