"""Measure the search for re-used pages as a whole: a real database, thousands of other orders' pages, every variant.

Each drawn page is sent for its own order first. Then each of its variants is sent for another order from another
account, and looked for among all that was sent; so are look-alikes, which belong to the order they are sent for.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table
from tqdm import tqdm

from service.domain.cases import Case, CaseState
from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode
from service.domain.errors import NotFound
from service.domain.evidence import Evidence, Read, ReadOutcome
from service.domain.identifiers import new_id
from service.domain.money import Money
from service.domain.reuse import PictureComparison, Reuse, ReuseFindings, ReuseKind, Standing
from service.evidence import extract
from service.evidence.reuse import picture_of
from service.review.reuse import ReuseSearch
from service.store import EmbeddedPostgres, NewEvidence, Store, evidence_records, migrate, pictures
from service.vision.same_picture import compare_pictures
from training.screens.damage import through_chat
from training.screens.picture import opened
from training.screens.reading import Job, read_pages

PLATFORM = "measured"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
_BATCH = 250


@dataclass(frozen=True, slots=True)
class Trial:
    """One variant looked for: what was made of the page it stems from, if anything, and whether others were alleged."""

    kind: str
    layout: str
    telling: bool
    found: Reuse | None
    alleged: int


class _InThreads:
    """The comparison the service has its reader processes do."""

    async def compare(self, one: bytes, other: bytes) -> PictureComparison | None:
        return await asyncio.to_thread(compare_pictures, one, other)


def measure_reuse(
    folder: Path, *, others: int = 5000, seed: int = 1, processes: int = 2, progress: bool = False
) -> dict[str, Any]:
    """By kind of variant: sent, held, noted, alleged. ``others``: pages of other orders on the same templates.

    ``folder``: pages with their edited variants. NotFound without their truth.json.
    """
    truths = _truths(folder)
    with tempfile.TemporaryDirectory(prefix="prereview-chat-") as scratch:
        files, chats = _through_chat(folder, Path(scratch), truths, Random(seed))
        return _measured(files, truths | chats, others, seed, processes, progress)


def _through_chat(
    folder: Path, scratch: Path, truths: Mapping[str, Mapping[str, Any]], rng: Random
) -> tuple[dict[str, Path], dict[str, dict[str, Any]]]:
    """Where every file is, and one more variant of each page: sent on through a chat app twice."""
    files, chats = {name: folder / name for name in truths}, {}
    for name, truth in truths.items():
        if "edit" in truth:
            continue
        again = f"{name.rsplit('.', 1)[0]}--chat.jpg"
        files[again] = scratch / again
        files[again].write_bytes(through_chat(opened((folder / name).read_bytes(), {}), rng).data)
        chats[again] = {**truth, "edit": {"family": "reused", "kind": "chat", "of": name}}
    return files, chats


def _measured(
    files: Mapping[str, Path],
    truths: Mapping[str, Mapping[str, Any]],
    others: int,
    seed: int,
    processes: int,
    progress: bool,
) -> dict[str, Any]:
    jobs = [Job(files[name], None) for name in truths]
    outcomes = dict(tqdm(read_pages(jobs, "onnx", processes), "read", len(jobs), unit="page", disable=not progress))
    with tempfile.TemporaryDirectory(prefix="prereview-reuse-") as scratch:
        base = Path(scratch)
        with EmbeddedPostgres(base / "db", settings={"fsync": "off", "synchronous_commit": "off"}) as server:
            url = server.url()
            migrate(url)
            trials = asyncio.run(_trials(url, base, files, truths, outcomes, others, seed, progress))
    return _counted(trials, others)


def _truths(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "truth.json"
    if not path.is_file():
        raise NotFound(f"{path} is not there; make pages with: prereview-train screens --edits 10 --out {folder}")
    truths: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return truths


async def _trials(
    url: str,
    base: Path,
    files: Mapping[str, Path],
    truths: Mapping[str, Mapping[str, Any]],
    outcomes: Mapping[str, ReadOutcome],
    others: int,
    seed: int,
    progress: bool,
) -> list[Trial]:
    store = Store(url, (base / "evidence").as_uri())
    try:
        evidence = {
            name: _evidence(files[name].read_bytes(), outcomes[name], date.fromisoformat(truth["as_of"]))
            for name, truth in truths.items()
        }
        first = [name for name in truths if "edit" not in truths[name]]
        await _fill(store, [evidence[name] for name in first], others, Random(seed), progress)
        for name in first:
            await _send(store, [evidence[name]], order_of(name))
            await store.write_evidence(PLATFORM, await asyncio.to_thread(files[name].read_bytes))
        # Where saving again changed nothing, the bytes are the same: found without looking.
        variants = [
            name for name, truth in truths.items()
            if "edit" in truth and evidence[name].sha256 != evidence[truth["edit"]["of"]].sha256
        ]  # fmt: skip
        return [
            await _trial(store, files[name], name, truths, evidence)
            for name in tqdm(variants, "looked for", unit="page", disable=not progress)
        ]
    finally:
        await store.close()


async def _trial(
    store: Store, file: Path, name: str, truths: Mapping[str, Mapping[str, Any]], evidence: Mapping[str, Evidence]
) -> Trial:
    """The variant for another order than the first one's; a look-alike for the order it shows."""
    truth, source = truths[name], truths[name]["edit"]["of"]
    await store.write_evidence(PLATFORM, await asyncio.to_thread(file.read_bytes))
    own = truth["fields"] if truth["edit"]["family"] == "lookalike" else {}
    found = await _found(store, evidence[name], name, own)
    first = next((one for one in found.found if one.other_order == order_of(source)), None)
    alleged = sum(one.counts and one.other_order != order_of(source) for one in found.found)
    telling = bool(picture_of(PLATFORM, evidence[source]).facts.facts)
    return Trial(truth["edit"]["kind"], truth["layout"], telling, first, alleged)


