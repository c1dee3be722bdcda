"""The reviewers' console: pages for the people of a platform, signed in (Jinja2, HTMX where it helps).

A face like REST and the buyers' pages: it calls use cases and knows no table. Every page works without scripts.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from service.console.admin_desk import ADMINISTRATION
from service.console.app import create_console
from service.console.audit_desk import AUDIT
from service.console.case_desk import CASES
from service.console.csp_reports import CspReports
from service.console.desk import Console, Room
from service.console.guard import Guard
from service.console.home_page import home_routes
from service.console.live import live_routes
from service.console.pages import Pages
from service.console.policy_desk import POLICY
from service.console.quality_desk import QUALITY
from service.console.queue_desk import QUEUES
from service.console.risk_desk import RISK
from service.console.science_desk import SCIENCE
from service.console.sign_in_page import sign_in_routes
from service.review.use_cases import UseCases

__all__ = ["ROOMS", "console_pages"]

ROOMS: tuple[Room, ...] = (QUEUES, CASES, AUDIT, POLICY, RISK, QUALITY, SCIENCE, *ADMINISTRATION)
"""In the order of the navigation."""


def console_pages(use_cases: UseCases, *, public_url: str = "", registry: CollectorRegistry | None = None) -> Starlette:
    """All pages, to be mounted at /console. ``registry``: of the process's metrics."""
    console = Console(use_cases=use_cases, pages=Pages(), guard=Guard(public_url), rooms=ROOMS)
    return create_console(console, *home_routes(), *sign_in_routes(), *live_routes(), CspReports(registry).route())
