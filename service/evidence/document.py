"""What was read, as the JSON the read contract promises.

What only some pages have (rows, messages, identity, gaps, hints, a field's note, a line's other reading) is there only
where there is something to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.domain.evidence import (
    Box,
    Failed,
    Field,
    FieldName,
    Gap,
    Identity,
    Line,
    Message,
    Page,
    PageKind,
    Read,
    ReadOutcome,
    TamperHint,
)


def box_list(box: Box) -> list[float]:
    """[x0, y0, x1, y1] in pixels of the original image, to a tenth."""
    return [round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1)]


def fields_document(fields: Mapping[FieldName, Field]) -> dict[str, Any]:
    """Fields by name; a field that is not on the page is absent."""
    return {name.value: _field(field) for name, field in fields.items()}


def _field(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "text": field.text,
        "score": round(field.score, 4),
        "box": box_list(field.box),
        **_present(rule=field.rule, note=field.note),
    }


def page_document(page: Page) -> dict[str, Any]:
    """What a page has besides its fields: rows, messages, identity, gaps; each only where there is one."""
    return _present(
        rows=[{"fields": fields_document(row.fields), "box": box_list(row.box)} for row in page.rows],
        messages=[_message(message) for message in page.messages],
        identity=_identity(page.identity) if page.identity else None,
        gaps=[_gap(gap) for gap in page.gaps],
    )


def _message(message: Message) -> dict[str, Any]:
    return {
        "speaker": message.speaker.value,
        "name": message.name,
        "said_at": message.said_at,
        "text": message.text,
        "promises_refund": message.promises_refund,
        "box": box_list(message.box),
    }


def _identity(identity: Identity) -> dict[str, Any]:
    return {
        "side": identity.side,
        "name": identity.name_masked,
        "number": identity.number_masked,
        "name_digest": identity.name_digest,
        "number_digest": identity.number_digest,
        "number_valid": identity.number_valid,
        "valid_from": identity.valid_from,
        "valid_until": identity.valid_until,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "kind": gap.kind.value,
        "field": gap.field.value if gap.field else None,
        "edge": gap.edge.value if gap.edge else None,
        "box": box_list(gap.box) if gap.box else None,
    }


def hint_document(hint: TamperHint) -> dict[str, Any]:
    return {
        "kind": hint.kind.value,
        "strength": round(hint.strength, 4),
        "box": box_list(hint.box) if hint.box else None,
        "note": hint.note,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "score": round(line.score, 4),
        "box": box_list(line.box),
        **_present(other=line.other),
    }


def _present(**parts: Any) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part}


def reading_document(outcome: ReadOutcome, page: Page | None) -> dict[str, Any]:
    """One image's reading: status, reason, page, fields, lines, signals, ms, and what else the page has."""
    document: dict[str, Any] = {
        "status": outcome.status,
        "reason": outcome.reason.value if isinstance(outcome, Failed) else None,
        "page": (page.kind if page else PageKind.UNKNOWN).value,
        "fields": fields_document(page.fields) if page else {},
        "lines": [],
        "signals": {},
        "ms": {},
    }
    if isinstance(outcome, Failed):
        document["detail"] = outcome.detail
        return document
    document |= page_document(page) if page else {}
    image = outcome.image
    document |= _present(hints=[hint_document(hint) for hint in image.hints])
    document["signals"] = {
        "media_type": image.media_type,
        "width": image.width,
        "height": image.height,
        "perceptual_hash": image.perceptual_hash,
        **image.signals,
    }
    document["ms"] = {stage: round(value, 2) for stage, value in image.ms.items()}
    if isinstance(outcome, Read):
        document["lines"] = [_line(line) for line in outcome.lines]
    return document
