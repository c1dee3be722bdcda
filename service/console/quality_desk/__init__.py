"""How well decisions hold: one's own figures, the team's for who helps it, cases to learn by, and two who differ."""

from __future__ import annotations

from service.console.desk import Room
from service.console.quality_desk.figures_page import ROUTES as FIGURES
from service.console.quality_desk.golden_page import ROUTES as GOLDEN
from service.domain.assessment import Text
from service.domain.users import Role

__all__ = ["QUALITY"]

QUALITY = Room(
    path="/quality",
    name=Text(zh="质量", en="Quality"),
    about=Text(
        zh="判断是否一致、事后是否被推翻；用来学习，不排名。",
        en="How far judgements agree and hold. For learning; nobody is ranked.",
    ),
    key="j",
    roles=frozenset({Role.REVIEWER, Role.SENIOR, Role.RISK_OWNER, Role.AUDITOR}),
    routes=(*FIGURES, *GOLDEN),
)
