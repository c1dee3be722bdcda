"""The one file of assumptions behind the simulated world, each value with a unit and a source or reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from service.domain.codec import digest
from service.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Parameters:
    """Values by dotted path. ``digest`` is over the values alone, so rewording a reason changes nothing."""

    tree: Mapping[str, Any]
    name: str

    def value(self, path: str) -> Any:
        """The bare value at ``path``; ConfigurationError where there is none."""
        node: Any = self.tree
        for part in path.split("."):
            if not isinstance(node, Mapping) or part not in node:
                raise ConfigurationError(f"the simulator has no parameter {path!r}; see parameters.yaml")
            node = node[part]
        return node

    def number(self, path: str) -> float:
        return float(self.value(path))

    def whole(self, path: str) -> int:
        return int(self.value(path))

    def pair(self, path: str) -> tuple[float, float]:
        first, second = self.value(path)
        return float(first), float(second)

    def moment(self, path: str) -> datetime:
        return datetime.fromisoformat(self.value(path))

    def table(self, path: str) -> dict[str, Any]:
        """The mapping at ``path``."""
        return dict(self.value(path))

    @property
    def digest(self) -> str:
        return digest(self.tree)

    def with_values(self, changes: Mapping[str, Any]) -> Parameters:
        """The same world with some values changed: other sizes, randomised worlds."""
        tree = _copy(self.tree)
        for path, value in changes.items():
            self.value(path)
            *parents, last = path.split(".")
            node = tree
            for part in parents:
                node = node[part]
            node[last] = value
        return Parameters(tree, self.name)


def load_parameters(path: Path | None = None) -> Parameters:
    """Parameters from a file, or the repo's own. ConfigurationError names every value without unit or reason."""
    text = path.read_text("utf-8") if path else files(__package__).joinpath("parameters.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    name = raw.pop("name")
    faults: list[str] = []
    tree = _bare(raw, "", faults)
    if faults:
        raise ConfigurationError("parameters lack a unit, a source or a reason: " + ", ".join(faults))
    return Parameters(tree, name)


def _bare(node: Any, path: str, faults: list[str]) -> Any:
    if not isinstance(node, dict):
        faults.append(f"{path} (a bare value)")
        return node
    if "value" in node:
        if "unit" not in node or not ({"source", "reason"} & node.keys()):
            faults.append(path)
        return node["value"]
    return {key: _bare(child, f"{path}.{key}".lstrip("."), faults) for key, child in node.items()}


def _copy(node: Any) -> Any:
    return {key: _copy(child) for key, child in node.items()} if isinstance(node, Mapping) else node
