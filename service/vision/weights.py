"""Where the OCR weights are, and that they are the ones the reader was measured with."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import service
from service.domain.errors import ConfigurationError

Size = Literal["tiny", "small"]
Role = Literal["detector", "detector_settings", "recogniser", "recogniser_settings"]

MANIFEST = Path(service.__file__).parents[1] / "models" / "ocr" / "manifest.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFile:
    """One pinned file. ``path`` is relative to the folder that holds the source package."""

    size: Size
    role: Role
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Verified weight files by size and role."""

    root: Path
    files: tuple[WeightFile, ...]

    def path(self, size: Size, role: Role) -> Path:
        """The file of that size and role; ConfigurationError if the manifest does not list one."""
        for file in self.files:
            if (file.size, file.role) == (size, role):
                return self.root / file.path
        raise ConfigurationError(f"models/ocr/manifest.toml lists no {role} of size {size}; add it with its SHA-256.")


def verify_weights(
    root: Path | None = None, *, manifest: Path | None = None, sizes: tuple[Size, ...] = ("tiny", "small")
) -> Weights:
    """Holds every listed file of ``sizes`` against its length and SHA-256.

    ``root``: the folder the manifest's paths start in; by default where the source package is installed.
    ConfigurationError, saying how to mend it, if the manifest or a file is missing or differs.
    """
    manifest = manifest or MANIFEST
    package, version, files = _load(manifest)
    files = tuple(file for file in files if file.size in sizes)
    root = root or _installed_root(package, version)
    for file in files:
        _verify(root / file.path, file, f"{package}=={version}", manifest)
    return Weights(root=root, files=files)


def _load(manifest: Path) -> tuple[str, str, tuple[WeightFile, ...]]:
    try:
        data = tomllib.loads(manifest.read_text(encoding="utf-8"))
        source = data["source"]
        files = tuple(
            WeightFile(size=f["size"], role=f["role"], path=f["path"], bytes=f["bytes"], sha256=f["sha256"])
            for f in data["file"]
        )
        return source["package"], source["version"], files
    except FileNotFoundError as error:
        raise ConfigurationError(f"{manifest} is missing; restore it from the repository.") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{manifest} cannot be read ({error}); restore it from the repository.") from error


def _installed_root(package: str, version: str) -> Path:
    """The folder the package is installed in, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            f"the OCR weights come with the package {package}=={version}, which is not installed; "
            "install requirements/service.lock."
        )
    return Path(spec.origin).parents[1]


def _verify(path: Path, file: WeightFile, requirement: str, manifest: Path) -> None:
    mend = f"reinstall {requirement} from requirements/service.lock"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"the OCR weights {path} cannot be read ({error.strerror}); {mend}.") from error
    if len(data) != file.bytes or hashlib.sha256(data).hexdigest() != file.sha256:
        raise ConfigurationError(
            f"the OCR weights {path} are not those pinned in {manifest}; {mend}, "
            "or pin the new file there after measuring it."
        )
