"""REST face: HTTP in, use cases called, HTTP out. Thin: decides nothing, stores nothing, knows no table."""

from __future__ import annotations

from service.api.app import create_api
from service.api.limits import UploadLimits
from service.api.metrics import Metrics

__all__ = ["Metrics", "UploadLimits", "create_api"]
