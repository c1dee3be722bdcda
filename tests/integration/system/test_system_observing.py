"""What a running service and its worker show of themselves: traces, logs and metrics, and nobody's data in any."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest
import yaml
from otlp_receiver import Collector, attributes, collecting
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from running_service import Child, Server, Site, free_port, new_claim, screen, wait_for

from service import dashboards
from service.api.model_metrics import ModelCollector
from service.review.monitoring import DriftFigures, ModelsAtWork
from service.review.shadowing import ShadowCounts

STAGES = {"files", "history", "reading", "reuse", "checks", "features", "scoring", "policy"}
REQUEST = "POST /v1/pre-reviews"
STATEMENT = "我的手机号是13912345678，收款人欧阳修远，请把钱退到招商银行6225880212345678。"
# There is a mode of the platform's name.
_PLATFORM = re.compile(r'\bplatform(_id)?=|(?<!mode)="demo"')
FILE_NAME = "欧阳修远的身份证.png"

AT_WORK = ModelsAtWork(
    champion="v1",
    shadow="v2",
    refused=False,
    certificate_expires_at=datetime(2027, 5, 19, tzinfo=UTC),
    shadow_counts=ShadowCounts(scored=7, dropped=1, failed=2),
    drift=DriftFigures(claims=900, psi={"score": 0.03}, features={"act": 1}, approved_share=0.25),
)


@dataclass(frozen=True, slots=True)
class House:
    site: Site
    server: Server
    worker: Child
    metrics: str
    collector: Collector

    def logs(self) -> str:
        return self.server.child.log.read_text() + self.worker.log.read_text()

    def worker_metrics(self) -> str:
        with httpx.Client(trust_env=False) as http:
            return http.get(self.metrics).text


@pytest.fixture(scope="module")
def house(make_site: Callable[..., Site]) -> Iterator[House]:
    """A server and a worker, busy with all that may go wrong, by the time the tests look."""
    port = free_port()
    with collecting() as collector:
        site = make_site(
            PREREVIEW_READER_WORKERS="1",
            PREREVIEW_LOG_FORMAT="json",
            PREREVIEW_OTLP_ENDPOINT=collector.address,
            PREREVIEW_WEBHOOK_ALLOW_PRIVATE="true",
            OTEL_BSP_SCHEDULE_DELAY="200",
        )
        with site.serving() as server, site.working(PREREVIEW_METRICS_PORT=str(port)) as worker:
            house = House(site, server, worker, f"http://127.0.0.1:{port}/metrics", collector)
            yield house


@dataclass(frozen=True, slots=True)
class Busy:
    values: frozenset[str]
    case_id: str
    later_id: str
    trace_id: str
    request_id: str


@pytest.fixture(scope="module")
def busy(house: House) -> Busy:
    """Everything of a claim that is somebody's, sent in ways that succeed and in ways that fail."""
    server, site, values = (
        house.server,
        house.site,
        {STATEMENT, FILE_NAME, "欧阳修远", "13912345678", "6225880212345678"},
    )

    def claim() -> dict[str, Any]:
        made = new_claim(statement=STATEMENT)
        made["order"]["trade_number"] = str(uuid.uuid4().int)[:22]
        made["order"]["product"]["name"] = "欧阳家的游戏点卡"
        values.update(made["account"][name] for name in ("id", "device_id", "payer_id", "ip"))
        values.update((made["order"]["order_number"], made["order"]["trade_number"], made["reference"]))
        values.add(made["order"]["product"]["name"])
        return made

    def submit(made: dict[str, Any], *files: bytes, **headers: str) -> httpx.Response:
        key = f"13698765432-{uuid.uuid4().hex}"
        values.update((key, "13698765432"))
        parts: list[Any] = [("claim", ("claim.json", orjson.dumps(made), "application/json"))]
        parts += [("evidence", (FILE_NAME, data, "application/octet-stream")) for data in files]
        with server.http(**{"Idempotency-Key": key, **headers}) as http:
            return http.post("/v1/pre-reviews", files=parts)

    with server.http() as http:
        hook = http.post("/v1/webhooks", json={"url": f"{house.collector.address}/hook"}, headers=_key())
        assert hook.status_code == 201, hook.text
    trace_id, request_id = uuid.uuid4().hex, f"check-{uuid.uuid4().hex}"
    traced = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01", "tracestate": "shop=13912345678"}
    traced |= {"X-Request-Id": request_id, "baggage": "buyer=13912345678"}
    first = submit(claim(), screen(), **traced)
    assert first.status_code == 201, first.text
    case_id = first.json()["case_id"]
    wrong = claim()
    wrong["order"]["currency"], wrong["account"]["opened_at"] = STATEMENT, STATEMENT
    assert submit(wrong).status_code == 422
    later = submit(claim(), b"no picture", Prefer="respond-async")
    assert later.status_code == 202
    with server.http() as http:
        assert http.get("/v1/cases/13912345678").status_code in (404, 422)
        assert http.get("/v1/cases", params={"order_number": "13912345678"}).status_code == 200
        assert http.get("/v1/欧阳修远/13912345678").status_code == 404
        http.post(f"/v1/cases/{case_id}/withdraw", json={"reason": STATEMENT}, headers=_key())
    server.decided(later.json()["case_id"])
    # Errors of the database quote what they were asked with.
    for table, file in (("readings", screen("0005-order_stacked.jpg")), ("order_evidence", screen())):
        site.execute(f"ALTER TABLE {table} RENAME TO gone")
        try:
            submit(claim(), file)
        finally:
            site.execute(f"ALTER TABLE gone RENAME TO {table}")
    assert submit(claim()).status_code in (201, 202)
    return Busy(frozenset(values), case_id, later.json()["case_id"], trace_id, request_id)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def test_a_trace_follows_a_claim_from_the_caller_to_the_decision(house: House, busy: Busy) -> None:
    """Also what the worker does: a job, and a webhook."""

    def complete() -> bool:
        names = {span.name for span in house.collector.spans()}
        return names >= {REQUEST, "accept", "assess", "decide", "job", "webhook"} | STAGES

    wait_for(complete, 15, f"not all spans came: {sorted({one.name for one in house.collector.spans()})}")
    mine = [span for span in house.collector.spans() if span.trace_id.hex() == busy.trace_id]
    (request,) = (span for span in mine if span.name == REQUEST)
    assert request.parent_span_id.hex() == "00f067aa0ba902b7", "the caller's trace goes on"
    assert request.trace_state == ""
    told = attributes(request)
    assert told["http.response.status_code"] == 201
    assert told["prereview.request_id"] == busy.request_id
    (assess,) = (span for span in mine if span.name == "assess")
    assert assess.parent_span_id == request.span_id
    assert attributes(assess)["prereview.case_id"] == busy.case_id
    assert {span.name for span in mine if span.parent_span_id == assess.span_id} == STAGES
    (decide,) = (span for span in mine if span.name == "decide")
    assert attributes(decide)["prereview.decision"] in ("auto_approved", "manual_review", "materials_needed")
    assert attributes(house.collector.named("job")[0])["prereview.case_id"] == busy.later_id
    refused = attributes(house.collector.named("webhook")[0])
    assert refused["http.response.status_code"] == 500
    assert refused["prereview.delivered"] is False


