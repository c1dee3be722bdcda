"""The administrators' desk: users, API keys, webhooks, personal data, health. Nothing here decides about money."""

from __future__ import annotations

from service.console.admin_desk.health import HEALTH
from service.console.admin_desk.keys import KEYS
from service.console.admin_desk.personal_data import PERSONAL_DATA
from service.console.admin_desk.users import USERS
from service.console.admin_desk.webhooks import WEBHOOKS
from service.console.desk import Room

__all__ = ["ADMINISTRATION", "HEALTH", "KEYS", "PERSONAL_DATA", "USERS", "WEBHOOKS"]

ADMINISTRATION: tuple[Room, ...] = (USERS, KEYS, WEBHOOKS, PERSONAL_DATA, HEALTH)
"""In the order of the navigation."""
