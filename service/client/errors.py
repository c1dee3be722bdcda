"""What can go wrong, as two exceptions: the service said no, or it could not be reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PrereviewProblem(Exception):
    """The service refused: an RFC 9457 problem.

    ``type`` is the stable name to branch on, e.g. ``invalid-claim``; ``detail`` says what to do; ``extra`` holds the
    problem's other members, such as ``errors``; ``request_id`` is what to name when asking the operator.
    """

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.type = str(document.get("type", "about:blank")).rpartition(":")[2]
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.request_id = document.get("request_id")
        self.retry_after = retry_after
        standard = {"type", "title", "status", "detail", "request_id"}
        self.extra = {name: value for name, value in document.items() if name not in standard}
        super().__init__(f"{status} {self.type}: {self.detail}")


class NotReached(Exception):
    """No answer after all attempts. The claim may or may not have arrived: send it again with the same key."""
