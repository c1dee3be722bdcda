"""What a page holds beside its fields, held against its truth: marks and terms, a list's rows, messages, identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from service.domain.evidence import Box, Message, OrderRow, Page
from service.evidence.identity_card import canonical_name, canonical_number, digest, mask_name
from training.screens.compare import Finding, Verdict, plain, same

# The names of what is measured here. A list's rows and a conversation's messages count one each.
EXTRAS = ("clock", "platform_mark", "face_value", "valid_until")
CONTENT = (*EXTRAS, "list_row", "message", "promise", "identity_number", "identity_name", "identity_validity")
# Digests are made and compared under this key.
KEY = b"evaluation"
_SPEAKERS = {"buyer": "self", "support": "other", "system": "system"}
# Texts of messages agree from this likeness (0-100) on: who said it is measured, not the reader's characters.
_SAME_WORDS = 88.0


def content(file: str, truth: Mapping[str, Any], page: Page | None) -> Iterator[Finding]:
    """Findings of everything in CONTENT that the page shows whole or the reading reports."""
    if "extras" not in truth:
        return  # the small sample was labelled before these were
    yield from _extras(file, truth, page)
    yield from _rows(file, truth["orders"], page.rows if page else ())
    yield from _messages(file, truth["messages"], page.messages if page else ())
    yield from _identity(file, truth["extras"], page)


def _finding(
    file: str, field: str, verdict: Verdict, truth: str | int | None, read: str | int | None, score: float | None = None
) -> Finding:
    return Finding(file=file, field=field, verdict=verdict, truth=truth, read=read, score=score)


# --- marks and terms -----------------------------------------------------------------------------------------------


def _extras(file: str, truth: Mapping[str, Any], page: Page | None) -> Iterator[Finding]:
    """A list of several orders has no fields by contract. A mark that no truth names may still be one, such as a
    shop's name in the title bar, so none is counted as invented."""
    if truth["orders"]:
        return
    for name in EXTRAS:
        expected = truth["extras"].get(name, {}).get("value")
        field = next((one for key, one in page.fields.items() if key.value == name), None) if page else None
        value, score = (field.value, field.score) if field else (None, None)
        if expected is None and (value is None or name == "platform_mark"):
            continue
        if expected is None:
            verdict = Verdict.INVENTED
        elif value is None:
            verdict = Verdict.MISSED
        else:
            alike = plain(str(expected)) == plain(str(value)) if name == "platform_mark" else expected == value
            verdict = Verdict.RIGHT if alike else Verdict.WRONG
        yield _finding(file, name, verdict, expected, value, score)


# --- rows ----------------------------------------------------------------------------------------------------------


def _rows(file: str, orders: Sequence[Mapping[str, Any]], rows: Sequence[OrderRow]) -> Iterator[Finding]:
    """A row is right when all its facts that show are read, wrong when one is read as something else.

    The first and last order of a page may be cut at its edge: one that shows less than the others need not be taken.
    """
    most = max((len(order["fields"]) for order in orders), default=0)
    left = list(rows)
    for index, order in enumerate(orders):
        row = next((one for one in left if _holds(one.box, order["boxes"])), None)
        if row is not None:
            left.remove(row)
        elif index in (0, len(orders) - 1) and len(order["fields"]) < most:
            continue
        yield _row(file, order["fields"], row)
    for row in left:
        yield _finding(file, "list_row", Verdict.INVENTED, None, _told(row), None)


def _row(file: str, facts: Mapping[str, str | int], row: OrderRow | None) -> Finding:
    shown = "; ".join(str(value) for value in facts.values())
    if row is None:
        return _finding(file, "list_row", Verdict.MISSED, shown, None)
    read = {name.value: field for name, field in row.fields.items()}
    wrong = [name for name, value in facts.items() if name in read and not same(name, value, read[name].value)]
    missed = [name for name in facts if name not in read]
    verdict = Verdict.WRONG if wrong else Verdict.MISSED if missed else Verdict.RIGHT
    score = min((read[name].score for name in wrong), default=None)
    return _finding(file, "list_row", verdict, shown, _told(row), score)


def _holds(box: Box, boxes: Mapping[str, Sequence[float]]) -> bool:
    """Whether most of an order's facts stand within a row's box."""
    middles = [(edges[1] + edges[3]) / 2 for edges in boxes.values()]
    return sum(box.y0 <= middle <= box.y1 for middle in middles) > len(middles) / 2


def _told(row: OrderRow) -> str:
    return "; ".join(f"{name.value} {field.value}" for name, field in row.fields.items())


# --- messages ------------------------------------------------------------------------------------------------------


def _messages(file: str, spoken: Sequence[Mapping[str, Any]], messages: Sequence[Message]) -> Iterator[Finding]:
    """A message is right when its words are one message of the right speaker; a promise, when it is taken for one."""
    for truth in spoken:
        if truth.get("box") is None:
            continue
        found = next((one for one in messages if _same_words(truth["text"], one.text)), None)
        if found is None:
            verdict, read = Verdict.MISSED, None
        else:
            fits = found.speaker.value == _SPEAKERS[truth["who"]]
            verdict, read = (Verdict.RIGHT if fits else Verdict.WRONG), f"{found.speaker.value}: {found.text}"
        yield _finding(file, "message", verdict, f"{truth['who']}: {truth['text']}", read)
        promised = found is not None and found.promises_refund
        if truth["promise"] or promised:
            outcome = Verdict.INVENTED if not truth["promise"] else Verdict.RIGHT if promised else Verdict.MISSED
            yield _finding(file, "promise", outcome, truth["text"] if truth["promise"] else None, read)


def _same_words(first: str, second: str) -> bool:
    return fuzz.ratio(plain(first), plain(second)) >= _SAME_WORDS


# --- identity ------------------------------------------------------------------------------------------------------


def _identity(file: str, extras: Mapping[str, Any], page: Page | None) -> Iterator[Finding]:
    """By digest, so exactly; of a name the mask is shown."""
    card = page.identity if page else None
    number, name, term = (extras.get(f"identity_{part}", {}).get("value") for part in ("number", "name", "validity"))
    if number is not None:
        right = card is not None and card.number_digest == digest(KEY, canonical_number(number))
        read = card.number_masked if card else None
        yield _finding(file, "identity_number", _verdict(right, read), number, read)
    if name is not None:
        right = card is not None and card.name_digest == digest(KEY, canonical_name(name))
        read = card.name_masked if card else None
        yield _finding(file, "identity_name", _verdict(right, read), mask_name(name), read)
    if term is not None:
        starts, _, ends = term.partition("-")
        expected = f"{_iso(starts)} {_iso(ends)}"
        read = f"{card.valid_from} {card.valid_until}" if card and card.valid_until else None
        yield _finding(file, "identity_validity", _verdict(read == expected, read), expected, read)


def _iso(printed: str) -> str:
    return "long_term" if printed == "长期" else printed.replace(".", "-")


def _verdict(right: bool, read: str | None) -> Verdict:
    return Verdict.RIGHT if right else Verdict.WRONG if read is not None else Verdict.MISSED
