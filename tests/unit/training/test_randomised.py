from __future__ import annotations

from pathlib import Path

import pytest

from service.domain.errors import ConfigurationError
from training.simulator.parameters import Parameters, load_parameters
from training.simulator.randomised import RandomisedWorld, WorldKind, load_assumptions, study_worlds


@pytest.fixture(scope="module")
def base() -> Parameters:
    return load_parameters()


@pytest.fixture(scope="module")
def worlds(base: Parameters) -> tuple[RandomisedWorld, ...]:
    return study_worlds(base, 24, 1)


def test_a_world_is_fixed_by_seed_and_number_alone(base: Parameters, worlds: tuple[RandomisedWorld, ...]) -> None:
    fewer = study_worlds(base, 5, 1)
    assert [(one.seed, one.parameters.digest) for one in fewer] == [
        (one.seed, one.parameters.digest) for one in worlds[: len(fewer)]
    ]
    other = study_worlds(base, 5, 2)
    drawn = slice(2, None)
    assert not {one.parameters.digest for one in fewer[drawn]} & {one.parameters.digest for one in other[drawn]}


def test_a_study_has_the_named_worlds_and_twenty_two_drawn_ones(worlds: tuple[RandomisedWorld, ...]) -> None:
    kinds = [one.kind for one in worlds]
    assert kinds[:4] == [WorldKind.REFERENCE, WorldKind.WELL_KEPT, WorldKind.NO_SIGNAL, WorldKind.NOVEL]
    assert kinds.count(WorldKind.DRAWN) == 22
    assert len({one.parameters.digest for one in worlds}) == len(worlds)
    assert len({one.seed for one in worlds[2:]}) == len(worlds) - 2


def test_the_reference_world_is_the_default_one(base: Parameters, worlds: tuple[RandomisedWorld, ...]) -> None:
    assert worlds[0].parameters.digest == base.digest


def test_special_worlds_have_their_switch_and_no_other_world_has(worlds: tuple[RandomisedWorld, ...]) -> None:
    for one in worlds:
        assert (one.parameters.number("signal.strength") == 0.0) == (one.kind is WorldKind.NO_SIGNAL)
        assert (one.parameters.number("accounts.kinds.novel.share") > 0.0) == (one.kind is WorldKind.NOVEL)


def test_what_is_drawn_keeps_to_its_documented_range(base: Parameters, worlds: tuple[RandomisedWorld, ...]) -> None:
    ranges = {asked.path: asked for asked in load_assumptions().ranges}
    abuse = ranges["claiming.undue_claimed"]
    share = ranges["accounts.kinds.abuser.share"]
    for one in worlds[2:]:
        for kind, value in one.parameters.table("claiming.undue_claimed").items():
            original = base.table("claiming.undue_claimed")[kind]
            assert value <= max(abuse.at_most or 1.0, original)
            assert value >= original * abuse.factor[0] - 1e-12
        factor = one.parameters.number("accounts.kinds.abuser.share") / base.number("accounts.kinds.abuser.share")
        assert share.factor[0] <= factor <= share.factor[1]
        assert one.factors["accounts.kinds.abuser.share"] == pytest.approx(factor)
    assert len({one.factors["accounts.kinds.abuser.share"] for one in worlds[2:]}) == len(worlds) - 2


def test_every_range_moves_a_parameter_of_every_drawn_world(
    base: Parameters, worlds: tuple[RandomisedWorld, ...]
) -> None:
    for asked in load_assumptions().ranges:
        before, _, after = asked.path.partition(".*.")
        paths = [f"{before}.{name}.{after}" for name in base.table(before)] if after else [asked.path]
        moved = [base.value(path) != worlds[4].parameters.value(path) for path in paths]
        assert any(moved), asked.path


def test_fewer_than_the_special_worlds_are_refused(base: Parameters) -> None:
    with pytest.raises(ConfigurationError, match="without signal"):
        study_worlds(base, 1, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ranges: [{path: a.b, factor: [2, 1], reason: backwards}]\nswitches: {}", "a.b"),
        ("ranges: [{path: a.b, factor: [1, 2]}]\nswitches: {}", "reason"),
        ("ranges: []\nswitches: {sunny: {values: {}, reason: no such kind}}", "sunny"),
        ("ranges: [", "ranges"),
    ],
)
def test_a_file_of_ranges_with_errors_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "ranges.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=named):
        load_assumptions(path)
