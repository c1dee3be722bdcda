"""One small simulated platform for all tests of training."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.policy import load_platform_policy
from training.observed import Observed
from training.pipeline import Run, train
from training.recipe import Recipe, load_recipe
from training.simulator.adjudication import SimulatedAdjudicators
from training.simulator.parameters import Parameters, load_parameters
from training.simulator.world import Simulated, simulate, write

ORDERS, SEED = 20_000, 3


@pytest.fixture(scope="session")
def small_parameters() -> Parameters:
    return load_parameters().with_values({"span.orders": ORDERS})


@pytest.fixture(scope="session")
def small_world(small_parameters: Parameters) -> Simulated:
    return simulate(small_parameters, SEED)


@pytest.fixture(scope="session")
def small_folder(small_world: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training") / "world"
    write(small_world, folder, SEED)
    return folder


@pytest.fixture(scope="session")
def small_observed(small_folder: Path) -> Observed:
    return Observed(small_folder)


@pytest.fixture(scope="session")
def small_recipe() -> Recipe:
    return load_recipe().model_copy(update={"orders": ORDERS, "seed": SEED})


@pytest.fixture(scope="session")
def small_run(small_observed: Observed, small_recipe: Recipe, small_parameters: Parameters) -> Run:
    """A run whose certify part is far too small for a certificate at 2 %."""
    desk = SimulatedAdjudicators(small_observed.folder, small_parameters, SEED)
    return train(
        small_observed,
        small_recipe,
        load_platform_policy("demo"),
        desk,
        reader="reader.1",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
