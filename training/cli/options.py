"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

World = Annotated[
    Path | None, typer.Option("--world", help="Folder of the platform's tables.", show_default="by size and seed")
]
Orders = Annotated[
    int | None, typer.Option("--orders", min=1000, help="Size of the simulated year.", show_default="recipe's")
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="Seed of the world and the model.", show_default="recipe's")
]
RecipeFile = Annotated[Path | None, typer.Option("--recipe", exists=True, dir_okay=False, help="Another recipe.yaml.")]
ParameterFile = Annotated[
    Path | None, typer.Option("--parameters", exists=True, dir_okay=False, help="Another simulator parameters.yaml.")
]
Machine = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")]
Tracking = Annotated[
    Path, typer.Option("--mlruns", help="Folder of the local MLflow store; MLFLOW_TRACKING_URI overrides it.")
]
