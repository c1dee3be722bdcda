"""Errors only an HTTP face can have; the rest of the hierarchy is in domain."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.domain.errors import BadRequest, Forbidden, PrereviewError


class MalformedJson(BadRequest):
    type, title = "malformed-json", "The JSON cannot be parsed"


class MalformedBody(BadRequest):
    type, title = "malformed-body", "The request's body cannot be parsed"


class BodyCutOff(BadRequest):
    type, title = "body-cut-off", "The request's body ended too early"


class IdempotencyKeyMissing(BadRequest):
    type, title = "idempotency-key-missing", "An Idempotency-Key header is needed"


class IdempotencyKeyInvalid(BadRequest):
    type, title = "idempotency-key-invalid", "The Idempotency-Key header cannot be used"


class PlatformMismatch(Forbidden):
    type, title = "platform-mismatch", "This key belongs to another platform"


class ScopeMissing(Forbidden):
    type, title = "scope-missing", "This key lacks the scope for that"


class UnsupportedMediaType(PrereviewError):
    type, title, status = "unsupported-media-type", "The body is of a type not taken here", 415


class BodyTooSlow(PrereviewError):
    type, title, status = "body-too-slow", "The request's body took too long to arrive", 408


class TooManyRequests(PrereviewError):
    """``headers``: what the refused key has left."""

    type, title, status = "too-many-requests", "This key has used up its requests for now", 429
    headers: Mapping[str, str] = MappingProxyType({})


class MethodNotAllowed(PrereviewError):
    type, title, status = "method-not-allowed", "This address does not take that method", 405
