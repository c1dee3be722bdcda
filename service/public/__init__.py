"""Pages for buyers, without a key: what a platform's policy says, how a case stands, and how to reach a person.

A third face beside REST and console: HTML that works without scripts, in zh and en, on a phone and on a desk. It calls
use cases and knows no table.
"""

from __future__ import annotations

from starlette.applications import Starlette

from service.public.app import create_public
from service.public.case_page import case_routes
from service.public.pages import Pages
from service.public.policy_page import policy_routes
from service.review.buyer_desk import BuyerDesk
from service.review.policies import PolicyDesk

__all__ = ["create_public", "public_pages"]


def public_pages(policies: PolicyDesk, buyers: BuyerDesk) -> Starlette:
    """All pages, to be mounted at /public."""
    pages = Pages()
    return create_public(*policy_routes(policies, pages), *case_routes(buyers, pages), pages=pages)
