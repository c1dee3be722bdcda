"""The chain's format, which must stay as it is while anybody keeps a checkpoint; and where those are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest

from service.domain.errors import BadRequest, NotFound
from service.domain.trail import (
    Checkpoint,
    FieldClass,
    TrailEntry,
    changed_classes,
    checkpoint_of,
    field_checks,
    first_previous,
    link,
)
from service.store import CheckpointFiles, CheckpointKey, PublicKey, RetentionRule, kept_outside

AT = datetime(2026, 3, 2, 4, 0, 0, 123456, tzinfo=UTC)
ENTRY = TrailEntry(
    id=7, actor_kind="person", actor_name="cli:lin", action="case.approve", subject="case:1", at=AT,
    details_sha256="ab" * 32, reason="日志如此", before={"state": "in_review"},
    after={"state": "approved", "minor": 3000},
)  # fmt: skip
CHECKPOINT = Checkpoint(platform_id="acme", position=1, entry_sha256="cd" * 32, at=AT, key_id="")


def test_hashes_and_signatures_are_those_of_the_first_version() -> None:
    linked = link("acme", ENTRY, 1, first_previous("acme"))
    assert linked.previous.hex() == "6b1317637911cdaa93d38a971dbe295b7f5c178a2986c5c43fb1c667e37391df"
    assert linked.hash.hex() == "dfa5b9b5ef620470fef78aa99684dfd7c634c2f5015aa218e309f9c3347b8315"
    signed = CheckpointKey(b"secret").sign(CHECKPOINT)
    assert signed.key_id == "b09c0a719b5eebfe"
    assert signed.signature.startswith("11b99e2fe5f0363c6b48de15bfcde330")


def test_a_moment_is_hashed_as_such_whatever_zone_it_is_written_in() -> None:
    shifted = replace(ENTRY, at=AT.astimezone(timezone(timedelta(hours=8))))
    assert link("acme", shifted, 1, b"") == link("acme", ENTRY, 1, b"")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"actor_kind": "job"}, {FieldClass.WHO}), ({"action": "x"}, {FieldClass.WHAT}),
        ({"id": 8}, {FieldClass.PLACE}),
        ({"at": AT + timedelta(seconds=1)}, {FieldClass.WHEN}), ({"reason": None}, {FieldClass.WHY}),
        ({"before": None}, {FieldClass.BEFORE}), ({"after": {}}, {FieldClass.AFTER}),
        ({"details_sha256": ""}, {FieldClass.DETAILS}),
        ({"reason": "", "before": 1}, {FieldClass.WHY, FieldClass.BEFORE}),
    ],
)  # fmt: skip
def test_what_was_changed_is_told_by_class(changes: dict[str, object], expected: set[FieldClass]) -> None:
    stored = field_checks("acme", ENTRY, 1)
    assert set(changed_classes(stored, field_checks("acme", replace(ENTRY, **changes), 1))) == expected
    assert link("acme", replace(ENTRY, **changes), 1, b"").hash != link("acme", ENTRY, 1, b"").hash
    assert changed_classes(b"", stored) == ()


def test_no_place_nor_platform_has_another_s_hash() -> None:
    hashes = {link(name, ENTRY, at, first_previous(name)).hash for name in ("acme", "other") for at in (1, 2)}
    assert len(hashes) == 4


def test_a_checkpoint_survives_its_line_and_its_key_the_pem() -> None:
    signed = CheckpointKey(b"secret").sign(CHECKPOINT)
    read = checkpoint_of(orjson.loads(signed.line()))
    public = PublicKey.from_pem(CheckpointKey(b"secret").public.pem().encode())
    assert read == signed
    assert public.signed(read)
    assert not public.signed(replace(read, position=2))
    assert not PublicKey.from_pem(CheckpointKey(b"other").public.pem().encode()).signed(read)
    with pytest.raises(BadRequest):
        PublicKey.from_pem(b"no key")


async def test_object_storage_keeps_an_object_for_each() -> None:
    files, key = CheckpointFiles("memory://trail-checkpoints"), CheckpointKey(b"secret")
    signed = [key.sign(replace(CHECKPOINT, position=position)) for position in (5, 1_000, 20)]
    for each in (*signed, signed[0]):
        await files.add(each)
    kept = list(kept_outside("memory://trail-checkpoints"))
    assert [one.checkpoint.position for one in kept if one.checkpoint] == [5, 20, 1_000]
    with pytest.raises(NotFound):
        list(kept_outside("memory://trail-nothing"))


def test_a_platform_s_own_days_come_first() -> None:
    rule = RetentionRule({"identity": 30, "default": 365, "acme:identity": 7, "acme:default": 90, "acme:chat": 0})
    assert [rule.of("acme", kind) for kind in ("identity", "chat", "order")] == [7, 0, 90]
    assert [rule.of("other", kind) for kind in ("identity", "chat")] == [30, 365]
    assert (rule.terms("acme"), rule.terms("other")) == ((7, 30, 90, 365), (30, 365))
    assert RetentionRule({}).of("acme", "order") == 0
