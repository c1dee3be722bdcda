"""Incidents as declared and as told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from service.api.schemas.casework import ApproveIn
from service.api.schemas.fields import Identifier, Moment, Strict
from service.api.schemas.policy import Person
from service.domain.incidents import Incident, Struck

Why = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class IncidentActIn(Strict):
    by: Person
    reason: Why


class IncidentEndIn(IncidentActIn):
    ended_at: Moment = Field(description="Orders paid after this have nothing to do with it.")


class IncidentIn(IncidentActIn):
    """Something is out: its claims are grouped and held against no account."""

    struck: Annotated[Struck, Field(strict=False)]
    struck_id: Identifier | None = Field(default=None, description="The seller, product or supplier; not for platform.")
    began_at: Moment = Field(description="In the last 30 days.")


class IncidentDecisionIn(ApproveIn):
    """All that was claimed, for every case of the incident that waits for a person; 200 at once, oldest first."""


class RefusedOut(BaseModel):
    case_id: uuid.UUID
    detail: str


class BulkOut(BaseModel):
    """``done``: approved, or waiting for a second person. ``left``: send it again, with a new key, for these."""

    done: list[uuid.UUID]
    refused: list[RefusedOut]
    left: int


class IncidentOut(BaseModel):
    """``confirmed_at`` null: noticed by a jump of claims, and nobody has said yet that it is one. ``open_cases``: null
    in lists."""

    incident_id: uuid.UUID
    struck: Struck
    struck_id: str
    began_at: datetime
    ended_at: datetime | None
    reason: str
    noticed: bool
    confirmed_at: datetime | None
    dismissed_at: datetime | None
    open_cases: list[uuid.UUID] | None = None

    @classmethod
    def of(cls, incident: Incident, open_cases: Sequence[uuid.UUID] | None = None) -> Self:
        return cls(
            incident_id=incident.id,
            struck=incident.struck,
            struck_id=incident.struck_id,
            began_at=incident.began_at,
            ended_at=incident.ended_at,
            reason=incident.reason,
            noticed=incident.noticed,
            confirmed_at=incident.confirmed_at,
            dismissed_at=incident.dismissed_at,
            open_cases=None if open_cases is None else list(open_cases),
        )


class IncidentsOut(BaseModel):
    """Newest first, at most 200."""

    incidents: list[IncidentOut]
