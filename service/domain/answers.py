"""An answer kept so that the same request, sent again, gets it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """``headers``: names in lower case. ``replayed``: it was given before, and nothing was done this time."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One request to change something. ``digest``: of what is asked; ``key``: the caller's own name for asking it.

    ``scopes``: what the asking key may do, since that decides what its answer shows.
    """

    platform_id: str
    key: str
    digest: str
    scopes: frozenset[str]

    @property
    def asked(self) -> dict[str, Any]:
        return {"platform_id": self.platform_id, "key": self.key, "digest": self.digest, "scopes": sorted(self.scopes)}
