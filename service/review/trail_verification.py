"""Walks a platform's audit chain as it is stored and names what was changed, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.trail import (
    Checkpoint,
    FieldClass,
    SealState,
    TrailSeals,
    changed_classes,
    entry_hash,
    field_checks,
    first_previous,
    without_place,
)
from service.store import StoredLink

# One change in the middle can put every later entry in the wrong; the first hundred say where it began.
_LISTED = 100


class FindingKind(StrEnum):
    EDITED = "edited"
    MOVED = "moved"
    MISSING = "missing"
    INSERTED = "inserted"
    RELINKED = "relinked"
    REWRITTEN = "rewritten"
    CUT_OFF = "cut_off"
    CHECKPOINT_FORGED = "checkpoint_forged"
    CHECKPOINT_UNKNOWN_KEY = "checkpoint_unknown_key"
    CHECKPOINT_REMOVED = "checkpoint_removed"
    DECISION_CHANGED = "decision_changed"
    DECISION_REMOVED = "decision_removed"
    POLICY_CHANGED = "policy_changed"
    GUARD_OFF = "guard_off"
    UNSEALED = "unsealed"
    SEAL_WRONG = "seal_wrong"
    SEAL_UNKNOWN_KEY = "seal_unknown_key"
    SEAL_REPEATED = "seal_repeated"
    STATE_CHANGED = "state_changed"
    GRANT_CHANGED = "grant_changed"
    MODE_CHANGED = "mode_changed"
    KEY_CHANGED = "key_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Positions ``first`` to ``last`` of the chain; ``entry_id`` and ``subject`` where one entry is meant.

    ``fields``: which parts of the entry differ, as far as it can be told.
    """

    kind: FindingKind
    detail: str
    first: int | None = None
    last: int | None = None
    entry_id: int | None = None
    subject: str | None = None
    fields: tuple[FieldClass, ...] = ()


@dataclass(slots=True)
class Found:
    """Findings, listed up to a bound and counted beyond."""

    listed: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.listed) < _LISTED:
            self.listed.append(finding)


_SEAL_FINDINGS = {
    SealState.NONE: (
        FindingKind.UNSEALED,
        "the entry bears no seal where those before it do: it was not written by this service",
    ),
    SealState.WRONG: (
        FindingKind.SEAL_WRONG,
        "the entry's seal is of another entry: it was changed, or written by somebody without the key",
    ),
    SealState.UNKNOWN_KEY: (
        FindingKind.SEAL_UNKNOWN_KEY,
        "the entry is sealed under a key that is not known here: the key was replaced, or it is forged",
    ),
}


