"""Every request as data: what is sent and how the answer is read. Both clients send these."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx

from service.client.results import CasePage, EventsRecorded, FeedPage, PreReview, Upload

T = TypeVar("T")
File = Path | str | tuple[str, bytes]
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request. ``sent``: httpx's keyword arguments beside method and path, the same at every attempt."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    sent: Mapping[str, Any] = field(default_factory=dict)


def submit(
    claim: Mapping[str, Any], files: Iterable[File], idempotency_key: str, *, respond_async: bool
) -> Call[PreReview]:
    headers = {"Idempotency-Key": idempotency_key}
    if respond_async:
        headers["Prefer"] = "respond-async"
    parts = [("claim", ("claim.json", json.dumps(claim).encode(), "application/json")), *evidence(files)]
    return Call("POST", "/v1/pre-reviews", _case, {"files": parts, "headers": headers})


def pre_check(claim: Mapping[str, Any]) -> Call[dict[str, Any]]:
    return Call("POST", "/v1/pre-checks", _json, {"json": dict(claim)})


def case(case_id: str) -> Call[PreReview]:
    return Call("GET", f"/v1/cases/{case_id}", _case)


def cases(filters: Mapping[str, Any], cursor: str | None) -> Call[CasePage]:
    asked = {name: value for name, value in filters.items() if value is not None}
    return Call("GET", "/v1/cases", _page, {"params": asked | ({"cursor": cursor} if cursor else {})})


def act(case_id: str, action: str, said: Mapping[str, Any], key: str | None, if_match: str | None) -> Call[PreReview]:
    """``action`` as in the path, e.g. ``accept-offer``; ``if_match``: refuse where the case has another ETag by now."""
    body = {name: value for name, value in said.items() if value is not None}
    return Call("POST", f"/v1/cases/{case_id}/{action}", _case, {"json": body, "headers": _write(key, if_match)})


def act_with_files(
    case_id: str,
    action: str,
    fields: Mapping[str, Any],
    files: Iterable[File],
    key: str | None,
    if_match: str | None,
) -> Call[PreReview]:
    said = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
    parts = [("details", ("details.json", said, "application/json")), *evidence(files)]
    sent = {"files": parts, "headers": _write(key, if_match)}
    return Call("POST", f"/v1/cases/{case_id}/{action}", _case, sent)


def status_page(case_id: str) -> Call[str]:
    return Call("GET", f"/v1/cases/{case_id}/status-page", lambda response: str(response.json()["url"]))


def events(batch: Sequence[Mapping[str, Any]]) -> Call[EventsRecorded]:
    return Call(
        "POST",
        "/v1/events",
        lambda response: EventsRecorded.from_json(response.json()),
        {"json": {"events": list(batch)}},
    )


def upload(name: str, lines: Sequence[bytes], from_line: int) -> Call[Upload]:
    sent = {"content": b"\n".join(lines), "params": {"from_line": from_line}, "headers": {"Content-Type": NDJSON}}
    return Call("POST", f"/v1/events/uploads/{name}", _upload, sent)


def upload_standing(name: str) -> Call[Upload]:
    return Call("GET", f"/v1/events/uploads/{name}", _upload)


def feed(after: int, limit: int, types: Sequence[str], wait: int) -> Call[FeedPage]:
    asked = {"after": after, "limit": limit, "types": ",".join(types), "wait": wait}
    return Call("GET", "/v1/feed", lambda response: FeedPage.from_json(response.json()), {"params": asked})


def document(path: str, **params: Any) -> Call[dict[str, Any]]:
    """A GET answered with a JSON object."""
    asked = {name: value for name, value in params.items() if value is not None}
    return Call("GET", path, _json, {"params": asked} if asked else {})


def evidence(files: Iterable[File]) -> list[Any]:
    return [("evidence", (name, data, "application/octet-stream")) for name, data in map(_loaded, files)]


def _write(key: str | None, if_match: str | None) -> dict[str, str]:
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return headers | ({"If-Match": if_match} if if_match else {})


def _case(response: httpx.Response) -> PreReview:
    replayed = response.headers.get("Idempotent-Replayed") == "true"
    return PreReview.from_json(response.json(), replayed=replayed, etag=response.headers.get("ETag"))


def _page(response: httpx.Response) -> CasePage:
    return CasePage.from_json(response.json())


def _upload(response: httpx.Response) -> Upload:
    return Upload.from_json(response.json())


def _json(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = response.json()
    return found


def _loaded(file: File) -> tuple[str, bytes]:
    if isinstance(file, tuple):
        return file
    path = Path(file)
    return path.name, path.read_bytes()
