"""Everything that lasts: tables, evidence files, history, jobs, and the embedded PostgreSQL."""

from __future__ import annotations

from service.store.acceptance import (
    Accepted,
    AcceptOutcome,
    AcceptRequest,
    InFlight,
    KeyReused,
    Linked,
    Replayed,
)
from service.store.audit import AuditEntry
from service.store.cases import CaseRecord, LinkedClaim
from service.store.database import Connection
from service.store.decisions import AlreadyDecided, Decided, DecideOutcome, DecideRequest
from service.store.embedded import EmbeddedPostgres
from service.store.evidence_records import KeptReading, NewEvidence
from service.store.jobs import Assess, WorkerOptions
from service.store.keys import KeyRecord
from service.store.migrate import current_revision, downgrade, head_revision, migrate
from service.store.platforms import Platform, PolicyVersion, Tripped
from service.store.store import Store

__all__ = [
    "AcceptOutcome",
    "AcceptRequest",
    "Accepted",
    "AlreadyDecided",
    "Assess",
    "AuditEntry",
    "CaseRecord",
    "Connection",
    "DecideOutcome",
    "DecideRequest",
    "Decided",
    "EmbeddedPostgres",
    "InFlight",
    "KeptReading",
    "KeyRecord",
    "KeyReused",
    "Linked",
    "LinkedClaim",
    "NewEvidence",
    "Platform",
    "PolicyVersion",
    "Replayed",
    "Store",
    "Tripped",
    "WorkerOptions",
    "current_revision",
    "downgrade",
    "head_revision",
    "migrate",
]
