"""One case before one person: looked up, drawn, and drawn again with what they had typed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from service.console.case_desk.bar import bar_of
from service.console.case_page import Fault, Surroundings, case_page
from service.console.desk import Desk
from service.console.queue_desk.strip import lock_strip
from service.domain.errors import NotFound
from service.domain.users import Role
from service.review.case_reading import CaseInFull, revealed_pages

ACTING = (Role.REVIEWER,)
LOOKING = (Role.REVIEWER, Role.AUDITOR, Role.RISK_OWNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form that did not do what it was sent for, or was taken back. ``acted_on``: the version it was made for."""

    typed: dict[str, str] = field(default_factory=dict)
    materials: frozenset[str] = frozenset()
    fault: Fault | None = None
    acted_on: int | None = None


NOTHING = Attempt()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    desk: Desk
    full: CaseInFull

    @property
    def blind(self) -> bool:
        """They have to judge before score and reasons are shown."""
        return self.full.blind

    @property
    def case_id(self) -> uuid.UUID:
        return self.full.view.case.id

    @property
    def currency(self) -> str:
        return self.full.view.case.claim.amount_claimed.currency

    async def page(self, attempt: Attempt = NOTHING, *, status: int = 200, notice: str = "") -> Response:
        """``notice``: a sentence over the page, of what has just happened."""
        page = case_page(self.full.view, self.full.policy, self._around(attempt))
        # Before the first judgement all cases look alike, also those that are there only to be judged.
        lock = None if self.blind else await lock_strip(self.desk, self.case_id, self.full.view.case.version)
        bar = bar_of(self.desk, self.full.mine)
        return self.desk.page("case/page.html", status=status, page=page, bar=bar, notice=notice, lock=lock)

    def _around(self, attempt: Attempt) -> Surroundings:
        desk, full = self.desk, self.full
        root = desk.request.scope.get("root_path", "")
        return Surroundings(
            now=full.now,
            language=desk.look.language,
            party=desk.acting().party,
            may_act=desk.may(*ACTING, change=True),
            blind=self.blind,
            judge_by=full.judge_by,
            certificate=full.certificate,
            events=full.events,
            linked=full.linked,
            pictures=f"{root}/cases/{full.view.case.id}/evidence",
            revealed=revealed_pages(full.revealed) | full.revealed,
            cards=full.cards,
            acted_on=attempt.acted_on,
            typed=attempt.typed,
            materials=attempt.materials,
            fault=attempt.fault,
            once=uuid.uuid4().hex,
            held=full.held,
            held_seconds=desk.use_cases.held.seconds_left(full.held) if full.held is not None else 0.0,
        )


async def seat_at(desk: Desk, case_id: uuid.UUID) -> Seat:
    """NotFound where the desk's platform has no such case."""
    full = await desk.use_cases.case_reading.in_full(desk.platform_id, case_id, desk.user)
    return Seat(desk=desk, full=full)


def case_id_of(request: Request) -> uuid.UUID:
    """NotFound for what is no id, as for an id nobody has."""
    try:
        return uuid.UUID(request.path_params["case_id"])
    except ValueError:
        raise NotFound("There is no case with this id on your platform.") from None
