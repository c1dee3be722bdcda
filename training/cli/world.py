"""The simulated world on disk, by size and seed."""

from __future__ import annotations

from pathlib import Path

from service.domain.errors import PrereviewError
from training.observed import Observed
from training.recipe import Recipe, load_recipe
from training.simulator.parameters import Parameters, load_parameters

DEFAULT_WORLDS = Path("out/training")


def plan_of(
    recipe: Path | None, parameters: Path | None, orders: int | None, seed: int | None
) -> tuple[Recipe, Parameters]:
    chosen = load_recipe(recipe)
    plan = chosen.model_copy(
        update={
            "orders": chosen.orders if orders is None else orders,
            "seed": chosen.seed if seed is None else seed,
        }
    )
    return plan, load_parameters(parameters).with_values({"span.orders": plan.orders})


def world_folder(plan: Recipe) -> Path:
    return DEFAULT_WORLDS / f"world-{plan.seed}-{plan.orders}"


def simulate_into(folder: Path, plan: Recipe, values: Parameters, *, progress: bool) -> None:
    from training.simulator.world import simulate as simulate_world
    from training.simulator.world import write

    write(simulate_world(values, plan.seed, progress=progress), folder, plan.seed)


def is_this_world(folder: Path, plan: Recipe, values: Parameters) -> bool:
    try:
        facts = Observed(folder).facts
    except PrereviewError:
        return False
    return bool(facts["parameters_digest"] == values.digest and facts["seed"] == plan.seed)
