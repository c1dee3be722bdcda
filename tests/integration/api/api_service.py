"""The running service as the integration tests of the REST face hold it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson


@dataclass(frozen=True, slots=True)
class Service:
    """``keys``: one for each platform and purpose. ``database``: its name, for tests that shut it off."""

    url: str
    keys: dict[str, str]
    evidence: Path
    database: str

    def http(self, key: str = "full", **headers: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {self.keys[key]}", **headers},
            timeout=60,
            trust_env=False,
        )

    def submit(
        self,
        claim: Any,
        files: list[tuple[str, bytes]] | None = None,
        *,
        key: str = "full",
        idempotency_key: str | None = None,
        **headers: str,
    ) -> httpx.Response:
        """POST a claim; ``claim`` as data or as raw bytes."""
        raw = claim if isinstance(claim, bytes) else orjson.dumps(claim)
        parts: list[Any] = [("claim", ("claim.json", raw, "application/json"))]
        parts += [("evidence", (name, data, "application/octet-stream")) for name, data in files or []]
        sent = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex, **headers}
        with self.http(key) as http:
            return http.post("/v1/pre-reviews", files=parts, headers=sent)
