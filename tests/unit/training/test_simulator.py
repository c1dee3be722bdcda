from __future__ import annotations

import ast
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import training
from service.domain.checks import CheckCode, Result
from service.domain.claims import FulfilmentState
from service.domain.errors import ConfigurationError
from service.evidence import verify
from training.datasets import ClaimCase, claim_cases
from training.observed import Observed
from training.simulator.adjudication import SimulatedAdjudicators
from training.simulator.intentions import THEFT
from training.simulator.orders import NO_FAULT
from training.simulator.parameters import Parameters, load_parameters
from training.simulator.population import RING
from training.simulator.world import Simulated, simulate

# Wiring and the demo's past may use the simulator; nothing that learns may.
MAY_USE_SIMULATOR = {"cli.py", "demo_history.py"}


def test_same_seed_same_world_other_seed_another(small_parameters: Parameters) -> None:
    tiny = small_parameters.with_values({"span.orders": 1000})
    first, again, other = simulate(tiny, 1), simulate(tiny, 1), simulate(tiny, 2)
    for name, table in first.observed.items():
        assert table.equals(again.observed[name])
        assert not table.equals(other.observed[name])


def test_every_parameter_says_where_it_comes_from(tmp_path: Path) -> None:
    assert load_parameters().number("faults.late_delivery") == 0.02
    bare = tmp_path / "bare.yaml"
    bare.write_text("name: x\nfaults:\n  late: {value: 1, unit: share}\n  other: 3\n")
    with pytest.raises(ConfigurationError, match=r"faults\.late, faults\.other"):
        load_parameters(bare)


def test_a_misspelt_parameter_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=r"faults\.lat"):
        load_parameters().value("faults.lat")
    with pytest.raises(ConfigurationError):
        load_parameters().with_values({"span.order": 1})


def test_changed_values_leave_the_original_alone() -> None:
    original = load_parameters()
    before = original.digest
    changed = original.with_values({"faults.late_delivery": 0.5})
    assert changed.digest != before == original.digest


def test_nothing_is_recorded_before_it_happened(small_world: Simulated) -> None:
    events = small_world.observed["events"]
    occurred, recorded = (events[name].to_numpy() for name in ("occurred_at", "recorded_at"))
    assert (recorded >= occurred).all()
    assert (np.diff(recorded) >= np.timedelta64(0)).all()
    late = (recorded - occurred) > np.timedelta64(6, "h")
    assert 0.002 < late.mean() < 0.03


def test_a_claim_follows_its_payment_and_fits_its_order(small_observed: Observed) -> None:
    before = datetime.min.replace(tzinfo=UTC)
    for case in claim_cases(small_observed):
        claim = case.claim
        assert claim.order.paid_at is not None
        assert claim.amount_claimed == claim.order.amount_paid
        assert before <= case.as_of
        assert claim.order.ordered_at <= claim.order.paid_at <= case.as_of
        if claim.fulfilment.state is FulfilmentState.DELIVERED:
            assert claim.fulfilment.delivered_at is not None
            assert claim.fulfilment.delivered_at <= case.as_of
        before = case.as_of


def test_the_world_has_the_shape_its_parameters_ask_for(small_world: Simulated) -> None:
    world = small_world.world
    assert 0.05 < len(world.claims) / len(world.orders) < 0.1
    undue = (world.claims.due < 0.5).mean()
    assert 0.12 < undue < 0.28
    fault = world.orders.fault[world.claims.order] != NO_FAULT
    assert ((world.claims.cause < THEFT) == fault).all()


def test_an_outage_is_a_flood_of_honest_claims() -> None:
    world = simulate(load_parameters().with_values({"span.orders": 25_000}), 4).world
    top_up = world.market.categories.names.index("phone_top_up")
    begin, finish = (
        world.span.second(datetime.fromisoformat(f"2026-03-14T{hour}:00:00+08:00")) for hour in ("13", "23")
    )
    ordered = world.orders.ordered
    inside = (world.orders.category == top_up) & (ordered >= begin) & (ordered < finish)
    outside = (world.orders.category == top_up) & ~inside
    failing = world.orders.fault == 0
    assert inside.sum() > 10
    assert failing[inside].mean() > 0.4 > 0.1 > failing[outside].mean()
    claims = world.claims
    flood = inside[claims.order]
    assert flood.sum() / inside.sum() > 3 * outside[claims.order].sum() / outside.sum()
    assert (claims.due[flood] == 1.0).mean() > 0.8


