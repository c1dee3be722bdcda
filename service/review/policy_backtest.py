"""Another policy over a platform's own stored cases: how many decisions change, for how much money, where.

Cases are judged in the order they came, budgets included, which start empty on both sides. Nobody is taken to claim
more or less because of other answers.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from service.domain.assessment import Decision, Reservation, Verdict
from service.domain.clock import Clock
from service.domain.errors import InvalidRequest
from service.policy import Policy
from service.policy.windows import counted_from, part_start
from service.review.policies import PolicyDesk
from service.review.policy_trials import (
    CERTIFIED,
    VOID,
    Bench,
    Judged,
    PolicyTrials,
    repeated,
    route_of,
)
from service.store import Store, TriedCase

_EXAMPLES = 5
_CHANGES = 100
_WEEKS_FROM_DAYS = 60


@dataclass(slots=True)
class Side:
    """``claims``/``money``: approved, in minor units; ``asked``, ``person``: claims; ``over_budget``: approvals that
    budgets turned to a person. Of the approved that people have judged: ``judged`` claims, ``lost`` minor units."""

    claims: int = 0
    money: int = 0
    asked: int = 0
    person: int = 0
    over_budget: int = 0
    judged: int = 0
    lost: float = 0.0


@dataclass(slots=True)
class Moved:
    """Cases that go another way. ``claimed``: minor units asked for; ``granted``: new less old; ``examples``: numbers
    of a few."""

    before: str
    after: str
    cases: int = 0
    claimed: int = 0
    granted: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCase:
    """A case that goes another way or gets another sum: ``before``/``after`` ways, sums in minor units."""

    case_id: str
    number: str
    before: str
    after: str
    claimed: int
    granted_before: int
    granted_after: int


@dataclass(slots=True)
class Period:
    """Money approved in the days from ``start`` on, minor units."""

    start: date
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBacktest:
    """``changed``: cases whose decision, sum or way is another one; ``not_repeated``: cases where the rules of then,
    judged again, do not say what was stored, so that their comparison is to be doubted. ``clauses``: how many more (or
    fewer) cases each clause decides. ``changes``: those of the changed cases that change most, a hundred at most."""

    platform: str
    currency: str
    since: datetime
    until: datetime
    cases: int
    claimed: int
    before: Side
    after: Side
    changed: int
    moved: tuple[Moved, ...]
    clauses: tuple[tuple[str, int], ...]
    periods: tuple[Period, ...]
    not_repeated: int
    rescored: int
    notes: tuple[str, ...]
    changes: tuple[ChangedCase, ...] = ()


class PolicyBacktests:
    def __init__(self, store: Store, desk: PolicyDesk, trials: PolicyTrials, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._trials = trials
        self._clock = clock

    async def run(
        self,
        platform_id: str,
        text: str,
        since: datetime,
        until: datetime | None = None,
        *,
        certified: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> PolicyBacktest:
        """Every case accepted in [since, until) under the policy in ``text``; ``until`` None: up to now.

        ``certified``: as if the threshold of then were certified for it. InvalidPolicyText; InvalidRequest for an empty
        window or one without cases.
        """
        other = await self._desk.check(platform_id, text)
        end = until or self._clock.now()
        if since >= end:
            raise InvalidRequest("The window is empty: it begins when it is over. Give an earlier --since.")
        tally = _Tally(await self._trials.bench(platform_id), other, certified=certified, since=since, until=end)
        await tally.count(self._store.trial_cases.between(platform_id, since, end), progress)
        if tally.cases == 0:
            raise InvalidRequest(f"No case was assessed from {since:%Y-%m-%d} to {end:%Y-%m-%d}. Give a longer window.")
        return tally.result(platform_id)


class _Tally:
    """Judges case after case under both policies and adds up what came of it."""

    def __init__(self, bench: Bench, other: Policy, *, certified: bool, since: datetime, until: datetime) -> None:
        self._bench = bench
        self._other = other
        self._certified = certified
        self._since, self._until = since, until
        self._rooms = (_Room(), _Room())
        self._sides = (Side(), Side())
        self._moved: dict[tuple[str, str], Moved] = {}
        self._clauses: Counter[str] = Counter()
        self._periods: dict[date, Period] = {}
        self._changes: list[tuple[int, int, int, ChangedCase]] = []
        self._span = timedelta(days=7 if until - since > timedelta(days=_WEEKS_FROM_DAYS) else 1)
        self.cases = self._claimed = self._changed = self._not_repeated = self._rescored = self._void = 0

    async def count(self, cases: AsyncIterator[TriedCase], progress: Callable[[int], None] | None) -> None:
        async for case in cases:
            # A case is a millisecond of arithmetic, and a process that answers requests may be running this.
            await asyncio.to_thread(self._add, case)
            if progress is not None:
                progress(self.cases)

    def _add(self, case: TriedCase) -> None:
        then = self._bench.policy_of(case)
        alike = then is not None and then.digest == self._other.digest
        before = self._bench.before(case)
        after = self._bench.judge(self._other, case, certified=self._certified or alike)
        stands = [self._stand(number, judged, case) for number, judged in enumerate((before, after))]
        self.cases += 1
        self._claimed += case.claim.amount_claimed.minor
        self._void += not alike
        self._not_repeated += not repeated(case, before)
        self._rescored += after.rescored
        self._compare(case, *stands)

    def _stand(self, number: int, judged: Judged, case: TriedCase) -> Verdict:
        """The verdict that stands after budgets, counted on its side."""
        side, room = self._sides[number], self._rooms[number]
        verdict = judged.verdict
        if not room.reserve(judged.outcome.reservations, case.accepted_at):
            verdict = judged.outcome.fallback
            side.over_budget += 1
        if verdict.decision is Decision.AUTO_APPROVED:
            side.claims += 1
            side.money += _granted(verdict)
            if case.loss_share is not None:
                side.judged += 1
                side.lost += case.loss_share * _granted(verdict)
        elif verdict.decision is Decision.MATERIALS_NEEDED:
            side.asked += 1
        else:
            side.person += 1
        return verdict

    def _compare(self, case: TriedCase, before: Verdict, after: Verdict) -> None:
        more = _granted(after) - _granted(before)
        ways = route_of(before), route_of(after)
        if ways[0] != ways[1] or more:
            self._changed += 1
            moved = self._moved.setdefault(ways, Moved(*ways))
            moved.cases += 1
            moved.claimed += case.claim.amount_claimed.minor
            moved.granted += more
            if len(moved.examples) < _EXAMPLES:
                moved.examples.append(case.number)
            self._keep(case, ways, before, after)
        self._clauses.update(after.clauses)
        self._clauses.subtract(before.clauses)
        period = self._period(case.accepted_at)
        period.before += _granted(before)
        period.after += _granted(after)

    def _keep(self, case: TriedCase, ways: tuple[str, str], before: Verdict, after: Verdict) -> None:
        """Among the changed cases, if it is one of those that change most."""
        old, new, claimed = _granted(before), _granted(after), case.claim.amount_claimed.minor
        kept = ChangedCase(
            case_id=str(case.case_id),
            number=case.number,
            before=ways[0],
            after=ways[1],
            claimed=claimed,
            granted_before=old,
            granted_after=new,
        )
        # Of two alike the earlier one stays; the count also keeps the heap from comparing the cases themselves.
        put = heapq.heappush if len(self._changes) < _CHANGES else heapq.heappushpop
        put(self._changes, (abs(new - old), claimed, -self._changed, kept))

    def _period(self, at: datetime) -> Period:
        local = at.astimezone(self._other.time_zone).date()
        first = self._since.astimezone(self._other.time_zone).date()
        start = first + (local - first) // self._span * self._span
        return self._periods.setdefault(start, Period(start))

    def result(self, platform_id: str) -> PolicyBacktest:
        changed = [(name, count) for name, count in self._clauses.items() if count]
        return PolicyBacktest(
            platform=platform_id,
            currency=self._other.currency,
            since=self._since,
            until=self._until,
            cases=self.cases,
            claimed=self._claimed,
            before=self._sides[0],
            after=self._sides[1],
            changed=self._changed,
            moved=tuple(sorted(self._moved.values(), key=lambda each: -each.cases)),
            clauses=tuple(sorted(changed, key=lambda each: (-abs(each[1]), each[0]))),
            periods=tuple(self._periods[start] for start in sorted(self._periods)),
            not_repeated=self._not_repeated,
            rescored=self._rescored,
            notes=tuple(self._notes()),
            changes=tuple(each[3] for each in sorted(self._changes, reverse=True)),
        )

    def _notes(self) -> Sequence[str]:
        found = [
            "Both sides are what the rules say, before mode, share approved and the audit draw; budgets start empty.",
            "Buyers are taken to claim as they did: nobody adapts to the other answers.",
        ]
        if self._void and self._other.classes.risk.opted_in:
            found.append(CERTIFIED if self._certified else VOID)
        if self._not_repeated:
            found.append(
                f"{self._not_repeated:,} cases are answered otherwise by the rules of then today: their code or model "
                "has changed since. See `prereview replay` for one of them."
            )
        return found


class _Room:
    """What budgets have left, as the store keeps it: in parts of a window that slides."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str, str, int], dict[datetime, tuple[int, int]]] = defaultdict(dict)

    def reserve(self, asked: Sequence[Reservation], at: datetime) -> bool:
        """Take room from every budget, or from none and return False."""
        if not all(self._fits(one, at) for one in asked):
            return False
        for one in asked:
            parts = self._parts(one, at)
            start = part_start(at, one.window_hours)
            money, count = parts.get(start, (0, 0))
            parts[start] = money + one.amount.minor, count + 1
        return True

    def _fits(self, one: Reservation, at: datetime) -> bool:
        taken = self._parts(one, at).values()
        money = sum(part[0] for part in taken) + one.amount.minor
        count = sum(part[1] for part in taken) + 1
        within = one.limit_amount is None or money <= one.limit_amount
        return within and (one.limit_count is None or count <= one.limit_count)

    def _parts(self, one: Reservation, at: datetime) -> dict[datetime, tuple[int, int]]:
        """The parts that still count, without those that do not any more."""
        key = (one.budget, one.entity, one.amount.currency, one.window_hours)
        since = counted_from(at, one.window_hours)
        self._taken[key] = {start: part for start, part in self._taken[key].items() if start >= since}
        return self._taken[key]


def _granted(verdict: Verdict) -> int:
    if verdict.decision is not Decision.AUTO_APPROVED or verdict.grant is None:
        return 0
    return verdict.grant.amount.minor
