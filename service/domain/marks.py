"""What reviewers say beside deciding: that something was misread, and how risky a case seems to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from service.domain.actors import Actor
from service.domain.evidence import FieldName


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLabel:
    """A field of a page put right by somebody who looked at it. It says something of the reader, nothing of the claim.

    ``read``: what the reader had; ``text``: what stands there; ``value``: as a field's value has it.
    """

    id: uuid.UUID
    platform_id: str
    case_id: uuid.UUID
    sha256: str
    field: FieldName
    read: str
    text: str
    value: str | int
    reader: str
    actor: Actor
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMark:
    """How a case seems to somebody, whatever was decided. ``loss_share`` in [0, 1]: the part held not to be due;
    ``confidence``: how sure they are of it, in per cent from 50. ``score_seen``: it may lean on the score."""

    id: uuid.UUID
    platform_id: str
    case_id: uuid.UUID
    loss_share: float
    confidence: int
    note: str
    score_seen: bool
    actor: Actor
    recorded_at: datetime
