"""The work of this process and the standing of the deployment as metrics. No label names a platform.

What needs the database was looked at a moment ago: a scrape asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.domain.operations import Backlog, BudgetStanding, OperationStanding
from service.review.operations import BOUNDS, OperationsWatch, Parts, WorkDone


class OperationCollector(Collector):
    def __init__(self, watch: OperationsWatch) -> None:
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        watch = self._watch
        yield from _work(watch.done)
        yield from _parts(watch.parts())
        if watch.looked_at is not None:
            yield _gauge(
                "prereview_operations_looked_at_timestamp_seconds",
                "When the database was last asked for the gauges of queues and money.",
                watch.looked_at.timestamp(),
            )
        if watch.standing is not None:
            yield from _queues(watch.standing)
            yield from _money(watch.standing)
        if watch.budgets is not None:
            yield from _budgets(watch.budgets)


def _work(done: WorkDone) -> Iterator[Metric]:
    seconds = HistogramMetricFamily(
        "prereview_assessment_stage_seconds", "Seconds each stage of an assessment took.", labels=["stage"]
    )
    names = [*(str(bound) for bound in BOUNDS), "+Inf"]
    for stage, found in tuple(done.stages.items()):
        buckets = list(zip(names, accumulate(found.steps), strict=True))
        seconds.add_metric([stage], buckets=buckets, sum_value=found.seconds)
    yield seconds
    decisions = CounterMetricFamily(
        "prereview_decisions",
        "Decisions made by the service itself, by kind and by the class approved under.",
        labels=["decision", "approval_class"],
    )
    for (decision, approval_class), count in tuple(done.decisions.items()):
        decisions.add_metric([decision, approval_class], count)
    yield decisions
    yield CounterMetricFamily(
        "prereview_approvals_not_held",
        "Approvals that no longer held when they were stored: a budget was full, or the platform was stopped.",
        value=done.not_held,
    )
    faults = CounterMetricFamily(
        "prereview_assessment_faults", "What failed on the way of assessments; a person decides then.", labels=["fault"]
    )
    for fault, count in tuple(done.faults.items()):
        faults.add_metric([fault], count)
    yield faults


def _parts(parts: Parts) -> Iterator[Metric]:
    reader = parts.reader
    for name, text, value in (
        ("prereview_reader_processes", "OCR processes meant to run.", reader["workers"]),
        ("prereview_reader_processes_alive", "OCR processes running.", len(reader["alive"])),
        ("prereview_reader_busy", "Images being read or compared.", reader["busy"]),
        ("prereview_reader_waiting", "Images that wait for a reader.", reader["waiting"]),
        ("prereview_reader_waiting_limit", "Images that may wait; more are refused.", reader["max_waiting"]),
        ("prereview_database_connections", "Connections this process may have.", parts.connections),
        ("prereview_database_connections_in_use", "Connections in use.", parts.connections_in_use),
        ("prereview_assessing_in_requests", "Claims being assessed in their requests.", parts.assessing),
        ("prereview_idempotent_writes_in_progress", "Writes with an Idempotency-Key in progress.", parts.writing),
    ):
        yield _gauge(name, text, value)
    yield CounterMetricFamily(
        "prereview_reader_restarts", "Times the OCR processes were replaced all together.", value=reader["rebuilds"]
    )
    images = CounterMetricFamily("prereview_reader_images", "Images by what became of them.", labels=["outcome"])
    for outcome, count in reader["outcomes"].items():
        images.add_metric([outcome], count)
    yield images


def _queues(found: OperationStanding) -> Iterator[Metric]:
    lanes = [([lane.value], each) for lane, each in found.lanes.items()]
    yield _labelled(
        "prereview_cases_waiting", "Cases that wait for a person.", "lane", ((n, one.cases) for n, one in lanes)
    )
    yield _labelled(
        "prereview_cases_waiting_age_seconds",
        "Age of the oldest case that waits for a person.",
        "lane",
        ((n, one.oldest_seconds) for n, one in lanes),
    )
    yield _labelled(
        "prereview_cases_waiting_overdue",
        "Cases that wait for a person past their promised time.",
        "lane",
        ((n, one.overdue) for n, one in lanes),
    )
    yield from _backlogs(
        "prereview_assessments_pending",
        "Cases to be assessed: first, with their Idempotency-Key in flight, or again",
        "kind",
        {"first": found.first, "again": found.again},
    )
    yield from _backlogs(
        "prereview_deadlines_overdue", "Deadlines that passed and are not handled yet", "kind", found.deadlines
    )
    yield _labelled("prereview_jobs", "Jobs by state.", "state", (([name], n) for name, n in found.jobs.items()))
    yield _gauge("prereview_jobs_due_age_seconds", "How long the oldest due job waits.", found.oldest_job_seconds)


def _money(found: OperationStanding) -> Iterator[Metric]:
    modes = (([mode], count) for mode, count in found.platforms.items())
    yield _labelled("prereview_platforms", "Platforms by mode.", "mode", modes)
    yield _gauge("prereview_breakers_tripped", "Platforms whose breaker has tripped.", found.breakers)
    yield _gauge("prereview_incidents_open", "Incidents that go on.", found.incidents)
    yield _gauge(
        "prereview_incidents_unconfirmed", "Of them noticed and not confirmed by a person.", found.incidents_unconfirmed
    )
    yield _gauge("prereview_obligations_open", "Obligations of grants not confirmed yet.", found.obligations.count)
    yield _gauge(
        "prereview_obligations_open_age_seconds", "Age of the oldest of them.", found.obligations.oldest_seconds
    )
    odd = (([kind], count) for kind, count in found.anomalies.items())
    yield _labelled("prereview_anomalies", "What did not add up in payments, ever found.", "kind", odd)


def _budgets(found: BudgetStanding) -> Iterator[Metric]:
    yield _labelled(
        "prereview_budget_fullest_ratio",
        "Largest share taken of a budget by one entity of a kind, over all platforms.",
        "entity",
        (([kind], share) for kind, share in found.fullest.items()),
    )
    yield _labelled(
        "prereview_budgets_full",
        "Entities of a kind whose budget is full.",
        "entity",
        (([kind], count) for kind, count in found.full.items()),
    )


def _backlogs(name: str, text: str, label: str, found: Mapping[str, Backlog]) -> Iterator[Metric]:
    yield _labelled(name, f"{text}.", label, (([kind], one.count) for kind, one in found.items()))
    ages = (([kind], one.oldest_seconds) for kind, one in found.items())
    yield _labelled(f"{name}_age_seconds", f"{text}: age of the oldest.", label, ages)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _labelled(name: str, text: str, label: str, found: Iterable[tuple[list[str], float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for labels, value in found:
        family.add_metric(labels, float(value))
    return family
