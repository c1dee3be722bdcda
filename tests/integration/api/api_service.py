"""The running service as the integration tests of the REST face hold it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from service.domain.actors import Actor, ActorKind
from service.policy import load_policy, platform_policy_text
from service.store import PolicyVersion

CLOCK_START = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)
FOUNDER = Actor(ActorKind.PERSON, "founder")


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


def platform_policy(platform_id: str, now: datetime) -> PolicyVersion:
    """The demo's policy, for a platform of another name."""
    own = platform_policy_text("demo").replace("platform: demo", f"platform: {platform_id}", 1)
    return PolicyVersion(
        platform_id=platform_id,
        version="1",
        effective_at=now,
        text=own,
        digest=load_policy(own).digest,
        actor=FOUNDER,
        recorded_at=now,
    )
