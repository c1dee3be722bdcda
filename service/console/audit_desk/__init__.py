"""The auditors' desk: what was done, by whom and when; whether the trail is whole; and all of it as a file."""

from __future__ import annotations

from service.console.audit_desk.routes import AUDIT

__all__ = ["AUDIT"]
