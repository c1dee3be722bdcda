"""One hierarchy of errors. Each class has a stable ``type`` slug, an HTTP status and says what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class PrereviewError(Exception):
    """Base of every error we raise on purpose. ``detail`` is a sentence; ``extra`` goes into the problem document."""

    type: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"
    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, extra: Mapping[str, Any] | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = dict(extra or {})
        self.retry_after = retry_after


class BadRequest(PrereviewError):
    type, title, status = "bad-request", "The request cannot be understood", 400


class InvalidRequest(PrereviewError):
    """Something other than a claim does not fit its schema; ``extra["errors"]`` lists {"path", "message"}."""

    type, title, status = "invalid-request", "The request has errors", 422


class InvalidPolicyText(InvalidRequest):
    """A policy sent to us has errors; ``extra["errors"]`` lists {"line", "path", "message"}, line None: not of one."""

    type, title = "invalid-policy-text", "The policy has errors"


class InvalidClaim(PrereviewError):
    type, title, status = "invalid-claim", "The claim has errors", 422


class Unauthenticated(PrereviewError):
    type, title, status = "unauthenticated", "A valid API key is needed", 401


class Forbidden(PrereviewError):
    type, title, status = "forbidden", "This key may not do that", 403


class SignInRefused(PrereviewError):
    """One sentence for every cause, so that it does not tell which logins exist."""

    type, title, status = "sign-in-refused", "Signing in did not work", 401


class SignInWaits(PrereviewError):
    """Too many attempts failed; ``retry_after`` says for how long none is looked at."""

    type, title, status = "sign-in-waits", "Too many attempts failed", 429


class NotFound(PrereviewError):
    type, title, status = "not-found", "There is no such thing here", 404


class Conflict(PrereviewError):
    type, title, status = "conflict", "This contradicts what is already stored", 409


class IllegalMove(Conflict):
    """The case cannot go there from where it is, or not by this party; the sentence names what is possible."""

    type, title = "illegal-move", "The case cannot do that now"


class RefundLocked(Conflict):
    """A refund or dispute elsewhere, or other grants, stand against giving the order's money back."""

    type, title = "refund-locked", "The payment is locked for refunds"


class StaleWrite(Conflict):
    """The case has changed since the caller read it; ``extra`` has its ``state`` and ``version`` now."""

    type, title = "stale-write", "The case has changed meanwhile"


class DecisionHeld(Conflict):
    """A decision waits on the case and can still be taken back; ``extra`` has ``held_by`` and ``held_until``."""

    type, title = "decision-held", "Somebody has just decided this case"


class IdempotencyKeyReused(Conflict):
    type, title = "idempotency-key-reused", "This Idempotency-Key was used for another request"


class RequestInFlight(Conflict):
    type, title = "request-in-flight", "A request with this Idempotency-Key is still being answered"


class TooLarge(PrereviewError):
    type, title, status = "too-large", "The request is larger than allowed", 413


class Unavailable(PrereviewError):
    type, title, status = "unavailable", "The service cannot answer right now", 503


class ConfigurationError(PrereviewError):
    """The deployment is not set up right; the message says how to mend it."""

    type, title, status = "configuration", "The service is not set up right", 500


class InvalidPolicy(ConfigurationError):
    type, title = "invalid-policy", "The policy has errors"


class BundleRefused(ConfigurationError):
    type, title = "bundle-refused", "The risk bundle cannot be used"
