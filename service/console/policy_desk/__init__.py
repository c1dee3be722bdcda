"""The policy desk: what is in force, in words and as text; editing, trying, proposing, signing by a second person."""

from __future__ import annotations

from service.console.desk import Room
from service.console.policy_desk.editing import editing_routes
from service.console.policy_desk.reading import reading_routes
from service.console.policy_desk.roles import READERS
from service.console.policy_desk.trying import trying_routes
from service.domain.assessment import Text

POLICY = Room(
    path="/policy",
    name=Text(zh="规则", en="Policy"),
    about=Text(
        zh="生效中的规则；编辑、试算、回测、提议和签署新版本。",
        en="The policy in force; edit, try, back-test, propose and sign a new version.",
    ),
    roles=frozenset(READERS),
    key="y",
    routes=(*reading_routes(), *editing_routes(), *trying_routes()),
)