def test_rings_share_devices_and_the_honest_mostly_do_not(small_world: Simulated) -> None:
    orders, population = small_world.world.orders, small_world.world.population
    ring = population.kind[orders.account] == RING
    devices = orders.sessions.device
    per_device = {device: len(set(orders.account[devices == device])) for device in set(devices[ring])}
    assert max(per_device.values()) >= 3
    honest = np.unique(np.stack([devices[~ring], orders.account[~ring]]), axis=1)[0]
    assert (np.bincount(honest)[np.unique(honest)] == 1).mean() > 0.9


def test_labels_arrive_late_and_carry_reviewers_errors(small_world: Simulated) -> None:
    labels = small_world.observed["labels"].to_pandas()
    joined = labels.merge(small_world.truth["claims"].to_pandas(), on="claim_id")
    accepted = small_world.observed["claims"].to_pandas()[["claim_id", "as_of"]].merge(labels, on="claim_id")
    assert (accepted["recorded_at"] > accepted["as_of"]).all()
    wrong = joined["due"] < 0.5
    assert 0.01 < (joined["wrong"] != wrong).mean() < 0.12
    assert set(labels["draw_probability"]) == {1.0}
    assert not labels["score_seen"].any()


def test_the_checks_are_what_the_service_finds_on_the_pages_that_are_stored(small_observed: Observed) -> None:
    seen = Counter[tuple[CheckCode, Result]]()
    for case in claim_cases(small_observed):
        found = verify(case.claim, case.evidence, zone=ZoneInfo("Asia/Shanghai"), as_of=case.as_of)
        for stored, check in zip(case.checks, found, strict=True):
            seen[stored.code, stored.result] += 1
            # The look-up of re-used pages is not stored with the claim; its count is.
            expected = check.result if stored.code is not CheckCode.EVIDENCE_ORIGINAL else _original(case)
            assert stored.result is expected, (case.claim_id, stored.code)
    for code in (CheckCode.ORDER_NUMBER, CheckCode.PROMPT_FULFILMENT, CheckCode.EVIDENCE_COMPLETE):
        assert min(seen[code, result] for result in Result) > 0, code


def _original(case: ClaimCase) -> Result:
    return Result.UNKNOWN if not case.evidence else Result.FAIL if case.reused_orders else Result.PASS


def test_truth_stays_out_of_the_observable_tables(small_world: Simulated, small_observed: Observed) -> None:
    hidden = {name for table in small_world.truth.values() for name in table.column_names}
    hidden -= {"claim_id", "account_id", "seller_id"}
    for table in small_world.observed.values():
        assert not hidden & set(table.column_names)
    with pytest.raises(ValueError, match="truth"):
        small_observed.path("truth/claims")


def test_learning_code_does_not_import_the_simulator() -> None:
    folder = Path(training.__file__).parent
    for path in sorted(folder.glob("*.py")):
        if path.name in MAY_USE_SIMULATOR:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.startswith("training.simulator") for name in names), path.name


def test_the_audit_desk_judges_what_it_is_handed(
    small_folder: Path, small_world: Simulated, small_parameters: Parameters
) -> None:
    desk = SimulatedAdjudicators(small_folder, small_parameters, 3)
    truth = {entry["claim_id"]: entry["undue_share"] for entry in small_world.truth["claims"].to_pylist()}
    asked = list(truth)[:400]
    judged = desk.judge(asked, by=small_world.world.span.end)
    assert {one.claim_id for one in judged} == set(asked)
    off = [abs(one.wrong_share - truth[one.claim_id]) > 1e-9 for one in judged]
    assert np.mean(off) < 0.02
    assert desk.judge(asked, by=small_world.world.span.start) == []
