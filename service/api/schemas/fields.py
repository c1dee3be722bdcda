"""Kinds of field the request models are made of, each with its bounds and a message that says what to do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from service.domain.clock import as_utc

# 10 million of the major unit of a two-digit currency: far above any virtual good, far below a 64-bit sum's end.
MAX_AMOUNT = 10_000_000_00
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?\Z")
_FORM = "write ISO 8601 with an offset, e.g. 2026-11-21T09:30:00+08:00"


class Strict(BaseModel):
    """Base of everything taken from outside: no coercion, no unknown field."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _identifier(value: str) -> str:
    if value != value.strip():
        raise ValueError("must not begin or end with a blank")
    if not value.isprintable():
        raise ValueError("must hold printable characters only")
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _ISO_TIME.match(value):
        raise ValueError(_FORM)
    try:
        moment = as_utc(datetime.fromisoformat(value))
    except OverflowError:
        raise ValueError("must lie between the years 2000 and 2200") from None
    except ValueError as wrong:
        raise ValueError(f"{wrong}; {_FORM}") from None
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("must lie between the years 2000 and 2200")
    return moment


Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_identifier)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(max_length=500)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Currency = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217 code.", examples=["CNY"])
]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Amount = Annotated[int, Field(ge=1, le=MAX_AMOUNT, description="Integer minor units (fen for CNY).")]
AmountOrZero = Annotated[int, Field(ge=0, le=MAX_AMOUNT, description="Integer minor units (fen for CNY).")]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
CountOrZero = Annotated[int, Field(ge=0, le=1_000_000)]
