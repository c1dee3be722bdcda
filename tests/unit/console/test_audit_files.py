"""Files of the audit trail: no spreadsheet runs a cell, and a file that was cut says so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from service.console.audit_desk.asked import asked, position_of, position_text
from service.console.audit_desk.files import csv_file, defused, json_file
from service.domain.actors import Actor, ActorKind
from service.domain.errors import InvalidRequest
from service.review.trail_desk import AuditEntry, TrailPosition

AT = datetime(2026, 11, 21, 9, 31, 0, 123456, tzinfo=UTC)


async def entries(count: int) -> AsyncIterator[AuditEntry]:
    for number in range(count):
        yield AuditEntry(
            id=number, actor=Actor(ActorKind.PERSON, "@SUM(1)"), action="case.reject", subject="case:1",
            at=AT + timedelta(seconds=number), details_sha256="0" * 64, reason="\t=1+1", before=None,
            after={"state": "rejected"}, position=number + 1,
        )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u3000＠x", "\ufeff=1"]
)
def test_what_would_be_computed_is_shown(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "2026-11-21", "'x", "退款"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


async def test_every_cell_is_harmless_and_a_cut_file_names_where_to_go_on() -> None:
    whole = b"".join([part async for part in csv_file(entries(450), most=1_000)])
    table = list(csv.reader(io.StringIO(whole.decode("utf-8-sig"))))
    assert len(table) == 451
    assert table[1][4] == "'@SUM(1)"
    assert table[1][7] == "'\t=1+1"
    cut = b"".join([part async for part in csv_file(entries(3), most=3)]).decode("utf-8-sig")
    assert "2026-11-21T09:31:02.123456Z" in cut.splitlines()[-1]


async def test_json_is_one_document_however_it_is_streamed() -> None:
    parts = [part async for part in json_file(entries(450), 450, {"platform": "acme"})]
    assert len(parts) > 2
    data = json.loads(b"".join(parts))
    assert (data["platform"], data["count"], data["complete"]) == ("acme", 450, False)
    assert data["goes_on_from"] == data["entries"][-1]["at"]
    nothing = json.loads(b"".join([part async for part in json_file(entries(0), 450, {})]))
    assert (nothing["entries"], nothing["complete"]) == ([], True)


def test_days_are_the_platforms_and_the_last_is_included() -> None:
    found = asked({"since": "2026-11-21", "until": "2026-11-21"}, "Asia/Shanghai")
    assert found.since == datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert found.until == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert found.bounded
    wrong = asked({"since": "2026-11-22", "until": "2026-11-21"}, "Asia/Shanghai")
    assert wrong.wrong == {"until": "before_since"}
    assert asked({"since": "9999-12-31", "until": "0001-01-01"}, "Asia/Shanghai").wrong.keys() == {"since", "until"}


def test_a_place_in_the_trail_survives_its_address() -> None:
    place = TrailPosition(AT, 7)
    assert position_of(position_text(place)) == place
    assert position_of("") is None
    for text in ("x", "1", "1-", "-", "9" * 30 + "-1", "1-" + "9" * 30, "1--1"):
        with pytest.raises(InvalidRequest):
            position_of(text)
