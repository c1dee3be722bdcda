"""Builds everything from settings, once per process."""

from __future__ import annotations

from service.wiring.building import Deployment, build, reader_version, replay, set_up_platform
from service.wiring.logs import configure_logging
from service.wiring.places import clock, database_url, evidence_url, require_schema
from service.wiring.rounds import work
from service.wiring.running import deployed, running
from service.wiring.secret_keys import audit_secret, identity_key

__all__ = [
    "Deployment",
    "audit_secret",
    "build",
    "clock",
    "configure_logging",
    "database_url",
    "deployed",
    "evidence_url",
    "identity_key",
    "reader_version",
    "replay",
    "require_schema",
    "running",
    "set_up_platform",
    "work",
]
