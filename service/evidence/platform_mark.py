"""Whose page it is: a watermark, a seal, a footer that names the provider, or the name in the title bar."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.evidence import Field, PageKind
from service.evidence.mark_headings import (
    beside_a_documents_title,
    letterhead,
    on_the_card,
    over_a_slip,
    over_its_claim,
    sender_of_a_card,
    service_account,
    titled,
)
from service.evidence.mark_mail import folders, over_the_reader, sender
from service.evidence.mark_policies import of_its_policies, on_a_banner, over_its_facts, over_its_task
from service.evidence.mark_repeats import seal, watermark
from service.evidence.mark_sayings import counter, footer, issuer, maker, support_foot
from service.evidence.sheet import Sheet


def find_mark(sheet: Sheet, kind: PageKind, found: Sequence[Field]) -> Field | None:
    """The platform's mark, the strongest first: a watermark, a seal, a footer, the title bar.

    ``found``: the page's other fields; what stands in a cropped page's first row may be its payee or goods.
    """
    if kind is PageKind.IDENTITY:
        return None
    taken = {field.box for field in found}
    return (
        watermark(sheet)
        or seal(sheet)
        or issuer(sheet, taken)
        or sender(sheet)
        or over_the_reader(sheet)
        or counter(sheet)
        or (None if kind is PageKind.PROMPT else beside_a_documents_title(sheet, taken))
        or footer(sheet)
        or letterhead(sheet, taken)
        or over_a_slip(sheet, taken)
        # What heads a mail program's page is the program's.
        or (None if folders(sheet) else titled(sheet, kind, taken))
        or on_the_card(sheet, kind, found)
        or service_account(sheet, taken)
        or sender_of_a_card(sheet, kind, taken)
        or over_its_claim(sheet, taken)
        or over_its_facts(sheet, kind, taken)
        or on_a_banner(sheet, taken)
        or over_its_task(sheet, taken)
        or support_foot(sheet, taken)
        or of_its_policies(sheet, taken)
        or maker(sheet)
    )
