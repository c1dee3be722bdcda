"""The bar over a page: what one has just decided and can take back, and what came to nothing.

A page of any room shows it by handing ``bar=await held_bar(desk)`` to its template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.console.case_desk.refusals import said
from service.console.case_page.forms import act_name
from service.console.desk import Desk
from service.domain.assessment import Text
from service.domain.holding import Act, Held

_DONE: Mapping[Act, Text] = {
    Act.APPROVE: Text(zh="已通过", en="Approved"),
    Act.RULE_APPROVED: Text(zh="已裁定通过", en="Ruled: approved"),
    Act.APPROVE_PARTIALLY: Text(zh="已部分通过", en="Approved in part"),
    Act.RULE_PARTIALLY: Text(zh="已裁定部分通过", en="Ruled: in part"),
    Act.REJECT: Text(zh="已拒绝", en="Rejected"),
    Act.UPHOLD: Text(zh="已维持拒绝", en="Rejection upheld"),
    Act.RULE_REJECTED: Text(zh="已裁定拒绝", en="Ruled: rejected"),
    Act.OFFER: Text(zh="已提方案", en="Offer made"),
    Act.ASK_FOR_MATERIALS: Text(zh="已索要材料", en="Material asked for"),
    Act.HAND_UP: Text(zh="已升级给高级审核员", en="Handed up to a senior"),
    Act.ASK_SUPPLIER: Text(zh="已询问供应商", en="Supplier asked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Decided together, and taken back together. ``seconds``: until the first takes effect."""

    ids: tuple[str, ...]
    text: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """It came to nothing; ``path``: of its case, below /console."""

    id: str
    text: str
    why: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    waiting: tuple[Waiting, ...]
    not_done: tuple[NotDone, ...]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.not_done)


async def held_bar(desk: Desk) -> Bar:
    """Of whoever sits at the desk; one statement."""
    return bar_of(desk, await desk.use_cases.held.of_actor(desk.platform_id, desk.actor))


def bar_of(desk: Desk, mine: Sequence[Held]) -> Bar:
    """``mine``: as HeldDecisions.of_actor gives it, newest first."""
    together: dict[str, list[Held]] = {}
    for held in mine:
        if held.ended is None:
            together.setdefault(held.once, []).append(held)
    return Bar(
        waiting=tuple(_waiting(desk, each) for each in together.values()),
        not_done=tuple(_not_done(desk, held) for held in mine if held.ended is not None),
    )


def _waiting(desk: Desk, together: Sequence[Held]) -> Waiting:
    first = together[0]
    what = what_was_done(first, desk.look.language)
    text = (
        desk.say(f"{what} · 退款单 {first.case_number}", f"{what} for case {first.case_number}")
        if len(together) == 1
        else desk.say(f"{what} · 共 {len(together):,} 单", f"{what}: {len(together):,} cases")
    )
    seconds = min(desk.use_cases.held.seconds_left(held) for held in together)
    return Waiting(ids=tuple(str(held.id) for held in together), text=text, seconds=max(0, int(seconds)))


def _not_done(desk: Desk, held: Held) -> NotDone:
    what = act_name(held.intended.act, desk.look.language)
    return NotDone(
        id=str(held.id),
        text=desk.say(f"没有执行：{what} · 退款单 {held.case_number}", f"Not done: {what} · case {held.case_number}"),
        why=said(held.why, desk.say),
        path=f"/cases/{held.case_id}",
    )


def what_was_done(held: Held, language: str) -> str:
    """``Approved ¥30.00``."""
    act, leads_to = held.intended.act, held.leads_to
    done = _DONE.get(act)
    name = done.get(language) if done is not None else act_name(act, language)
    if leads_to.differs:
        return Text(zh="与另一人意见不同，由高级审核员裁定", en="You differ from a colleague; a senior decides").get(
            language
        )
    if leads_to.proposed:
        name = Text(zh="已提议（待第二人确认）", en="Proposed, a second person confirms:").get(language)
    return f"{name} {leads_to.amount}" if leads_to.amount is not None else name
