"""Render the demo's pages again: ``python -m training.screens.render_demo [OUT]``.

The layouts in ``demo_templates`` are used for nothing else; nothing is tuned on them.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from training.screens.browser import Camera, Screen, Shot
from training.screens.printing import environment

TEMPLATES = Path(__file__).parent / "demo_templates"
PAGES = Path(__file__).resolve().parents[2] / "service" / "demo" / "pages"
_OPTIONAL = ("discount", "trade_number", "recharged_account", "barcode", "title")


def encode(png: bytes, name: str, quality: int | None) -> bytes:
    """The picture as the file type its name asks for; PNG is reduced to a palette, as phones' optimisers do."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    if name.endswith(".png"):
        image.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    elif name.endswith(".webp"):
        image.save(out, "WEBP", quality=quality, method=6)
    else:
        image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def render_page(camera: Camera, page: Mapping[str, Any]) -> tuple[bytes, Shot]:
    """One page of pages.yaml: its file's bytes (``keep`` < 1 breaks the file off there) and what stands on it."""
    screen = Screen(**page["screen"])
    dressing = dict.fromkeys(_OPTIONAL) | {"lang": page.get("lang", "zh"), "minutes": page.get("minutes")}
    if page.get("font"):
        dressing["font"] = page["font"]
    facts = dressing | {"dark": screen.dark} | dict(page["with"]) | dict(page["fields"])
    html = environment(TEMPLATES).get_template(page["template"]).render(facts)
    shot = camera.shoot(html, screen)
    data = encode(shot.png, page["file"], page.get("quality"))
    return data[: int(len(data) * page.get("keep", 1))], shot


def truth(page: Mapping[str, Any], shot: Shot) -> dict[str, Any]:
    """What a reader should find: values, printed texts and boxes of the facts visible on the page."""
    if "keep" in page:
        return {"page": "unknown", "readable": False, "fields": {}, "texts": {}, "boxes": {}}
    values: dict[str, Any] = {}
    for name in shot.spots:
        value = page["fields"][name]
        values[name] = value[:16] if page.get("minutes") and name.endswith("_at") else value
    return {
        "page": page["page"],
        "readable": True,
        "fields": values,
        "texts": {name: spot.text for name, spot in shot.spots.items()},
        "boxes": {name: [round(edge, 1) for edge in spot.box] for name, spot in shot.spots.items()},
    }


def main(out: Path) -> None:
    """Render every page of pages.yaml into ``out`` with truth.json beside them."""
    pages = yaml.safe_load((TEMPLATES / "pages.yaml").read_text("utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    truths: dict[str, Any] = {}
    with Camera() as camera:
        for page in pages:
            data, shot = render_page(camera, page)
            (out / page["file"]).write_bytes(data)
            truths[page["file"]] = truth(page, shot)
            print(f"{page['file']}  {len(data) / 1024:.0f} KB")
    (out / "truth.json").write_text(json.dumps(truths, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=PAGES)
    main(parser.parse_args().out)
