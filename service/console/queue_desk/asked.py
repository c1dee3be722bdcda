"""What is asked of the queues' page: its filter and place, read from an address and written into one."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.money import exponent
from service.domain.queues import WAITING, Held, Lane, QueueFilter, QueuePosition

SIZES = (50, 100, 200)
AGES = {"1d": 1, "3d": 3, "7d": 7, "30d": 30}
WHOSE = ("all", "free", "mine")
NAMES = ("lane", "state", "reason", "seller", "product", "incident", "from", "to", "age", "whose", "held", "size")
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,3})?\Z")
_LONGEST_ID = 128
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """As it was typed; ``wrong``: the names of fields that cannot be read, which then filter nothing."""

    given: Mapping[str, str]
    wrong: frozenset[str] = frozenset()
    after: str = ""

    def get(self, name: str) -> str:
        return self.given.get(name, "")

    @property
    def size(self) -> int:
        return int(self.get("size") or SIZES[0])

    @property
    def filtered(self) -> bool:
        return any(name != "size" for name in self.given)

    def query(self, **changes: str | None) -> str:
        """The address's query with some fields changed; without a place in the list unless ``after`` is given."""
        fields = {**self.given, **changes}
        return urlencode([(name, value) for name in (*NAMES, "after") if (value := fields.get(name))])


def asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Of a query's pairs: what is known and says something. Never an error: an old view must open still."""
    given: dict[str, str] = {}
    after = ""
    for name, value in pairs:
        plain = value.replace("\0", "").strip()[:_LONGEST_ID]
        if name == "after":
            after = value[:200]
        elif name in NAMES and plain:
            given[name] = plain
    wrong = {name for name in given if name in ("from", "to") and not _AMOUNT.match(given[name])}
    if "incident" in given and _id(given["incident"]) is None:
        wrong.add("incident")
    known: Mapping[str, Iterable[str]] = {
        "lane": Lane, "state": WAITING, "reason": ReasonCode, "age": AGES, "whose": WHOSE[1:],
        "held": (Held.ONLY, Held.TOO), "size": map(str, SIZES[1:]),
    }  # fmt: skip
    for name, values in known.items():
        if name in given and given[name] not in set(values):
            del given[name]
    return Asked(given=given, wrong=frozenset(wrong), after=after)


def asked_of(query: str) -> Asked:
    """Of a query as it stands in an address."""
    try:
        return asked(parse_qsl(query, max_num_fields=40))
    except ValueError:
        return asked(())


def filter_of(question: Asked, *, login: str, currency: str, now: datetime) -> QueueFilter:
    """``currency``: the platform's, in which amounts are asked for."""
    amounts = {name: _minor(question.get(name), currency) for name in ("from", "to") if name not in question.wrong}
    asks_amount = any(each is not None for each in amounts.values())
    days = AGES.get(question.get("age"))
    wanted = QueueFilter(
        lane=_one(Lane, question.get("lane")),
        state=_one(CaseState, question.get("state")),
        reason=_one(ReasonCode, question.get("reason")),
        seller_id=question.get("seller") or None,
        product_id=question.get("product") or None,
        incident_id=_id(question.get("incident")),
        amount_from=amounts.get("from"),
        amount_to=amounts.get("to"),
        currency=currency if asks_amount else None,
        accepted_before=None if days is None else now - timedelta(days=days),
        held=_one(Held, question.get("held")) or Held.LEFT_OUT,
    )
    if question.get("whose") == "mine":
        return replace(wanted, mine=login, held=Held.TOO)
    return replace(wanted, free=question.get("whose") == "free")


def position_of(text: str) -> QueuePosition | None:
    """A place in the list, of an address; None for anything that is none."""
    try:
        urgent, accepted, case_id = base64.urlsafe_b64decode(text.encode("ascii")).decode("ascii").split("|")
        moments = [datetime.fromisoformat(each).astimezone(UTC) for each in (urgent, accepted)]
        return moments[0], moments[1], uuid.UUID(case_id)
    except (ValueError, OverflowError, binascii.Error, UnicodeError):
        return None


def written(position: QueuePosition) -> str:
    """For an address."""
    urgent, accepted, case_id = position
    plain = f"{urgent.isoformat()}|{accepted.isoformat()}|{case_id}"
    return base64.urlsafe_b64encode(plain.encode()).decode()


def _one(kind: type[_E], text: str) -> _E | None:
    return kind(text) if text else None


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _minor(text: str, currency: str) -> int | None:
    """Minor units of an amount as typed; digits beyond the currency's are cut."""
    if not _AMOUNT.match(text):
        return None
    whole, _, part = text.partition(".")
    digits = exponent(currency)
    return int(whole + (part + "000")[:digits])
