"""What was read, as the JSON the read contract promises."""

from __future__ import annotations

from typing import Any

from service.domain.evidence import Box, Failed, Page, PageKind, Read, ReadOutcome


def box_list(box: Box) -> list[float]:
    """[x0, y0, x1, y1] in pixels of the original image, to a tenth."""
    return [round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1)]


def fields_document(page: Page | None) -> dict[str, Any]:
    """The fields of a page by name; a field that is not on the page is absent."""
    if page is None:
        return {}
    return {
        name.value: {
            "value": field.value,
            "text": field.text,
            "score": round(field.score, 4),
            "box": box_list(field.box),
            **({"rule": field.rule} if field.rule else {}),
        }
        for name, field in page.fields.items()
    }


def reading_document(outcome: ReadOutcome, page: Page | None) -> dict[str, Any]:
    """One image's reading: status, reason, page, fields, lines, signals, ms."""
    document: dict[str, Any] = {
        "status": outcome.status,
        "reason": outcome.reason.value if isinstance(outcome, Failed) else None,
        "page": (page.kind if page else PageKind.UNKNOWN).value,
        "fields": fields_document(page),
        "lines": [],
        "signals": {},
        "ms": {},
    }
    if isinstance(outcome, Failed):
        document["detail"] = outcome.detail
        return document
    image = outcome.image
    document["signals"] = {
        "media_type": image.media_type,
        "width": image.width,
        "height": image.height,
        "perceptual_hash": image.perceptual_hash,
        **image.signals,
    }
    document["ms"] = {stage: round(value, 2) for stage, value in image.ms.items()}
    if isinstance(outcome, Read):
        document["lines"] = [
            {"text": line.text, "score": round(line.score, 4), "box": box_list(line.box)} for line in outcome.lines
        ]
    return document