def test_no_byte_sent_to_the_collector_is_of_a_claim(house: House, busy: Busy) -> None:
    wait_for(lambda: len(house.collector.named("assess")) >= 4, 15, "the last assessments were not told")
    sent = b"".join(house.collector.bodies)
    found = [value for value in busy.values if value.encode() in sent or orjson.dumps(value)[1:-1] in sent]
    assert not found
    known = {"service.name", "service.version"}
    assert b"/metrics" not in sent
    assert all(name in known or name.startswith(("http.", "prereview.", "error.")) for name in _attribute_names(house))


def _attribute_names(house: House) -> set[str]:
    return {one.key for span in house.collector.spans() for one in span.attributes}


def test_logs_name_case_and_request_and_nobodys_data(house: House, busy: Busy) -> None:
    logs = house.logs()
    lines = [json.loads(line) for line in logs.splitlines()]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    failed = [line for line in lines if line["event"] == "assessment stage failed"]
    assert failed, "a stage failed while its table was away"
    assert all(uuid.UUID(line["case_id"]) and uuid.UUID(line["request_id"]) for line in failed)
    assert [line for line in lines if line["event"] == "request failed" and line["request_id"]]
    escaped = {json.dumps(value)[1:-1] for value in busy.values}
    assert not [value for value in busy.values | escaped if value in logs]


def test_a_worker_counts_what_it_assesses(house: House, busy: Busy) -> None:
    text = wait_for(house.worker_metrics, 10, "no metrics")
    assert re.search(r'prereview_assessment_stage_seconds_count\{stage="total"\} [1-9]', text)
    assert re.search(r"prereview_decisions_total\{.*decision=\".*\} [1-9]", text)
    assert not _PLATFORM.search(text)


def test_faults_and_stages_are_counted(house: House, busy: Busy) -> None:
    text = house.server.get("/metrics").text
    assert re.search(r'prereview_assessment_faults_total\{fault="reading_failed"\} [1-9]', text)
    for stage in STAGES | {"total"}:
        assert f'prereview_assessment_stage_seconds_count{{stage="{stage}"}}' in text
    assert not _PLATFORM.search(text)


def test_dashboard_and_rules_name_what_can_be_scraped_and_leave_nothing_out(house: House, busy: Busy) -> None:
    """What shows only after an hour, or with a certificate, is asked of its collector."""

    registry = CollectorRegistry()
    registry.register(ModelCollector(lambda: AT_WORK))

    def looked() -> str | None:
        text = house.server.get("/metrics").text
        return text if "prereview_cases_waiting" in text and "prereview_budget_fullest" in text else None

    text = wait_for(looked, 30, "queues and money were not looked at")
    families: dict[str, set[str]] = {}
    for exposed in (text, house.worker_metrics(), generate_latest(registry).decode()):
        for family in text_string_to_metric_families(exposed):
            if family.name.endswith("_created"):  # left out: the client library's own
                continue
            names = families.setdefault(family.name, set())
            names |= {sample.name for sample in family.samples} | SAMPLES[family.type](family.name)
    known = set().union(*families.values())
    shown = set(re.findall(r"prereview_[a-z_]+", _expressions(json.loads(dashboards.dashboard()))))
    alarmed = set(re.findall(r"prereview_[a-z_]+", _expressions(yaml.safe_load(dashboards.alerts()))))
    assert not (shown | alarmed) - known, "no such metric"
    assert not {name for name, samples in families.items() if not samples & shown}, "on no panel"


def _expressions(found: Any) -> str:
    if isinstance(found, dict):
        return " ".join(str(v) if k == "expr" else _expressions(v) for k, v in found.items())
    return " ".join(map(_expressions, found)) if isinstance(found, list) else ""


SAMPLES: dict[str, Callable[[str], set[str]]] = {
    "counter": lambda name: {f"{name}_total"},
    "gauge": lambda name: {name},
    "info": lambda name: {f"{name}_info"},
    "histogram": lambda name: {f"{name}_{part}" for part in ("bucket", "sum", "count")},
}
