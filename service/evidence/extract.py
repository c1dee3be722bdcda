"""Lines of one page to its fields. A field that is not on the page, or in doubt between two values, is absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from service.domain.evidence import Box, Field, FieldName, Gap, GapKind, Page, PageKind, Read
from service.evidence import money_fields, number_fields, text_fields, time_fields
from service.evidence.browser_frame import without_frame
from service.evidence.captions import as_printed, captioned
from service.evidence.card_terms import find_terms
from service.evidence.conversation import find_messages
from service.evidence.doubt import doubted
from service.evidence.empty_sections import is_of_an_empty_section
from service.evidence.gaps import find_gaps
from service.evidence.given_codes import records_an_order
from service.evidence.identity_card import find_identity, looks_like_a_card
from service.evidence.kinds import Signs, classify, is_message
from service.evidence.notice_pages import adds_to, is_its_record
from service.evidence.orders import several_orders, shows_one_order
from service.evidence.page_memory import forget_page
from service.evidence.payment_notices import of_an_order, the_notice
from service.evidence.platform_mark import find_mark
from service.evidence.prompts import Prompt, find_prompt, stands_alone
from service.evidence.rows import find_rows
from service.evidence.segments import overlap_x, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.slanted import as_slanted, levelled, slope_of
from service.evidence.status_bar import find_clock
from service.evidence.turned import as_it_came, quarters_turned, upright
from service.evidence.vocabulary import status_text

# Raise with every change that may read a page differently: certificates and replay compare it.
EXTRACTOR_VERSION = "9"
# A page of an app has some forty, a long capture or a desktop's table some hundreds; rules compare lines with lines.
MOST_LINES = 500
# What the reader saw with less certainty is not on the page as far as anybody can tell.
LEAST_SCORE = 0.5


def extract(outcome: Read, *, as_of: date | None = None, identity_key: bytes | None = None) -> Page:
    """The kind and fields of a page that was read. ``as_of`` (local date) gives dates without a year theirs.

    Of a page with more than MOST_LINES nothing is taken: it is several pages, or was made to take long.
    ``identity_key``: the platform's, for the digests of an identity card. See redaction for what may be kept.
    """
    try:
        return _page(outcome, as_of, identity_key)
    finally:
        forget_page()


def _page(outcome: Read, as_of: date | None, identity_key: bytes | None) -> Page:
    if len(outcome.lines) > MOST_LINES:
        return _too_much([line.text for line in outcome.lines])
    if quarters_turned(outcome):
        return as_it_came(_page(upright(outcome), as_of, identity_key), outcome)
    if slope := slope_of(outcome.lines):
        return as_slanted(_understood(levelled(outcome, slope), as_of, identity_key), outcome, slope)
    return _understood(outcome, as_of, identity_key)


def _understood(outcome: Read, as_of: date | None, identity_key: bytes | None) -> Page:
    sheet = without_frame(Sheet(outcome.lines, Box(0, 0, outcome.image.width, outcome.image.height)))
    if not sheet.segments:
        return Page(kind=PageKind.UNKNOWN, fields={})
    if swapped := captioned(sheet):
        return as_printed(_of_sheet(Sheet(swapped.lines, sheet.bounds), outcome, as_of, identity_key), swapped)
    return _of_sheet(sheet, outcome, as_of, identity_key)


def _of_sheet(sheet: Sheet, outcome: Read, as_of: date | None, identity_key: bytes | None) -> Page:
    prompt = find_prompt(sheet.segments, sheet.unit)
    prompt = None if prompt and is_of_an_empty_section(prompt, sheet) else prompt
    big = money_fields.big_amount(sheet)
    several = several_orders(sheet)
    signs = Signs(
        several_orders=several,
        big_amount=big is not None,
        negative_amount=big is not None and big.amount.sign < 0,
        prompt=prompt.pieces if prompt and not prompt.topic else (),
    )
    kind = classify(sheet, signs)
    if prompt and prompt.topic:
        # A guess at a cause makes no page a message; it may only name what a message says.
        alone = kind is PageKind.UNKNOWN and stands_alone(prompt)
        prompt = prompt if alone or kind is PageKind.PROMPT else None
        kind = PageKind.PROMPT if prompt else kind
    message = the_notice(sheet, as_of)
    notice = message.fields if message else ()
    told = message is not None and is_its_record(sheet, kind, message, outcome.image)
    if told:
        kind = PageKind.PAYMENT  # a bank's message is its record of the payment
    clock = find_clock(sheet, outcome.image)
    if kind is PageKind.IDENTITY:
        fields = _surely([clock])
        gaps = find_gaps(sheet, kind, fields, outcome.image)
        return Page(kind=kind, fields=fields, identity=find_identity(sheet, identity_key), gaps=gaps)
    if several:
        # Nobody can tell from the page alone whose row is meant.
        return Page(kind=kind, fields={}, rows=find_rows(sheet, outcome.image, as_of))
    # A list that shows one order only is read as that order's page.
    manner = PageKind.ORDER if kind is PageKind.LIST and shows_one_order(sheet) else kind
    found = [
        *number_fields.find(sheet, manner),
        *money_fields.find(sheet, manner, big),
        *time_fields.find(sheet, manner, as_of),
        *text_fields.find(sheet, manner, big),
    ]
    if told:
        found = [*notice, *(field for field in found if message and adds_to(field, message, sheet.unit))]
        if all(field.name is not FieldName.ORDER_NUMBER for field in found):
            numbers = number_fields.find(sheet, PageKind.CHAT)
            found += [doubted(one, "of another message") for one in numbers if one.name is FieldName.ORDER_NUMBER]
    elif kind is PageKind.PAYMENT:
        shown = {field.name for field in found}
        found += [field for field in notice if field.name not in shown]
    elif kind in (PageKind.ORDER, PageKind.DELIVERY):
        shown = {field.name for field in found}
        sentence = [field for field in of_an_order(sheet, message) if field.name not in shown]
        found += [doubted(field, "told in a sentence of an order's page") for field in sentence]
    rows = find_rows(sheet, outcome.image, as_of) if kind is PageKind.LIST and manner is kind else ()
    of_rows = [field for row in rows for field in row.fields.values()]
    if kind is PageKind.DELIVERY and records_an_order(sheet):
        prompt = None  # what lies over such a page makes it a message; the rest tells how to use the code
    if prompt and not _is_state(prompt, [*found, *of_rows], kind) and (kind is not PageKind.CHAT or is_message(sheet)):
        said = _prompt_field(prompt)
        beside = kind in _RECORDS and not prompt.over_its_page
        found.append(doubted(said, "it stands among what is recorded") if beside else said)
    if kind is PageKind.CHAT:
        found = [field for field in found if field.name in _SAID_IN_TALK]
    fields = _surely([*found, *find_terms(sheet, kind, as_of), find_mark(sheet, kind, found), clock])
    return Page(
        kind=kind,
        fields=fields,
        rows=rows,
        messages=find_messages(sheet, outcome.image, as_of) if kind is PageKind.CHAT else (),
        gaps=find_gaps(sheet, kind, fields, outcome.image),
    )


def _too_much(texts: Sequence[str]) -> Page:
    kind = PageKind.IDENTITY if looks_like_a_card(texts) else PageKind.UNKNOWN  # for what may be kept of it
    return Page(kind=kind, fields={}, gaps=(Gap(kind=GapKind.SEVERAL_PAGES),))


def _surely(found: Iterable[Field | None]) -> dict[FieldName, Field]:
    return {field.name: field for field in found if field and field.score >= LEAST_SCORE}


def _is_state(prompt: Prompt, found: list[Field], kind: PageKind) -> bool:
    """充值失败 as an order's state is its status; a message would say it anywhere else."""
    if kind not in _RECORDS:
        return False
    if not prompt.over_its_page and status_text(prompt.text) is not None:
        return True
    states = [field.box for field in found if field.name is FieldName.STATUS]
    return any(same_row(piece.box, box) and overlap_x(piece.box, box) > 0 for piece in prompt.pieces for box in states)


# What is said in a conversation is a claim, not a record; only the number of what they talk about is taken from it.
_SAID_IN_TALK = frozenset({FieldName.ORDER_NUMBER, FieldName.ERROR_PROMPT})


_RECORDS = frozenset({PageKind.ORDER, PageKind.PAYMENT, PageKind.DELIVERY, PageKind.LIST})


def _prompt_field(prompt: Prompt) -> Field:
    box: Box = union(piece.box for piece in prompt.pieces)
    return Field(
        name=FieldName.ERROR_PROMPT,
        value=prompt.code.value,
        text=prompt.text,
        score=prompt.score,
        box=box,
        rule="words of a message" if prompt.by_words else "prompt lexicon",
        note=prompt.note,
    )
