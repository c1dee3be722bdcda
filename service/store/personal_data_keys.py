"""The keys evidence is encrypted under, as secrets in a file or given by the environment; the newest comes first."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from service.domain.errors import ConfigurationError
from service.store.personal_data_sealing import SealingKey, sealing_key

_SHORTEST = 32


class GivenKeys:
    """Secrets from the environment; whoever gives them changes them."""

    def __init__(self, text: str) -> None:
        given = [each.strip() for each in text.split(",")]
        if not all(len(each) >= _SHORTEST for each in given):
            raise ConfigurationError(f"each secret evidence is encrypted under needs at least {_SHORTEST} characters")
        self._keys = tuple(sealing_key(each.encode()) for each in given)

    def read(self) -> tuple[SealingKey, ...]:
        return self._keys

    def add(self) -> None:
        raise ConfigurationError(
            "The keys are given by PREREVIEW_PERSONAL_DATA_KEYS: put the new one before the others there, start every "
            "process anew, then run: prereview personal-data rotate-keys --no-new-key"
        )

    def forget_old(self) -> None:
        raise ConfigurationError(
            "The keys are given by PREREVIEW_PERSONAL_DATA_KEYS: leave the newest alone there, and start every process "
            "anew"
        )


class KeyFile:
    """Secrets kept in a file, one a line; made once. A change is seen by every process at its next use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[SealingKey, ...] = ()

    def read(self) -> tuple[SealingKey, ...]:
        """ConfigurationError where the file is damaged."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._make()
            found = self._path.stat()
        changed = found.st_mtime_ns, found.st_ino
        if changed != self._seen:
            self._keys = tuple(sealing_key(line.encode()) for line in self._lines())
            self._seen = changed
        return self._keys

    def add(self) -> None:
        """Put a new key before the others."""
        self.read()
        self._write([secrets.token_hex(32), *self._lines()])

    def forget_old(self) -> None:
        """Leave the newest key alone: only for when nothing is under another."""
        self._write(self._lines()[:1])

    def _lines(self) -> list[str]:
        lines = self._path.read_text().split()
        if not lines or any(len(line) < _SHORTEST for line in lines):
            raise ConfigurationError(f"{self._path} is damaged: without it evidence cannot be read; restore a backup")
        return lines

    def _make(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._fresh([secrets.token_hex(32)])
        try:
            os.link(fresh, self._path)  # of two processes that start at once, one makes it
        except FileExistsError:
            pass
        finally:
            fresh.unlink()

    def _write(self, lines: list[str]) -> None:
        self._fresh(lines).replace(self._path)

    def _fresh(self, lines: list[str]) -> Path:
        # Of its own for every writer: two threads of one process may be the first to need the keys.
        path = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}.new")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return path


SealingKeys = GivenKeys | KeyFile
