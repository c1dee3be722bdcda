"""How much one request may carry. All sizes in bytes, all checked while reading, before anything is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from service.domain.errors import Unavailable

_MB = 1024 * 1024
# Boundaries and part headers on top of the content; python-multipart itself allows 33 kB of headers a part.
_FRAMING = _MB


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """``seconds`` bounds how long a body may take to arrive; ``claim_bytes`` the claim's JSON.

    ``held_bytes``: what all claims being answered by this process may hold in memory together.
    """

    file_bytes: int = 10 * _MB
    total_bytes: int = 40 * _MB
    files: int = 20
    claim_bytes: int = 256 * 1024
    events_bytes: int = 4 * _MB
    scores_bytes: int = 8 * _MB
    action_bytes: int = 64 * 1024
    held_bytes: int = 512 * _MB
    seconds: float = 120.0

    @property
    def batch(self) -> UploadLimits:
        """The same for many claims in one request: more files and more JSON, no more bytes of files."""
        return replace(self, files=200, claim_bytes=4 * _MB)

    @property
    def request_bytes(self) -> int:
        """The largest multipart body that can hold ``total_bytes`` of files and a claim."""
        return self.total_bytes + self.claim_bytes + _FRAMING


class Held:
    """Counts the bytes of the bodies in memory, so that many large uploads at once cannot exhaust it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    @contextmanager
    def room(self, wanted: int) -> Iterator[None]:
        """Keep ``wanted`` bytes of room until left; Unavailable where there is not that much."""
        if self._held + wanted > self._limit:
            raise Unavailable("Too many large uploads at once. Send the claim again in a moment.", retry_after=2)
        self._held += wanted
        try:
            yield
        finally:
            self._held -= wanted


def size(count: int) -> str:
    """A byte count as people write it: ``10 MB``, ``256 kB``, ``900 bytes``."""
    if count >= _MB:
        return f"{count / _MB:g} MB"
    return f"{count / 1024:g} kB" if count >= 1024 else f"{count} bytes"
