"""Lists of a platform's cases."""

from __future__ import annotations

from service.domain.listing import CaseFilter, CasePosition, CaseSummary
from service.review.requests import Caller
from service.store import CaseListing


class Listing:
    def __init__(self, cases: CaseListing) -> None:
        self._cases = cases

    async def cases(
        self, caller: Caller, wanted: CaseFilter, after: CasePosition | None, limit: int
    ) -> tuple[tuple[CaseSummary, ...], CasePosition | None]:
        """The caller's own platform's cases, newest first, and the position to go on after (None: that was all)."""
        return await self._cases.page(caller.platform_id, wanted, after, limit)
