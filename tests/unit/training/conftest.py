"""One small simulated platform for all tests of training."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.observed import Observed
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
