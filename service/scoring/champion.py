"""The champion: which version of the risk model is in use, and swapping it without a pause. And its shadow."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import ClassVar

from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH
from service.scoring.bundle import Bundle, load_bundle
from service.scoring.files import is_plain_name
from service.scoring.format import CHAMPION, SHADOW

RETRY_SECONDS = 30.0
"""How often a version that could not be used is tried again: it may have been on its way here."""

_Seen = tuple[int, int, int] | None


class Champion:
    """Holds the bundle the file ``champion`` in ``folder`` names; loads it on first use.

    A version that cannot be used never replaces one that can: ``problem`` then says what is wrong while ``current()``
    goes on with the old one, or None where there is no old one. Safe to share between threads.
    """

    pointer: ClassVar[str] = CHAMPION

    def __init__(self, folder: Path, *, feature_hash: str = FEATURE_HASH) -> None:
        self._folder = folder
        self._feature_hash = feature_hash
        self._lock = threading.Lock()
        self._tried = False
        self._tried_at = 0.0
        self._seen: _Seen = None
        self._bundle: Bundle | None = None
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """Why the named version is not in use, for /readyz and doctor; None when all is well (or nothing was tried)."""
        return self._problem

    def current(self) -> Bundle | None:
        """The bundle in use, loaded on the first call; None where none can be used."""
        if not self._tried:
            with self._lock:
                if not self._tried:
                    self._load()
        return self._bundle

    def reload(self) -> bool:
        """Reads the pointer again and swaps to its version; False where it cannot be used (see ``problem``)."""
        with self._lock:
            self._load()
            return self._problem is None

    @property
    def stale(self) -> bool:
        """Whether ``reload`` may bring something else: the pointer was written since, or a refusal is worth a new try.
        One stat()."""
        if not self._tried or self._modified() != self._seen:
            return True
        return self._problem is not None and time.monotonic() - self._tried_at > RETRY_SECONDS

    def _load(self) -> None:
        # Before the pointer is read: one that is written in between is then read again.
        self._seen, self._tried_at = self._modified(), time.monotonic()
        try:
            bundle = self._named_bundle()
        except BundleRefused as error:
            self._problem = error.detail
        else:
            # One assignment: whoever asked before keeps the old bundle to the end of their request.
            self._bundle, self._problem = bundle, None
        finally:
            self._tried = True

    def _named_bundle(self) -> Bundle | None:
        version = self._pointer()
        bundle = load_bundle(self._folder / version, feature_hash=self._feature_hash)
        if bundle.version != version:
            raise BundleRefused(
                f"bundle {version}: its manifest says version {bundle.version}; promote again instead of renaming"
            )
        return bundle

    def _pointer(self) -> str:
        path = self._folder / self.pointer
        try:
            version = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BundleRefused(
                f"no {self.pointer} is named in {path}; promote a model (prereview-train promote) or mend the path"
            ) from error
        if not is_plain_name(version):
            raise BundleRefused(f"{path} does not hold one version name; promote a model again")
        return version

    def _modified(self) -> _Seen:
        try:
            found = (self._folder / self.pointer).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


class Shadow(Champion):
    """The version that scores beside the champion and never decides. Without a pointer there is none, and all is well;
    whoever takes the pointer away ends it."""

    pointer: ClassVar[str] = SHADOW

    def _named_bundle(self) -> Bundle | None:
        if self._modified() is None:
            return None
        return super()._named_bundle()


class Pinned(Champion):
    """One version whatever the pointer names: for repeating a decision made with it. None where it cannot be used."""

    def __init__(self, folder: Path, version: str, *, feature_hash: str = FEATURE_HASH) -> None:
        super().__init__(folder, feature_hash=feature_hash)
        self._version = version

    def _pointer(self) -> str:
        if not is_plain_name(self._version):
            raise BundleRefused(f"{self._version!r} is no version's name")
        return self._version
