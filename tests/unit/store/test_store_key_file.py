"""The file with the keys evidence is encrypted under: made once, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from service.store import KeyFile


def test_many_threads_that_need_the_keys_first_make_one(tmp_path: Path) -> None:
    """Found by two claims at once on a fresh deployment: each made the file under one temporary name."""
    for turn in range(20):
        path, start = tmp_path / f"keys-{turn}", Barrier(8)

        def read(_: int, path: Path = path, start: Barrier = start) -> Any:
            start.wait(10)
            return KeyFile(path).read()

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(read, range(8)))
        assert all(keys == found[0] for keys in found)
        assert [each.name for each in tmp_path.glob(f"keys-{turn}*")] == [path.name]
