"""The truth beside a page: what a careful reader finds on it, and what the damage took away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from training.screens.browser import Shot
from training.screens.damage import Picture
from training.screens.draw import Drawing


def truth(drawing: Drawing, shot: Shot, picture: Picture, damage: str) -> dict[str, Any]:
    """The entry of truth.json for one file.

    fields {name: value}, texts {name: as printed}, boxes {name: [x0, y0, x1, y1] in pixels of the file}: what can be
    read. cut [name]: what was printed but is cropped or covered, wholly or partly; cut_fields {name: value} of it.
    unasked {name: value}: facts of the purchase that are printed where nobody need look for them, in a conversation.
    extras {name: {value, text, box}}: clock (HH:MM), platform_mark, face_value and list_price (fen), valid_until and
    delivered_at (ISO 8601, as fine as printed), identity_name, identity_number, identity_validity. orders: rows of a
    list page, [{fields, boxes}]. messages: what is said in a conversation, top to bottom, [{who: buyer|support|system,
    text, at, moment, promise, box, told}]; box None where the words do not show whole (or an older layout does not
    mark them), told: the time stands beside the words. as_of: the local day of the capture.
    layout, damage, language, held_out, dark, width, height.
    """
    printed = {*shot.spots, *shot.hidden}
    seen = {
        name: edges
        for name, edges in picture.boxes.items()
        # A value whose name is gone could be anything.
        if name in shot.spots and (label_of(name) not in printed or label_of(name) in picture.boxes)
    }
    gone = sorted(printed - seen.keys())
    fields = sorted(name for name in seen if name in drawing.values)
    cut = [name for name in gone if name in drawing.values]
    return {
        "page": drawing.layout.page,
        "fields": {name: drawing.values[name] for name in fields},
        "texts": {name: shot.spots[name].text for name in fields},
        "boxes": {name: _rounded(seen[name]) for name in fields},
        "cut": cut,
        "cut_fields": {name: drawing.values[name] for name in cut},
        "unasked": {
            name: drawing.values[name] for also in sorted(seen) if (name := also.removeprefix("also:")) != also
        },
        "extras": {
            name: {"value": drawing.extras[name], "text": shot.spots[name].text, "box": _rounded(seen[name])}
            for name in sorted(seen)
            if name in drawing.extras
        },
        "orders": _orders(drawing, seen),
        "messages": _messages(drawing, seen),
        "as_of": drawing.facts.captured_at.date().isoformat(),
        "layout": drawing.layout.name,
        "damage": damage,
        "language": drawing.language,
        "held_out": drawing.layout.held_out,
        "dark": drawing.screen.dark,
        "width": picture.image.width,
        "height": picture.image.height,
    }


def label_of(name: str) -> str:
    """How the place of a fact's printed name is called among the spots of a page."""
    return f"label:{name}"


def _orders(drawing: Drawing, seen: Mapping[str, Iterable[float]]) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for name, edges in seen.items():
        if not name.startswith("order:"):
            continue
        _, index, field = name.split(":")
        row = rows.setdefault(int(index), {"fields": {}, "boxes": {}})
        row["fields"][field] = drawing.orders[int(index)][field]
        row["boxes"][field] = _rounded(edges)
    ordered = [rows[index] for index in sorted(rows)]
    # As they stand on the page: an app's list may put the latest first.
    return sorted(ordered, key=lambda row: min(edges[1] for edges in row["boxes"].values()))


def _messages(drawing: Drawing, seen: Mapping[str, Iterable[float]]) -> list[dict[str, Any]]:
    return [
        {
            **message,
            "box": _rounded(seen[f"message:{index}:text"]) if f"message:{index}:text" in seen else None,
            "told": f"message:{index}:at" in seen,
        }
        for index, message in enumerate(drawing.messages)
    ]


def _rounded(edges: Iterable[float]) -> list[float]:
    return [round(edge, 1) for edge in edges]