async def _found(store: Store, item: Evidence, name: str, own: Mapping[str, Any]) -> ReuseFindings:
    search = ReuseSearch(store, _InThreads())
    case = _case(name, own)
    # Nothing is recorded, so that one variant is not found as the other.
    return await search.of_claim(case, [item], ZONE, NOW, seen_to=2**62)


def order_of(name: str) -> str:
    return f"order of {name}"


def _case(name: str, own: Mapping[str, Any]) -> Case:
    paid_at, ordered_at = (_moment(own.get(field)) for field in ("paid_at", "ordered_at"))
    amount = Money(int(own.get("amount", 1)))
    claim = Claim(
        platform_id=PLATFORM,
        reference=f"claim of {name}",
        account=Account(id=f"account of {name}"),
        order=Order(
            order_number=str(own.get("order_number", order_of(name))),
            product=Product(id="p", name="p", kind=GoodsKind.OTHER),
            seller_id="s",
            amount_paid=amount,
            ordered_at=ordered_at or paid_at or NOW - timedelta(days=400),
            amount_refunded=Money(0),
            paid_at=paid_at,
            trade_number=own.get("trade_number"),
        ),
        fulfilment=Fulfilment(),
        reason=ReasonCode.CODE_INVALID,
        amount_claimed=amount,
    )
    case_id = new_id()
    return Case(
        id=case_id, number=str(case_id), platform_id=PLATFORM, claim=claim, state=CaseState.ASSESSING,
        accepted_at=NOW, as_of=NOW, due_at=NOW,
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text and "T" in text else None


def _evidence(data: bytes, outcome: ReadOutcome, as_of: date) -> Evidence:
    page = extract(outcome, as_of=as_of) if isinstance(outcome, Read) else None
    return Evidence(sha256=hashlib.sha256(data).hexdigest(), outcome=outcome, page=page, size=len(data))


async def _fill(store: Store, templates: Sequence[Evidence], count: int, rng: Random, progress: bool) -> None:
    """Pages of other orders: the same templates and looks, other digits."""
    batch: list[Evidence] = []
    for number in tqdm(range(count), "filled", unit="page", disable=not progress):
        batch.append(_another(templates[number % len(templates)], rng))
        if len(batch) == _BATCH or number + 1 == count:
            await _send(store, batch, None)
            batch = []


def _another(item: Evidence, rng: Random) -> Evidence:
    sha256 = f"{rng.getrandbits(256):064x}"
    if not isinstance(item.outcome, Read):
        return replace(item, sha256=sha256)
    lines = tuple(
        replace(line, text=re.sub(r"\d", lambda _: str(rng.randrange(10)), line.text)) for line in item.outcome.lines
    )
    # Moments must stay moments to be told from each other.
    outcome = replace(item.outcome, lines=tuple(_dated(line, rng) for line in lines))
    return Evidence(sha256=sha256, outcome=outcome, page=extract(outcome, as_of=NOW.date()), size=1)


def _dated(line: Any, rng: Random) -> Any:
    text = re.sub(
        r"\d{4}([-/.年])\d{1,2}([-/.月])\d{1,2}",
        lambda match: f"2026{match[1]}{rng.randrange(1, 13):02d}{match[2]}{rng.randrange(1, 29):02d}",
        line.text,
    )
    text = re.sub(r"\d{1,2}:\d{2}", lambda _: f"{rng.randrange(24):02d}:{rng.randrange(60):02d}", text)
    text = re.sub(r"(:\d\d):\d{2}", lambda match: f"{match[1]}:{rng.randrange(60):02d}", text)
    return replace(line, text=text)


async def _send(store: Store, items: Sequence[Evidence], order: str | None) -> None:
    async with store.transaction() as tx:
        for item in items:
            number = order or f"order {item.sha256}"
            await evidence_records.attach(
                tx, PLATFORM, number, new_id(), f"account of {number}",
                [NewEvidence(sha256=item.sha256, size=item.size)], NOW - timedelta(days=1),
            )  # fmt: skip
        fresh = {item.sha256: picture_of(PLATFORM, item) for item in items}
        await pictures.record(tx, PLATFORM, list(fresh.values()), (), NOW - timedelta(days=1))


def reuse_table(board: Mapping[str, Any]) -> Table:
    table = Table(title=f"re-used pages, looked for among {board['others']:,} others", title_justify="left")
    table.add_column("variant")
    columns = ("pages", "held", "noted", "alleged", *(kind.value for kind in ReuseKind))
    for column in columns:
        table.add_column(column, justify="right")
    for kind, row in board["kinds"].items():
        table.add_row(kind, *(str(row[column]) for column in columns))
    return table


def _counted(trials: Sequence[Trial], others: int) -> dict[str, Any]:
    """``held``: goes to a person; ``noted``: the same picture, but nothing on it names an order."""
    kinds = {kind: [trial for trial in trials if trial.kind == kind] for kind in dict.fromkeys(t.kind for t in trials)}
    return {
        "others": others,
        "kinds": {
            f"{kind}, {name}": _row(some) for kind, found in kinds.items() for name, some in _split(found) if some
        },
    }


def _split(trials: Sequence[Trial]) -> Iterator[tuple[str, list[Trial]]]:
    yield "with facts", [trial for trial in trials if trial.telling]
    yield "without", [trial for trial in trials if not trial.telling]


def _row(trials: Sequence[Trial]) -> dict[str, Any]:
    standings = Counter(trial.found.standing if trial.found else None for trial in trials)
    kinds = Counter(trial.found.kind for trial in trials if trial.found)
    return {
        "pages": len(trials),
        "held": standings[Standing.REUSED] + standings[Standing.DOUBTFUL],
        "noted": standings[Standing.GENERIC],
        "alleged": sum(trial.alleged > 0 for trial in trials),
        **{kind.value: kinds[kind] for kind in ReuseKind},
    }
