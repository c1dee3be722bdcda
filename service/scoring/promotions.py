"""Which version is in use, and who made it so: pointer files swapped whole, and a record that is only added to.

A folder of bundles holds, beside one folder per version, the files ``champion`` and ``shadow`` (one line: a version)
and ``promotions.ndjson``, one change a line. The record is written first: a crash before the swap leaves a line about
a change that did not happen, never a change without its line. The names in it are names: nothing here proves them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import orjson
import structlog
from pydantic import TypeAdapter, ValidationError

from service.domain.errors import BundleRefused, ConfigurationError, NotFound
from service.features import FEATURE_HASH
from service.scoring.bundle import Bundle, load_bundle
from service.scoring.files import is_plain_name
from service.scoring.format import CHAMPION, MANIFEST, RECORD, SHADOW


class Action(StrEnum):
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    SHADOWED = "shadowed"
    SHADOW_ENDED = "shadow_ended"


log = structlog.get_logger(__name__)

_OF_CHAMPION = (Action.PROMOTED, Action.ROLLED_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the record. ``by`` asked for it, ``approved_by`` is the second person of a promotion; ``run``: the
    training run the version came from."""

    at: datetime
    action: Action
    version: str | None
    previous: str | None
    by: str
    approved_by: str | None = None
    why: str = ""
    run: str | None = None


_CHANGE = TypeAdapter(Change)


class Versions:
    """The folder of bundles, for whoever changes what is in use. One change at a time, over all processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def champion(self) -> str | None:
        return self._named(CHAMPION)

    @property
    def shadow(self) -> str | None:
        return self._named(SHADOW)

    def present(self) -> tuple[str, ...]:
        """Versions whose folder is here, by name."""
        found = (path.parent.name for path in self.folder.glob(f"*/{MANIFEST}"))
        return tuple(sorted(name for name in found if is_plain_name(name)))

    def record(self) -> tuple[Change, ...]:
        """Every change, the oldest first; ConfigurationError where a line is not one."""
        path = self.folder / RECORD
        try:
            whole, _, torn = path.read_bytes().rpartition(b"\n")
        except FileNotFoundError:
            return ()
        # A last line without its end was cut off by a crash, and so before the change it tells of.
        lines = [line for line in whole.splitlines() if line.strip()]
        if torn:
            log.warning("the record of promotions ends in half a line, which does not count", path=str(path))
        try:
            return tuple(map(_CHANGE.validate_json, lines))
        except ValidationError as error:
            raise ConfigurationError(f"{path} has a line that is no change; put it back from a backup") from error

    def promote(
        self, version: str, *, by: str, approved_by: str | None, at: datetime, why: str = "", run: str | None = None
    ) -> Change:
        """Name ``version`` the champion; its folder must be here, and load."""
        self.usable(version)
        with self._alone():
            change = Change(
                at=at, action=Action.PROMOTED, version=version, previous=self.champion,
                by=by, approved_by=approved_by, why=why, run=run,
            )  # fmt: skip
            self._make(CHAMPION, change)
        return change

    def rollback(self, *, by: str, at: datetime, why: str = "", to: str | None = None) -> Change:
        """Name the champion before this one, or ``to``, again; a second time goes one further back.

        NotFound where there is none before it, BundleRefused where it does not load: then nothing changes.
        """
        with self._alone():
            current = self.champion
            target = to or self._before(current)
            if target == current:
                raise NotFound(f"{current} is the champion already; name another version with --to")
            self.usable(target)
            run = self._run_of(target)
            change = Change(
                at=at, action=Action.ROLLED_BACK, version=target, previous=current, by=by, why=why, run=run
            )  # fmt: skip
            self._make(CHAMPION, change)
        return change

    def set_shadow(
        self, version: str | None, *, by: str, at: datetime, why: str = "", run: str | None = None
    ) -> Change:
        """Name the shadow; None ends it."""
        if version is not None:
            self.usable(version)
        with self._alone():
            action = Action.SHADOW_ENDED if version is None else Action.SHADOWED
            change = Change(at=at, action=action, version=version, previous=self.shadow, by=by, why=why, run=run)
            self._make(SHADOW, change)
        return change

    def usable(self, version: str) -> Bundle:
        """The bundle of a version as this code would serve it; BundleRefused says why it would not."""
        if not is_plain_name(version):
            raise BundleRefused(f"{version[:80]!r} is not a version's name; list them with: prereview models list")
        bundle = load_bundle(self.folder / version, feature_hash=FEATURE_HASH)
        if bundle.version != version:
            raise BundleRefused(f"bundle {version}: its manifest says version {bundle.version}; promote it again")
        return bundle

    def _run_of(self, version: str | None) -> str | None:
        try:
            return next((one.run for one in reversed(self.record()) if one.version == version and one.run), None)
        except ConfigurationError:  # whoever names the version to go back to must not be kept from it by the record
            return None

    def _before(self, current: str | None) -> str:
        stack = _stack([one for one in self.record() if one.action in _OF_CHAMPION], current)
        if len(stack) < 2:
            raise NotFound(
                f"the record knows no champion before {current}; name a version with --to "
                f"({', '.join(name for name in self.present() if name != current) or 'there is no other here'})"
            )
        return stack[-2]

    def _named(self, pointer: str) -> str | None:
        path = self.folder / pointer
        return path.read_text("utf-8", errors="replace").strip() or None if path.is_file() else None

    def _make(self, pointer: str, change: Change) -> None:
        with (self.folder / RECORD).open("a+b") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)  # half a line of a crash would spoil this one
            file.write(orjson.dumps(_CHANGE.dump_python(change, mode="json")) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        path = self.folder / pointer
        if change.version is None:
            path.unlink(missing_ok=True)
            return
        fresh = self.folder / f".{pointer}.new"
        with fresh.open("w", encoding="utf-8") as text:
            text.write(change.version + "\n")
            text.flush()
            os.fsync(text.fileno())
        fresh.replace(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.folder.is_dir():
            raise ConfigurationError(f"{self.folder} is not there; promote a model first, or mend the path")
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def _stack(changes: Sequence[Change], current: str | None) -> list[str]:
    """Champions one behind the other, the one in use on top: a promotion puts one on, a rollback takes some off."""
    stack: list[str] = []
    for change in changes:
        if not stack and change.previous:
            stack.append(change.previous)
        if change.version is None:
            continue
        if change.action is Action.ROLLED_BACK and change.version in stack:
            while stack[-1] != change.version:
                stack.pop()
        elif not stack or stack[-1] != change.version:
            stack.append(change.version)
    if current in stack:  # lines above it tell of swaps that did not happen
        while stack[-1] != current:
            stack.pop()
    elif current is not None:
        stack.append(current)
    return stack
