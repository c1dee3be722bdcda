"""Names and words the facts of a purchase are drawn from, by pool; the first pool stands in facts.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("pools.yaml")


@cache
def _all() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def pool_of(name: str) -> dict[str, Any]:
    """apps, apps_en, games, shops, companies, companies_en, shown_as, people; methods, products by language; status by
    page and language. ``name/part``: the pool with what its part of that name has instead; a part may also have
    ``accounts`` (patterns, # a digit) and ``single`` (one piece each)."""
    whole, _, part = name.partition("/")
    pool: dict[str, Any] = _all()[whole]
    if not part:
        return pool
    own: dict[str, Any] = pool["parts"][part]
    return pool | own | {"status": pool["status"] | own.get("status", {})}
