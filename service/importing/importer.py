"""An import from its first row to its report: batch by batch, with a checkpoint behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any, Protocol

from service.domain.actors import Actor
from service.domain.clock import Clock
from service.domain.codec import digest
from service.domain.errors import BadRequest, NotFound
from service.importing.converting import Converter, Known, Moments
from service.importing.loading import Loaded
from service.importing.report import Report
from service.importing.sources import Read, Source
from service.importing.values import Refused
from service.store import Checkpoint, Overtaken, Rehearsal, Store, Written

# Some 60 MB of Python objects at three events a row.
BATCH_ROWS = 10_000
# How far ahead of the clock an import records what it records as it writes: more than a batch takes, so that no case
# accepted meanwhile was due to see it.
AHEAD = timedelta(seconds=30)
# Before so many rows a share says little.
ENOUGH_ROWS = 1_000


class RecordedBy(StrEnum):
    """Whose word an event's moment of recording is: see the package."""

    SOURCE = "source"
    IMPORT = "import"


class Progress(Protocol):
    def __call__(self, source: Source, rows: int) -> None:
        """Told of every batch; ``rows``: of this source so far."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to import and how. ``max_refused``: share of rows beyond which the import stops and writes no more."""

    platform_id: str
    loaded: Loaded
    recorded_by: RecordedBy = RecordedBy.SOURCE
    dry_run: bool = False
    max_refused: float = 0.01
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """``complete``: read to its end, not stopped for refused rows. ``resumed``: rows an earlier run had done."""

    report: Report
    complete: bool
    resumed: int


async def run_import(
    store: Store, clock: Clock, actor: Actor, order: Order, sources: Sequence[Source], progress: Progress
) -> list[Outcome]:
    """Import source after source; an outcome for each, up to the first that is not complete."""
    if await store.platform(order.platform_id) is None:
        raise NotFound(f"There is no platform {order.platform_id!r}. Add it with: prereview platforms add")
    outcomes: list[Outcome] = []
    async with AsyncExitStack() as stack:
        rehearsal = None
        if order.dry_run:
            rehearsal = await stack.enter_async_context(store.imports.rehearsal(order.platform_id))
        for source in sources:
            run = _Run(store, clock, actor, order, source, rehearsal, progress)
            outcomes.append(await run.to_its_end())
            if not outcomes[-1].complete:
                break
    return outcomes


class _Run:
    """One source."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        actor: Actor,
        order: Order,
        source: Source,
        rehearsal: Rehearsal | None,
        progress: Progress,
    ) -> None:
        self._store, self._clock, self._actor, self._order = store, clock, actor, order
        self._source, self._rehearsal, self._progress = source, rehearsal, progress
        mapping = order.loaded.mapping
        self._converter = Converter(mapping, mapping.sources[source.name])
        self._report = Report(source=source.name)
        self._decided_to: datetime | None = None

    async def to_its_end(self) -> Outcome:
        checkpoint = await self._begin()
        if checkpoint.report:
            self._report = Report.model_validate(checkpoint.report)
        resumed = self._report.rows
        if self._order.recorded_by is RecordedBy.SOURCE:
            self._decided_to = await self._store.imports.decided_to(self._order.platform_id)
        for batch, last in _batches(self._source.rows(checkpoint.position["after"])):
            checkpoint, fine = await self._batch(checkpoint, batch, last)
            self._progress(self._source, self._report.rows)
            if not fine:
                return Outcome(self._report, False, resumed)
        if self._rehearsal is None:
            await self._store.imports.finish(
                checkpoint, self._report.model_dump(mode="json"), self._actor, self._clock.now()
            )
        return Outcome(self._report, True, resumed)

    async def _begin(self) -> Checkpoint:
        order, source = self._order, self._source
        identity = [order.loaded.digest, source.name, source.identity(), order.recorded_by.value]
        fresh = Checkpoint(
            platform_id=order.platform_id,
            id=digest(identity)[:32],
            source=source.shown,
            position={"after": None},
            report={},
            started_at=self._clock.now(),
            finished_at=None,
        )
        if self._rehearsal is not None:
            return fresh
        return await self._store.imports.begin(fresh, self._actor, anew=order.anew)

    async def _batch(self, checkpoint: Checkpoint, batch: list[Read], last: bool) -> tuple[Checkpoint, bool]:
        """The checkpoint behind a batch, and whether to go on."""
        ahead = AHEAD
        while True:
            report = self._report.model_copy(deep=True)
            events = self._converted(batch, self._moments(checkpoint, ahead), report)
            # A dry run reads on: its report is to be of everything.
            enough = self._rehearsal is None and (last or report.rows >= ENOUGH_ROWS)
            if enough and report.refused_share > self._order.max_refused:
                self._report = report
                return checkpoint, False
            position = {"after": _kept(batch[-1].place)}
            try:
                counted = await self._write(checkpoint, events, position, report)
            except Overtaken as late:
                self._decided_to, ahead = late.decided_to, ahead * 2
                continue
            self._report = counted
            return replace(checkpoint, position=position), True

    def _moments(self, checkpoint: Checkpoint, ahead: timedelta) -> Moments:
        # The start of the first run: what was in the future then is so for every run, so that they agree.
        if self._order.recorded_by is RecordedBy.IMPORT:
            return Moments(now=checkpoint.started_at, recorded=self._clock.now() + ahead)
        return Moments(now=checkpoint.started_at, decided_to=self._decided_to)

    def _converted(self, batch: list[Read], moments: Moments, report: Report) -> list[Known]:
        events: list[Known] = []
        for place, row in batch:
            if isinstance(row, Refused):
                report.refuse(place, row)
                continue
            try:
                made = self._converter.events(row, moments)
                status = self._converter.status(row)
            except Refused as why:
                report.refuse(place, why)
                continue
            report.take(status, made)
            events += made
        return events

    async def _write(
        self, checkpoint: Checkpoint, events: list[Known], position: Mapping[str, Any], report: Report
    ) -> Report:
        """The report with what became of the batch's events, which is written with them."""

        def counted(written: Written) -> Report:
            return report.model_copy(
                update={
                    "new": report.new + written.new,
                    "known": report.known + written.known,
                    "contradicting": report.contradicting + written.contradicting,
                }
            )

        if self._rehearsal is not None:
            return counted(await self._rehearsal.look(events))
        written = await self._store.imports.write(
            checkpoint, events, position, lambda each: counted(each).model_dump(mode="json"), self._clock.now()
        )
        return counted(written)


def _batches(rows: Iterator[Read]) -> Iterator[tuple[list[Read], bool]]:
    """Batches of rows, each with whether it is the last."""
    batch = list(islice(rows, BATCH_ROWS))
    while batch:
        following = list(islice(rows, BATCH_ROWS))
        yield batch, not following
        batch = following


def _kept(place: Any) -> int | str:
    """A place as a checkpoint keeps it."""
    if isinstance(place, Decimal) and place == place.to_integral_value():
        return int(place)
    if isinstance(place, int | str):
        return place
    raise BadRequest("The key of a database table is to be a whole number or a text.")
