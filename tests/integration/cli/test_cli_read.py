"""`prereview read`: the JSON contract, one line an image, and exit codes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from running_service import SCREENS, Site

KEYS = {"file", "status", "reason", "page", "fields", "lines", "signals", "ms"}
# There only where there is something to say.
SOMETIMES = {"detail", "rows", "messages", "identity", "gaps", "hints"}
PAGES = {"order", "payment", "prompt", "chat", "list", "delivery", "identity", "unknown"}


@pytest.fixture(scope="module")
def documents(site: Site, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A page, a blank picture, a truncated one and a missing one, read by one command without any database."""
    folder = tmp_path_factory.mktemp("pictures")
    blank = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(blank, "PNG")
    (folder / "blank.png").write_bytes(blank.getvalue())
    (folder / "cut.jpg").write_bytes((SCREENS / "0003-order_cards.jpg").read_bytes()[:-3000])
    files = [SCREENS / "0003-order_cards.jpg", folder / "blank.png", folder / "cut.jpg", folder / "none.png"]
    done = site.command("read", *map(str, files), "--json", PREREVIEW_DATABASE_URL="postgresql://nobody@127.0.0.1:9/x")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(files)
    found = [json.loads(line) for line in lines]
    assert [Path(item["file"]) for item in found] == files
    return found


def test_every_image_has_the_same_keys(documents: list[dict[str, Any]]) -> None:
    for document in documents:
        assert set(document) - SOMETIMES == KEYS
        assert all(document[name] for name in set(document) & SOMETIMES - {"detail"})
        assert ("detail" in document) == (document["status"] == "failed")
        assert document["page"] in PAGES
        assert document["ms"]["total"] >= 0
    assert [item["status"] for item in documents] == ["read", "empty", "failed", "failed"]
    assert [item["reason"] for item in documents[:2]] == [None, None]
    assert documents[2]["reason"] in {"truncated", "damaged"}
    assert documents[3]["reason"] == "missing_file"


def test_a_page_has_fields_with_value_text_score_and_box(documents: list[dict[str, Any]]) -> None:
    page = documents[0]
    truth = json.loads((SCREENS / "truth.json").read_text())
    fields = page["fields"]
    assert page["page"] == "order"
    for field in fields.values():
        assert set(field) - {"rule", "note"} == {"value", "text", "score", "box"}
        x0, y0, x1, y1 = field["box"]
        assert 0 <= x0 <= x1 <= page["signals"]["width"]
        assert 0 <= y0 <= y1 <= page["signals"]["height"]
        assert 0 <= field["score"] <= 1
    for line in page["lines"]:
        assert set(line) - {"other"} == {"text", "score", "box"}
    assert isinstance(fields["amount"]["value"], int)
    assert fields["order_number"]["value"] in json.dumps(truth, ensure_ascii=False)
    assert fields["ordered_at"]["value"] == "2026-01-06T13:27:09"  # local time as printed, no zone


def test_failed_and_empty_images_have_no_fields_and_no_lines(documents: list[dict[str, Any]]) -> None:
    for document in documents[1:]:
        assert (document["fields"], document["lines"]) == ({}, [])


def test_people_get_a_table_and_success(site: Site) -> None:
    done = site.command("read", str(SCREENS / "0003-order_cards.jpg"))
    assert done.returncode == 0, done.stderr
    assert "order_number" in done.stdout
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout.splitlines()[0])


def test_an_archive_gives_a_line_for_each_file_in_it(site: Site, tmp_path: Path) -> None:
    page = SCREENS / "0003-order_cards.jpg"
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(page, "sent/order.jpg")
        archive.writestr("note.txt", "please")
    (tmp_path / "cut.zip").write_bytes((tmp_path / "all.zip").read_bytes()[:-40])
    done = site.command("read", str(tmp_path / "all.zip"), str(tmp_path / "cut.zip"), "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(each["file"]).name, each["status"], each["reason"]) for each in found] == [
        ("order.jpg", "read", None),
        ("note.txt", "failed", "unsupported_type"),
        ("cut.zip", "failed", "archive_refused"),
    ]


def test_wrong_usage_and_wrong_settings_have_their_own_codes(site: Site) -> None:
    assert site.command("read").returncode == 2
    broken = site.command("read", "x.png", PREREVIEW_PORT="many")
    assert broken.returncode == 3
    assert "port" in broken.stderr
    assert "Traceback" not in broken.stderr


def test_lists_and_conversations_say_more(site: Site) -> None:
    pages = [str(SCREENS / "0013-order_list_phone.png"), str(SCREENS / "0014-support_chat.jpg")]
    done = site.command("read", *pages, "--json", "--as-of", "2026-11-21")
    orders, talk = map(json.loads, done.stdout.splitlines())
    assert orders["fields"] == {}
    assert len(orders["rows"]) >= 2
    assert all({"amount", "product", "ordered_at"} <= set(row["fields"]) for row in orders["rows"])
    assert {"self", "other"} <= {message["speaker"] for message in talk["messages"]}
    assert set(talk["messages"][0]) == {"speaker", "name", "said_at", "text", "promises_refund", "box"}
