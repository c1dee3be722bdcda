"""How full the budgets of a platform are."""

from __future__ import annotations

from dataclasses import dataclass

from service import policy
from service.domain.clock import Clock
from service.domain.errors import NotFound
from service.policy.parts import Budget
from service.store import Store
from service.store.budget_book import BudgetBook, Taken

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One entity under one budget of the policy. Sums in minor units; a limit that is None does not hold. ``full`` in
    [0, …): the larger of the two shares taken; from 1 on nothing more fits. ``entity`` None: nobody has taken any."""

    budget: str
    window_hours: int
    entity: str | None
    amount_minor: int
    limit_amount: int | None
    count: int
    limit_count: int | None
    full: float


class Budgeting:
    """Use cases around budgets, for whoever answers for the money."""

    def __init__(self, store: Store, book: BudgetBook, clock: Clock) -> None:
        self._store = store
        self._book = book
        self._clock = clock

    async def fills(self, platform_id: str, *, shown: int = SHOWN) -> tuple[Fill, ...]:
        """For each budget of the policy in force those who have taken most of it, in the policy's order."""
        now = self._clock.now()
        found = await self._store.platform_in_force(platform_id, now)
        if found is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        rules = policy.load_policy(found[1].text)
        fills: list[Fill] = []
        for budget in rules.budgets:
            taken = await self._book.taken(platform_id, budget.id, budget.window_hours, now, limit=shown)
            own = [one for one in taken if one.currency == rules.currency]
            fills += [_fill(budget, one) for one in own] or [_fill(budget, None)]
        return tuple(fills)

    async def sweep(self) -> int:
        """Forget what no budget counts any more; returns how many rows went."""
        return await self._book.forget(self._clock.now())


def _fill(budget: Budget, taken: Taken | None) -> Fill:
    amount, count = (taken.amount_minor, taken.count) if taken is not None else (0, 0)
    return Fill(
        budget=budget.id,
        window_hours=budget.window_hours,
        entity=taken.entity if taken is not None else None,
        amount_minor=amount,
        limit_amount=budget.max_amount_minor,
        count=count,
        limit_count=budget.max_count,
        full=max(_share(amount, budget.max_amount_minor), _share(count, budget.max_count)),
    )


def _share(taken: int, limit: int | None) -> float:
    if limit is None:
        return 0.0
    return taken / limit if limit else 1.0
