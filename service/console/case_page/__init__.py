"""The case page: everything a reviewer needs in one look. View models here, templates in ``templates/case``.

``case_page`` is pure: routes load the case, its policy and what is around it, and hand them over.
"""

from __future__ import annotations

from service.console.case_page.page import CasePage, MovedOn, case_page
from service.console.case_page.surroundings import RECHARGED_ACCOUNT, Fault, LinkedAccount, Shared, Surroundings

__all__ = ["RECHARGED_ACCOUNT", "CasePage", "Fault", "LinkedAccount", "MovedOn", "Shared", "Surroundings", "case_page"]
