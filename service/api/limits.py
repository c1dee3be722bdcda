"""How much one request may carry. All sizes in bytes, all checked while reading, before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1024 * 1024
# Boundaries and part headers on top of the content; python-multipart itself allows 33 kB of headers a part.
_FRAMING = _MB


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """``seconds`` bounds how long a body may take to arrive; ``claim_bytes`` the claim's JSON."""

    file_bytes: int = 10 * _MB
    total_bytes: int = 40 * _MB
    files: int = 20
    claim_bytes: int = 256 * 1024
    events_bytes: int = 4 * _MB
    scores_bytes: int = 8 * _MB
    seconds: float = 120.0

    @property
    def request_bytes(self) -> int:
        """The largest multipart body that can hold ``total_bytes`` of files and a claim."""
        return self.total_bytes + self.claim_bytes + _FRAMING


def size(count: int) -> str:
    """A byte count as people write it: ``10 MB``, ``256 kB``, ``900 bytes``."""
    if count >= _MB:
        return f"{count / _MB:g} MB"
    return f"{count / 1024:g} kB" if count >= 1024 else f"{count} bytes"
