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
from service.store.audit_trail import AuditTrail, CheckpointRule
from service.store.case_moves import ChangeRequest, LockedCase, MoveRequest
from service.store.cases import CaseRecord, KeptAssessment, LinkedClaim
from service.store.cases_listing import CaseListing
from service.store.chain import ChainCutShort, ChangedDecision, StoredLink
from service.store.checkpoints import CheckpointFiles, CheckpointKey, Kept, PublicKey, kept_outside
from service.store.database import Connection
from service.store.decisions import AlreadyDecided, Decided, DecideOutcome, DecideRequest, Outdated
from service.store.embedded import EmbeddedPostgres
from service.store.event_uploads import EventUploads
from service.store.evidence_records import KeptReading, NewEvidence
from service.store.idempotency import KeptAnswers
from service.store.imports import Checkpoint, Imports, Overtaken, Rehearsal, Written
from service.store.jobs import Assess, WorkerOptions
from service.store.keys import KeyRecord, KeyTerms
from service.store.migrate import current_revision, downgrade, head_revision, migrate
from service.store.personal_data import Erased, PersonalData, Reveal, Tombstone
from service.store.personal_data_keys import GivenKeys, KeyFile, SealingKeys
from service.store.personal_data_redaction import ERASED, Pseudonym, pseudonyms
from service.store.personal_data_sealing import Sealing, SealingKey, sealing_key
from service.store.platforms import Platform, Tripped
from service.store.policies import PolicyVersion
from service.store.policy_trials import TriedCase
from service.store.reassessing import ReassessRequest
from service.store.retention import RetentionRule
from service.store.sightings import Sightings
from service.store.store import Store
from service.store.trail_comparison import Differing, Told

__all__ = [
    "ERASED",
    "AcceptOutcome",
    "AcceptRequest",
    "Accepted",
    "AlreadyDecided",
    "Assess",
    "AuditEntry",
    "AuditTrail",
    "CaseListing",
    "CaseRecord",
    "ChainCutShort",
    "ChangeRequest",
    "ChangedDecision",
    "Checkpoint",
    "CheckpointFiles",
    "CheckpointKey",
    "CheckpointRule",
    "Connection",
    "DecideOutcome",
    "DecideRequest",
    "Decided",
    "Differing",
    "EmbeddedPostgres",
    "Erased",
    "EventUploads",
    "GivenKeys",
    "Imports",
    "InFlight",
    "Kept",
    "KeptAnswers",
    "KeptAssessment",
    "KeptReading",
    "KeyFile",
    "KeyRecord",
    "KeyReused",
    "KeyTerms",
    "Linked",
    "LinkedClaim",
    "LockedCase",
    "MoveRequest",
    "NewEvidence",
    "Outdated",
    "Overtaken",
    "PersonalData",
    "Platform",
    "PolicyVersion",
    "Pseudonym",
    "PublicKey",
    "ReassessRequest",
    "Rehearsal",
    "Replayed",
    "RetentionRule",
    "Reveal",
    "Sealing",
    "SealingKey",
    "SealingKeys",
    "Sightings",
    "Store",
    "StoredLink",
    "Told",
    "Tombstone",
    "TriedCase",
    "Tripped",
    "WorkerOptions",
    "Written",
    "current_revision",
    "downgrade",
    "head_revision",
    "kept_outside",
    "migrate",
    "pseudonyms",
    "sealing_key",
]
