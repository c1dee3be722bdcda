from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.scoring import Champion
from service.scoring.format import CHAMPION, RISK_ONNX

Write = Callable[..., Path]


def _name(folder: Path, version: str) -> None:
    (folder / CHAMPION).write_text(version + "\n", encoding="utf-8")


def test_loads_on_first_use(write_bundle: Write) -> None:
    risk = write_bundle("v1", version="v1").parent
    champion = Champion(risk)
    _name(risk, "v1")
    bundle = champion.current()
    assert bundle is not None
    assert bundle.version == "v1"
    assert champion.problem is None
    assert champion.current() is bundle


def test_swaps_on_reload_only(write_bundle: Write) -> None:
    risk = write_bundle("v1", version="v1").parent
    write_bundle("v2", version="v2")
    _name(risk, "v1")
    champion = Champion(risk)
    old = champion.current()
    _name(risk, "v2")
    assert champion.current() is old
    assert champion.reload()
    new = champion.current()
    assert new is not None
    assert new.version == "v2"


def test_keeps_the_old_one_when_the_new_one_is_refused(write_bundle: Write) -> None:
    risk = write_bundle("v1", version="v1").parent
    damaged = write_bundle("v2", version="v2", files={RISK_ONNX: b"damaged"})
    _name(risk, "v1")
    champion = Champion(risk)
    old = champion.current()
    _name(risk, "v2")
    assert not champion.reload()
    assert champion.current() is old
    assert champion.problem is not None
    assert "risk.onnx" in champion.problem
    write_bundle("v2", version="v2")
    assert damaged.exists()
    assert champion.reload()
    assert champion.problem is None


@pytest.mark.parametrize(
    ("pointer", "problem"),
    [
        (None, "no champion is named"),
        ("", "does not hold one version name"),
        ("../elsewhere", "does not hold one version name"),
        ("v1\nv2", "does not hold one version name"),
        ("v9", "there is no such folder"),
    ],
)
def test_without_a_usable_pointer_there_is_no_bundle(write_bundle: Write, pointer: str | None, problem: str) -> None:
    risk = write_bundle("v1", version="v1").parent
    if pointer is not None:
        _name(risk, pointer)
    champion = Champion(risk)
    assert champion.current() is None
    assert champion.problem is not None
    assert problem in champion.problem


def test_a_renamed_version_is_not_taken_for_another(write_bundle: Write) -> None:
    risk = write_bundle("v2", version="v1").parent
    _name(risk, "v2")
    champion = Champion(risk)
    assert champion.current() is None
    assert "its manifest says version v1" in (champion.problem or "")


def test_a_bundle_of_other_features_is_refused(write_bundle: Write) -> None:
    risk = write_bundle("v1", version="v1").parent
    _name(risk, "v1")
    champion = Champion(risk, feature_hash="0" * 64)
    assert champion.current() is None
    assert "other features" in (champion.problem or "")


def test_readers_never_see_a_gap_while_it_swaps(write_bundle: Write) -> None:
    risk = write_bundle("v1", version="v1").parent
    write_bundle("v2", version="v2")
    _name(risk, "v1")
    champion = Champion(risk)
    champion.current()

    def read() -> set[str]:
        seen = set()
        for _ in range(3_000):
            bundle = champion.current()
            seen.add(bundle.version if bundle else "none")
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for version in ("v2", "v1", "absent", "v2"):
            _name(risk, version)
            champion.reload()
        assert set().union(*(reader.result() for reader in readers)) <= {"v1", "v2"}
