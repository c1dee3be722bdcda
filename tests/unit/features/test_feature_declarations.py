from __future__ import annotations

import json
import string
from dataclasses import replace
from pathlib import Path

import pytest
from feature_cases import make_row, no_past, page, plain_claim

from service.domain.assessment import Text
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Account, Fulfilment, FulfilmentState, ReasonCode, UseState
from service.domain.evidence import FieldName, Gap, GapKind, HintKind, TamperHint
from service.domain.history import EventKind
from service.features import AGGREGATES, FEATURE_HASH, FEATURE_NAMES, FEATURES, ROW_CODE_VERSION, Measure, Unit
from service.features.declared.priors import PRIORS
from service.features.row import feature_hash

GOLDEN = Path(__file__).parents[2] / "golden" / "feature_rows.json"


def test_enough_features_with_names_of_their_own() -> None:
    assert len(FEATURES) >= 36
    assert len(set(FEATURE_NAMES)) == len(FEATURES)
    assert len({aggregate.name for aggregate in AGGREGATES}) == len(AGGREGATES)
    assert {aggregate.window_days for aggregate in AGGREGATES} == {1, 7, 30, 90}


def test_every_aggregate_s_name_says_what_it_is() -> None:
    for aggregate in AGGREGATES:
        assert aggregate.name.startswith(aggregate.entity.value.removesuffix("_id") + "_")
        assert aggregate.name.endswith(f"_{aggregate.window_days}d")
        assert ("amount" in aggregate.name) == (aggregate.measure is Measure.AMOUNT)
        assert set(aggregate.kinds) <= set(EventKind)


def test_every_aggregate_feeds_a_feature() -> None:
    """An aggregate no feature reads would cost every request for nothing."""

    asked: set[str] = set()

    class Recorder(dict[str, float | None]):
        def __getitem__(self, name: str) -> float | None:
            asked.add(name)
            return super().__getitem__(name)

    make_row(history=Recorder({**no_past(), "account_payments_90d": 1, "account_paid_amount_90d": 1}))
    assert asked == {aggregate.name for aggregate in AGGREGATES}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_words_are_complete(feature) -> None:  # type: ignore[no-untyped-def]
    for text in (
        feature.description,
        feature.sentence,
        *feature.levels,
        *([feature.missing] if feature.missing else []),
    ):
        assert isinstance(text, Text)
        assert text.zh.strip()
        assert text.en.strip()
    assert _places(feature.sentence.zh) == {"value"}
    assert _places(feature.sentence.en) in ({"value"}, {"value", "s"})
    assert (feature.unit is Unit.LEVEL) == bool(feature.levels)
    assert _places(feature.description.en) == set()


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_the_hash_follows_everything_that_gives_a_row_its_meaning() -> None:
    first = FEATURES[0]
    others = {
        feature_hash([replace(first, name="x"), *FEATURES[1:]], AGGREGATES, PRIORS, ROW_CODE_VERSION),
        feature_hash([replace(first, unit=Unit.HOURS), *FEATURES[1:]], AGGREGATES, PRIORS, ROW_CODE_VERSION),
        feature_hash([replace(first, direction=1), *FEATURES[1:]], AGGREGATES, PRIORS, ROW_CODE_VERSION),
        feature_hash([*FEATURES[1:], first], AGGREGATES, PRIORS, ROW_CODE_VERSION),
        feature_hash(FEATURES, [replace(AGGREGATES[0], window_days=2), *AGGREGATES[1:]], PRIORS, ROW_CODE_VERSION),
        feature_hash(FEATURES, [replace(AGGREGATES[0], kinds=()), *AGGREGATES[1:]], PRIORS, ROW_CODE_VERSION),
        feature_hash(FEATURES, AGGREGATES, {**PRIORS, "paid_yuan": 1.0}, ROW_CODE_VERSION),
        feature_hash(FEATURES, AGGREGATES, PRIORS, ROW_CODE_VERSION + 1),
    }
    assert len(others) == 8
    assert FEATURE_HASH not in others


def test_words_do_not_change_the_hash() -> None:
    reworded = replace(FEATURES[0], description=Text(zh="别的", en="other"))
    assert feature_hash([reworded, *FEATURES[1:]], AGGREGATES, PRIORS, ROW_CODE_VERSION) == FEATURE_HASH


def _golden_rows() -> list[list[float | None]]:
    history = {aggregate.name: float(3 + 7 * index) for index, aggregate in enumerate(AGGREGATES)}
    claim = plain_claim()
    used = Fulfilment(
        state=FulfilmentState.DELIVERED,
        use=UseState.ACTIVATED,
        activated_at=claim.order.ordered_at,
        promised_by=claim.order.ordered_at,
        used_by_claimant=True,
        units_total=30,
        units_used=10,
        voidable=True,
    )
    checks = [CheckResult(code=code, result=list(Result)[index % 3]) for index, code in enumerate(CheckCode)]
    hidden = (Gap(kind=GapKind.COVERED, field=FieldName.ORDER_NUMBER),)
    traces = (TamperHint(kind=HintKind.FONT, strength=0.7), TamperHint(kind=HintKind.EDITOR, strength=0.25))
    made = [
        make_row(),
        make_row(
            history=history,
            checks=checks,
            evidence=[page("a", 0.9, 0.8), page("b", 0.6, gaps=hidden, hints=traces)],
            reused_orders=2,
        ),
        make_row(plain_claim(fulfilment=used, reason=ReasonCode.PARTIAL_USE), checks=checks),
        make_row(plain_claim(fulfilment=Fulfilment(), account=Account(id="a"), reason=ReasonCode.NOT_DELIVERED)),
    ]
    return [[None if value != value else value for value in row.values] for row in made]


def test_a_changed_row_raises_the_row_code_version() -> None:
    """The hash cannot see the rules' code; these stored rows can. To renew: raise ROW_CODE_VERSION, delete the file."""
    if not GOLDEN.exists():
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        stored = {"feature_hash": FEATURE_HASH, "names": FEATURE_NAMES, "rows": _golden_rows()}
        GOLDEN.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        pytest.fail("stored rows were missing and have been written anew; look at them, commit them, run again")
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert stored["feature_hash"] == FEATURE_HASH, "the declarations changed: store the rows anew"
    assert stored["rows"] == _golden_rows(), "the same declarations give other rows: raise ROW_CODE_VERSION"
