"""Pages for buyers, without a key: what a platform's policy says, and how to reach a person.

A third face beside REST and console: HTML that works without scripts, in zh and en, on a phone and on a desk. It calls
use cases and knows no table.
"""

from __future__ import annotations

from service.public.app import create_public

__all__ = ["create_public"]
