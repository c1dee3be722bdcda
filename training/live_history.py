"""A platform's own database as the observable tables: what a model of real claims is trained on.

One snapshot, read only. Each case gives the row of its last assessment, with what that assessment saw; labels are
settled as the audit settles them, and a plain decision counts only once it has stood for the maturing time. An approval
that the audit did not draw has no label, even where it is charged back later: counting those that come to light by
themselves would count wrong ones only.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg.rows import dict_row
from pydantic import ValidationError
from tqdm import tqdm

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Assessment, Decision, PlatformMode
from service.domain.cases import CaseState
from service.domain.certificate import Origin
from service.domain.claims import Claim
from service.domain.codec import canonical, from_data, to_data
from service.domain.errors import ConfigurationError
from service.domain.labels import Label, LabelSource, SampledCase
from service.policy import Policy, load_policy
from service.policy.adjudication import settle
from service.store.assessments import from_document
from service.store.history import entity_ids

ADJUDICATIONS = "adjudications.csv"
_BATCH = 20_000
_MOMENT = pa.timestamp("us", "UTC")
_TEXTS = (
    "account_id", "device_id", "payer_id", "ip", "seller_id", "product_id", "order_number", "case_id"
)  # fmt: skip
EVENTS = pa.schema(
    [
        ("event_id", pa.string()),
        ("kind", pa.string()),
        ("occurred_at", _MOMENT),
        ("recorded_at", _MOMENT),
        *((name, pa.string()) for name in _TEXTS),
        ("amount", pa.int64()),
        ("currency", pa.string()),
        ("outcome", pa.string()),
    ]
)
CLAIMS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("as_of", _MOMENT),
        *((name, pa.string()) for name in _TEXTS[:-1]),
        ("amount", pa.int64()),
        *((name, pa.string()) for name in ("record", "evidence", "checks")),
        ("reused_orders", pa.int64()),
        ("reused_accounts", pa.int64()),
        ("route", pa.string()),
        ("drawn", pa.bool_()),
        ("draw_probability", pa.float64()),
        ("score", pa.float64()),
        ("score_seen", pa.bool_()),
    ]
)
LABELS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("wrong", pa.int64()),
        ("wrong_share", pa.float64()),
        ("recorded_at", _MOMENT),
        ("source", pa.string()),
        ("reviewer", pa.string()),
        ("score_seen", pa.bool_()),
        ("draw_probability", pa.float64()),
    ]
)
_EVENTS = (
    "SELECT event_id, kind, occurred_at, recorded_at, account_id, device_id, payer_id, ip, seller_id, product_id, "
    "order_number, case_id::text AS case_id, amount_minor AS amount, currency, outcome FROM history_events "
    "WHERE platform_id = %s AND recorded_at < %s ORDER BY recorded_at, event_id"
)
_CASES = (
    "SELECT c.id, c.number, c.state, c.claim, c.decided_at, a.document, a.recorded_at FROM cases c "
    "JOIN assessments a ON a.platform_id = c.platform_id AND a.case_id = c.id AND a.superseded_at IS NULL "
    "WHERE c.platform_id = %s AND a.recorded_at < %s ORDER BY c.as_of, c.id"
)
_LABELS = "SELECT * FROM labels WHERE platform_id = %s AND recorded_at < %s ORDER BY recorded_at, id"
_OUTCOMES = (
    "SELECT case_id, kind, recorded_at FROM history_events WHERE platform_id = %s AND recorded_at < %s "
    "AND case_id IS NOT NULL AND kind IN ('refund_granted', 'refund_rejected', 'refund_wrong', 'chargeback') "
    "ORDER BY recorded_at"
)
# What was never decided has no outcome, and nobody will look at it.
_NEVER_DECIDED = frozenset({CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.AWAITING_MATERIALS})
_EVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Exported:
    """``left_out``: cases that were never decided (withdrawn, lapsed, materials asked for). ``unknown_policy``: claims
    decided under a policy text that is not stored; their approvals count as never audited."""

    folder: Path
    events: int
    claims: int
    labels: int
    left_out: int
    unknown_policy: int


def export_history(
    conninfo: str, platform_id: str, folder: Path, *, until: datetime, maturing: timedelta, progress: bool = False
) -> Exported:
    """Write events, claims and labels recorded before ``until`` to ``folder``, and what the audit settled as
    adjudications.csv; readable by its owner alone, as the records hold personal data. ``conninfo``: libpq's.
    ``maturing``: how long a plain decision must stand before it is a label.

    ConfigurationError if the platform has no cases, a stored document does not fit, or the folder holds something else.
    """
    if folder.exists() and not _ours(folder):
        raise ConfigurationError(f"{folder} exists and is no earlier export of a platform; choose another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as scratch:
        made = Path(scratch) / "tables"
        made.mkdir(mode=0o700)
        with psycopg.connect(conninfo, row_factory=dict_row) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            export = _Export(connection, platform_id, until, maturing, made, progress)
            told = export.write(folder)
        if folder.exists():
            folder.replace(Path(scratch) / "old")
        made.replace(folder)
    return told


def _ours(folder: Path) -> bool:
    try:
        facts = json.loads((folder / "world.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(facts.get("origin") in (Origin.OBSERVED.value, Origin.LIVE.value))


@dataclass(slots=True)
class _Export:
    connection: psycopg.Connection[dict[str, Any]]
    platform_id: str
    until: datetime
    maturing: timedelta
    folder: Path
    progress: bool

    def write(self, target: Path) -> Exported:
        policies = self._policies()
        labels, outcomes = self._labels(), self._outcomes()
        claims: list[dict[str, Any]] = []
        settled: list[dict[str, Any]] = []
        left_out = unknown = 0
        modes: set[PlatformMode | None] = set()
        for entry in self._rows("cases", _CASES):
            assessment = self._assessment(entry)
            if entry["state"] in _NEVER_DECIDED or assessment.verdict.decision is Decision.MATERIALS_NEEDED:
                left_out += 1
                continue
            policy = policies.get(assessment.versions.get("policy_text", ""))
            unknown += policy is None
            modes.add(assessment.mode)
            claim = _claim_row(entry, assessment, policy)
            label = self._label(entry, claim, labels.get(entry["id"], []), outcomes.get(entry["id"], []))
            claims.append(claim | {"score_seen": bool(label and label["score_seen"])})
            settled += [label] if label else []
        if not claims:
            raise ConfigurationError(
                f"platform {self.platform_id} has no decided cases: there is nothing to learn from"
            )
        pq.write_table(pa.Table.from_pylist(claims, CLAIMS), self.folder / "claims.parquet", compression="zstd")
        pq.write_table(pa.Table.from_pylist(settled, LABELS), self.folder / "labels.parquet", compression="zstd")
        self._adjudications(settled)
        events = self._events()
        origin = Origin.LIVE if PlatformMode.LIVE in modes else Origin.OBSERVED
        facts = self._facts(claims, events, Origin.SIMULATED if PlatformMode.DEMO in modes else origin)
        (self.folder / "world.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
        return Exported(target, events, len(claims), len(settled), left_out, unknown)

    def _rows(self, name: str, query: str) -> Iterator[dict[str, Any]]:
        """Through a cursor on the server, so that a long history does not have to fit in memory."""
        with self.connection.cursor(name) as cursor:
            cursor.itersize = _BATCH
            cursor.execute(query, (self.platform_id, self.until))
            yield from tqdm(cursor, desc=name, unit="row", disable=not self.progress)

    def _events(self) -> int:
        count, batch = 0, list[dict[str, Any]]()
        with pq.ParquetWriter(self.folder / "events.parquet", EVENTS, compression="zstd") as writer:
            for row in self._rows("events", _EVENTS):
                batch.append(row)
                if len(batch) == _BATCH:
                    writer.write_table(pa.Table.from_pylist(batch, EVENTS))
                    count, batch = count + len(batch), []
            writer.write_table(pa.Table.from_pylist(batch, EVENTS))
        return count + len(batch)

    def _adjudications(self, labels: Sequence[Mapping[str, Any]]) -> None:
        """What the audit settled, as ``prereview-train certificate issue`` reads it."""
        with (self.folder / ADJUDICATIONS).open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["claim_id", "loss_share", "recorded_at"])
            writer.writerows(
                [one["claim_id"], one["wrong_share"], one["recorded_at"].isoformat()]
                for one in labels
                if one["source"] == LabelSource.AUDIT.value
            )

    def _policies(self) -> dict[str, Policy]:
        """By fingerprint."""
        # What nobody signed off never decided anything.
        texts = self.connection.execute(
            "SELECT text FROM policies WHERE platform_id = %s AND step = 'signed_off'", (self.platform_id,)
        )
        read = (load_policy(row["text"]) for row in texts)
        return {policy.fingerprint: policy for policy in read}

    def _labels(self) -> dict[Any, list[Label]]:
        found: dict[Any, list[Label]] = {}
        for row in self._rows("labels", _LABELS):
            label = Label(
                platform_id=row["platform_id"],
                case_id=row["case_id"],
                source=LabelSource(row["source"]),
                reviewer=Actor(ActorKind(row["reviewer_kind"]), row["reviewer_name"]),
                loss_share=row["loss_share"],
                recorded_at=row["recorded_at"],
                score_seen=row["score_seen"],
                draw_probability=row["draw_probability"],
            )
            found.setdefault(row["case_id"], []).append(label)
        return found

    def _outcomes(self) -> dict[Any, list[Mapping[str, Any]]]:
        found: dict[Any, list[Mapping[str, Any]]] = {}
        for row in self._rows("outcomes", _OUTCOMES):
            found.setdefault(row["case_id"], []).append(row)
        return found

    def _assessment(self, entry: Mapping[str, Any]) -> Assessment:
        try:
            return from_document(entry["document"])
        except ValidationError as error:
            raise ConfigurationError(
                f"the assessment of case {entry['number']} was stored by another version"
            ) from error

    def _label(
        self,
        entry: Mapping[str, Any],
        claim: Mapping[str, Any],
        labels: Sequence[Label],
        outcomes: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any] | None:
        if claim["drawn"]:
            told = _settled(entry, claim, labels, self.until)
        elif claim["route"] != "person":
            told = None
        else:
            told = self._of_labels(labels) or self._of_events(outcomes)
        if told is None or told[1] >= self.until:
            return None
        share, moment, source, reviewer, score_seen = told
        return {
            "claim_id": claim["claim_id"],
            "wrong": int(share >= 0.5),
            "wrong_share": share,
            "recorded_at": moment,
            "source": source,
            "reviewer": reviewer,
            "score_seen": score_seen,
            "draw_probability": claim["draw_probability"],
        }

    def _of_labels(self, labels: Sequence[Label]) -> _Told | None:
        """The last word. A plain decision may still be appealed or found out: it is a label once it has stood."""
        if not labels:
            return None
        last = labels[-1]
        final = last.recorded_at + (self.maturing if last.source is LabelSource.REVIEW else timedelta())
        source = "reviewer" if last.source is LabelSource.REVIEW else last.source.value
        return last.loss_share, final, source, last.reviewer.name, last.score_seen

    def _of_events(self, outcomes: Sequence[Mapping[str, Any]]) -> _Told | None:
        """Where nobody labelled the case, what the platform told of it."""
        kinds = [one["kind"] for one in outcomes]
        if not kinds:
            return None
        for one in outcomes:
            if one["kind"] in ("refund_wrong", "chargeback"):
                source = "chargeback" if one["kind"] == "chargeback" else "settlement"
                return 1.0, one["recorded_at"], source, None, False
        last = outcomes[-1]
        refused = last["kind"] == "refund_rejected"
        overturned = not refused and "refund_rejected" in kinds
        final = last["recorded_at"] + (timedelta() if overturned else self.maturing)
        return float(refused), final, "appeal" if overturned else "reviewer", None, False

    def _facts(self, claims: Sequence[Mapping[str, Any]], events: int, origin: Origin) -> dict[str, Any]:
        """The same facts a simulated world tells of itself; days are counted from the first claim."""
        return {
            "origin": origin.value,
            "platform": self.platform_id,
            "parameters": "none: records of a platform",
            "parameters_digest": "",
            "seed": None,
            "start": min(claim["as_of"] for claim in claims).isoformat(),
            "end": self.until.isoformat(),
            "orders": len({claim["order_number"] for claim in claims}),
            "claims": len(claims),
            "events": events,
            "accounts": len({claim["account_id"] for claim in claims}),
            "label_delay_days": self.maturing / timedelta(days=1),
        }


_Told = tuple[float, datetime, str, str | None, bool]


def _claim_row(entry: Mapping[str, Any], assessment: Assessment, policy: Policy | None) -> dict[str, Any]:
    claim = from_data(Claim, entry["claim"])
    route, drawn, probability = _way(assessment, policy)
    return {
        "claim_id": str(entry["id"]),
        "as_of": assessment.as_of,
        **entity_ids(claim),
        "order_number": claim.order.order_number,
        "amount": claim.amount_claimed.minor,
        "record": canonical(to_data(claim)).decode(),
        "evidence": orjson.dumps([to_data(one) for one in assessment.evidence]).decode(),
        "checks": orjson.dumps([to_data(one) for one in assessment.checks]).decode(),
        "reused_orders": assessment.reused_orders,
        "reused_accounts": assessment.reused_accounts,
        "route": route,
        "drawn": drawn,
        "draw_probability": probability,
        "score": assessment.risk.probability if assessment.risk else None,
    }


def _way(assessment: Assessment, policy: Policy | None) -> tuple[str, bool, float]:
    """(route, drawn, chance that people are asked). A class outside the audit is never looked at."""
    audited = frozenset(policy.audit.classes) if policy else frozenset()
    verdict, would = assessment.verdict, assessment.would_have_been
    if verdict.decision is Decision.AUTO_APPROVED and verdict.approval_class:
        chance = assessment.draw_probability if verdict.approval_class in audited else 0.0
        return verdict.approval_class, assessment.audited_later, chance
    observing = assessment.held_back or assessment.mode in (PlatformMode.OBSERVING, PlatformMode.STOPPED)
    if assessment.audit_drawn and not observing and would is not None and would.approval_class in audited:
        return str(would.approval_class), True, assessment.draw_probability
    return "person", False, 1.0


def _settled(
    entry: Mapping[str, Any], claim: Mapping[str, Any], labels: Sequence[Label], until: datetime
) -> _Told | None:
    """The audit's own finding; None while it is open."""
    case = SampledCase(
        case_id=entry["id"],
        number=entry["number"],
        drawn_at=entry["recorded_at"],
        amount_minor=claim["amount"],
        currency="",
        approval_class=claim["route"],
        certificate=None,
        labels=tuple(labels),
    )
    found = settle(case, within=_EVER, now=until)
    if found is None:
        return None
    people = ", ".join(dict.fromkeys(label.reviewer.name for label in labels))
    return found.loss_share, found.settled_at, "audit", people, any(label.score_seen for label in labels)
