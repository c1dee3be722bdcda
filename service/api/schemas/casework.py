"""What actions on cases are asked with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from service.api.schemas.fields import Strict

Reason = Annotated[str, StringConstraints(max_length=1_000)]


class WithdrawIn(Strict):
    reason: Reason = Field(default="", description="For the record; free of personal data.")
