from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.errors import BundleRefused, ConfigurationError, NotFound
from service.scoring import Action, Champion, Shadow, Versions
from service.scoring.format import CHAMPION, RECORD, RISK_ONNX, SHADOW

Write = Callable[..., Path]
AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def versions(write_bundle: Write) -> Versions:
    for name in ("v1", "v2", "v3"):
        write_bundle(name, version=name)
    return Versions(write_bundle("v4", version="v4").parent)


def promote(versions: Versions, name: str) -> None:
    versions.promote(name, by="ana", approved_by="ben", at=AT, why=f"because of {name}", run="r-" + name)


def test_a_promotion_names_the_champion_and_is_recorded(versions: Versions) -> None:
    promote(versions, "v1")
    promote(versions, "v2")
    assert versions.champion == "v2"
    first, second = versions.record()
    assert (first.previous, second.previous) == (None, "v1")
    assert (second.action, second.version, second.by, second.approved_by) == (Action.PROMOTED, "v2", "ana", "ben")
    assert (second.at, second.why, second.run) == (AT, "because of v2", "r-v2")
    assert sorted(path.name for path in versions.folder.iterdir()) == [CHAMPION, RECORD, "v1", "v2", "v3", "v4"]


def test_rolling_back_twice_goes_back_twice(versions: Versions) -> None:
    for name in ("v1", "v2", "v3"):
        promote(versions, name)
    done = versions.rollback(by="cem", at=AT, why="losses")
    assert (versions.champion, done.previous, done.run) == ("v2", "v3", "r-v2")
    versions.rollback(by="cem", at=AT)
    assert versions.champion == "v1"
    with pytest.raises(NotFound, match="no champion before v1"):
        versions.rollback(by="cem", at=AT)
    assert versions.champion == "v1"
    promote(versions, "v4")
    assert versions.rollback(by="cem", at=AT).version == "v1"


def test_a_champion_older_than_the_record_can_be_gone_back_to(versions: Versions) -> None:
    (versions.folder / CHAMPION).write_text("v1\n")
    promote(versions, "v2")
    assert versions.rollback(by="cem", at=AT).version == "v1"


def test_a_crash_before_the_swap_leaves_the_way_back_right(versions: Versions) -> None:
    promote(versions, "v1")
    promote(versions, "v2")
    promote(versions, "v3")
    (versions.folder / CHAMPION).write_text("v2\n")  # as if the last swap had not happened
    assert versions.rollback(by="cem", at=AT).version == "v1"


def test_going_back_to_what_does_not_load_is_refused_and_changes_nothing(
    versions: Versions, write_bundle: Write
) -> None:
    promote(versions, "v1")
    promote(versions, "v2")
    write_bundle("v1", version="v1", files={RISK_ONNX: b"damaged"})
    with pytest.raises(BundleRefused, match=r"risk\.onnx"):
        versions.rollback(by="cem", at=AT)
    assert versions.champion == "v2"
    assert len(versions.record()) == 2
    versions.rollback(by="cem", at=AT, to="v3")
    assert versions.champion == "v3"


@pytest.mark.parametrize("name", ["../v1", "", "v9", "v1\nv2"])
def test_only_a_version_that_is_here_can_be_named(versions: Versions, name: str) -> None:
    with pytest.raises(BundleRefused):
        promote(versions, name)
    with pytest.raises(BundleRefused):
        versions.set_shadow(name, by="ana", at=AT)
    assert versions.champion is None
    assert versions.shadow is None


def test_a_damaged_record_is_not_guessed_at(versions: Versions) -> None:
    promote(versions, "v1")
    promote(versions, "v2")
    with (versions.folder / RECORD).open("a") as file:
        file.write("{half a line\n")
    with pytest.raises(ConfigurationError, match="no change"):
        versions.rollback(by="cem", at=AT)
    assert versions.champion == "v2"
    versions.rollback(by="cem", at=AT, to="v1")  # who knows where to is not kept from it
    assert versions.champion == "v1"


def test_half_a_line_of_a_crash_spoils_nothing(versions: Versions) -> None:
    promote(versions, "v1")
    promote(versions, "v2")
    with (versions.folder / RECORD).open("a") as file:
        file.write('{"at":"2026-11-22T00:00:00Z","acti')
    assert len(versions.record()) == 2
    promote(versions, "v3")
    assert [one.version for one in versions.record()] == ["v1", "v2", "v3"]
    assert versions.rollback(by="cem", at=AT).version == "v2"


def test_changes_at_once_are_recorded_one_after_the_other(versions: Versions) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: promote(versions, name), ["v1", "v2", "v3", "v4"] * 3))
    record = versions.record()
    assert len(record) == 12
    assert [one.previous for one in record[1:]] == [one.version for one in record[:-1]]
    assert versions.champion == record[-1].version


def test_the_shadow_comes_and_goes_without_touching_the_champion(versions: Versions) -> None:
    promote(versions, "v1")
    shadow = Shadow(versions.folder)
    assert shadow.current() is None
    assert shadow.problem is None
    versions.set_shadow("v2", by="ana", at=AT)
    assert shadow.stale
    assert shadow.reload()
    bundle = shadow.current()
    assert bundle is not None
    assert bundle.version == "v2"
    assert not shadow.stale
    versions.set_shadow(None, by="ana", at=AT)
    assert shadow.stale
    assert shadow.reload()
    assert shadow.current() is None
    assert not (versions.folder / SHADOW).exists()
    assert versions.champion == "v1"


def test_a_champion_knows_when_to_look_again(versions: Versions, monkeypatch: pytest.MonkeyPatch) -> None:
    promote(versions, "v1")
    champion = Champion(versions.folder)
    assert champion.stale
    champion.current()
    assert not champion.stale
    promote(versions, "v1")  # the same version exported anew: its certificate may be another
    assert champion.stale
    assert champion.reload()
    (versions.folder / CHAMPION).write_text("v9\n")
    assert champion.stale
    assert not champion.reload()
    assert not champion.stale
    monkeypatch.setattr("service.scoring.champion.RETRY_SECONDS", 0.0)
    assert champion.stale  # its folder may have been on the way
