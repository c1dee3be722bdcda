"""The data scientists' desk: which models are at work, whether claims still look as they did, and what labels say."""

from __future__ import annotations

from service.console.science_desk.routes import SCIENCE

__all__ = ["SCIENCE"]