class ChainWalk:
    """Fed with a chain's entries in order; ``heads``: position → the checkpoint that was signed there."""

    def __init__(self, platform_id: str, heads: Mapping[int, Checkpoint], seals: TrailSeals | None = None) -> None:
        """Without ``seals`` who wrote the entries is not looked at."""
        self.found = Found()
        self.entries = 0
        self.position = 0
        self.covered: Checkpoint | None = None
        self.before_seals = 0
        """Entries from before the first that is sealed: who wrote them is not proved."""
        self._seals = seals
        self._sealed = False
        self._platform = platform_id
        self._heads = heads
        # What the next entry may name as its previous; None: anything, because what stood before is gone.
        self._ends: tuple[bytes, ...] | None = (first_previous(platform_id),)
        self._since_good = 1
        self._rewritten = False
        self._spoiled: dict[bytes, tuple[int, int]] = {}
        self._expected: dict[bytes, tuple[int, int]] = {}

    def feed(self, batch: Sequence[StoredLink]) -> None:
        for stored in batch:
            before = self.found.count
            self._look_at(stored)
            if self.found.count == before:  # of one that was changed no more need be said
                self._look_at_seal(stored)

    def feed_unchained(self, batch: Sequence[StoredLink]) -> None:
        """Entries without a place yet; after the others."""
        for stored in batch:
            self._look_at_seal(stored)

    def _look_at_seal(self, stored: StoredLink) -> None:
        if self._seals is None:
            return
        state = self._seals.look_at(self._platform, stored.entry, stored.seal)
        if state is SealState.NONE and not self._sealed:
            self.before_seals += 1
            return
        self._sealed = True
        if state is not SealState.GOOD:
            kind, detail = _SEAL_FINDINGS[state]
            self._report(stored, kind, detail)

    def finish(self) -> None:
        """After the last entry: what was signed beyond the end is gone."""
        last = max(self._heads, default=0)
        if last > self.position:
            signed = self._heads[last]
            self.found.add(
                Finding(
                    kind=FindingKind.CUT_OFF,
                    first=self.position + 1,
                    last=last,
                    detail=f"the chain ends at {self.position}, but a checkpoint of {_time(signed.at)} was signed "
                    f"at {last}: {last - self.position} entries were removed from its end",
                )
            )
        self._name_the_moved()

    def _look_at(self, stored: StoredLink) -> None:
        self.entries += 1
        if stored.position <= self.position:
            self._report(stored, FindingKind.INSERTED, f"a second entry claims position {stored.position}")
            return
        if stored.position > self.position + 1:
            self._gap(stored.position)
        own = entry_hash(self._platform, stored.entry, stored.position, stored.previous, stored.checks)
        followed = self._ends is None or stored.previous in self._ends
        if own != stored.hash:
            self._edited(stored, followed)
        elif not followed:
            self._report(
                stored,
                FindingKind.RELINKED,
                f"entry {stored.position} does not follow entry {stored.position - 1} as that one is now: one of "
                "the two was replaced and hashed anew",
            )
        self.position = stored.position
        self._ends = (stored.hash, own)
        self._hold_against_checkpoint(stored)

    def _gap(self, position: int) -> None:
        first, last = self.position + 1, position - 1
        many = "entry" if first == last else "entries"
        self.found.add(
            Finding(
                kind=FindingKind.MISSING,
                first=first,
                last=last,
                detail=f"{last - first + 1} {many} missing between position {first - 1} and {position}: deleted, or "
                "taken out of the chain",
            )
        )
        self._ends = None

    def _edited(self, stored: StoredLink, followed: bool) -> None:
        now = field_checks(self._platform, stored.entry, stored.position)
        fields = changed_classes(stored.checks, now)
        what = ", ".join(fields) if fields else "its hashes" + ("" if followed else " or its link")
        if len(self._spoiled) < _LISTED:
            self._spoiled[without_place(now)] = stored.position, stored.entry.id
            self._expected[without_place(stored.checks)] = stored.position, stored.entry.id
        self._report(stored, FindingKind.EDITED, f"the entry is not what was chained; what differs: {what}", fields)

    def _hold_against_checkpoint(self, stored: StoredLink) -> None:
        signed = self._heads.get(stored.position)
        if signed is None:
            return
        if signed.entry_sha256 == stored.hash.hex():
            self.covered = signed
            self._since_good = stored.position + 1
            self._rewritten = False
            return
        if self._rewritten:  # every later checkpoint says the same
            return
        self._rewritten = True
        self.found.add(
            Finding(
                kind=FindingKind.REWRITTEN,
                first=self._since_good,
                last=stored.position,
                detail=f"the chain up to {stored.position} is not the one that was signed at {_time(signed.at)}: it "
                f"was written anew somewhere from {self._since_good} to {stored.position}",
            )
        )

    def _report(self, stored: StoredLink, kind: FindingKind, detail: str, fields: tuple[FieldClass, ...] = ()) -> None:
        self.found.add(
            Finding(
                kind=kind,
                detail=detail,
                first=stored.position or None,
                last=stored.position or None,
                entry_id=stored.entry.id,
                subject=stored.entry.subject,
                fields=fields,
            )
        )

    def _name_the_moved(self) -> None:
        """Content that stands where other content was chained, and is missed elsewhere, was moved."""
        for content, (there, entry_id) in self._spoiled.items():
            missed = self._expected.get(content)
            if missed is not None and missed[0] != there:
                self.found.add(
                    Finding(
                        kind=FindingKind.MOVED,
                        first=missed[0],
                        last=there,
                        entry_id=entry_id,
                        detail=f"what was chained at position {missed[0]} now stands at position {there}",
                    )
                )


def heads_of(checkpoints: Iterable[Checkpoint], found: Found) -> dict[int, Checkpoint]:
    """position → checkpoint; two that were signed for different chains are a finding."""
    heads: dict[int, Checkpoint] = {}
    for one in checkpoints:
        known = heads.setdefault(one.position, one)
        if known.entry_sha256 != one.entry_sha256:
            found.add(
                Finding(
                    kind=FindingKind.REWRITTEN,
                    first=one.position,
                    last=one.position,
                    detail=f"two checkpoints of position {one.position} were signed for different chains "
                    f"({_time(known.at)} and {_time(one.at)})",
                )
            )
    return heads


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
