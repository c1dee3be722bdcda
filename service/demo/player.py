"""Plays the scenarios through the HTTP API and shows one readable table."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.demo.scenarios import Scenario, scenarios, unmet

_STYLE = {"auto_approved": "green", "manual_review": "yellow", "materials_needed": "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One claim with its answer. ``ms`` is the whole request as the caller sees it."""

    scenario: Scenario
    answer: dict[str, Any]
    unmet: list[str]
    ms: float


def play(address: str, key: str, language: str) -> list[Played]:
    """Post every scenario in order; a problem answer is shown as such and counts as unmet."""
    played: list[Played] = []
    earlier: dict[str, dict[str, Any]] = {}
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        for scenario in scenarios():
            start = time.perf_counter()
            answer = _post(client, scenario)
            ms = (time.perf_counter() - start) * 1e3
            problems = unmet(scenario, answer, earlier) if "case_id" in answer else [f"refused: {answer.get('detail')}"]
            earlier[scenario.id] = answer
            played.append(Played(scenario=scenario, answer=answer, unmet=problems, ms=ms))
    return played


def _post(client: httpx.Client, scenario: Scenario) -> dict[str, Any]:
    parts: list[tuple[str, tuple[str, bytes, str]]] = [
        ("claim", ("claim.json", orjson.dumps(scenario.claim), "application/json"))
    ]
    parts += [("evidence", (path.name, path.read_bytes(), "application/octet-stream")) for path in scenario.files]
    response = client.post("/v1/pre-reviews", files=parts, headers={"Idempotency-Key": f"demo-{scenario.id}"})
    document: dict[str, Any] = response.json()
    return document


def table(played: list[Played], language: str) -> Table:
    """Claim, what was read, decision, top three reasons, milliseconds."""
    shown = Table(title="prereview demo (simulated platform)", title_justify="left", show_lines=True, expand=False)
    shown.add_column("claim", max_width=30, overflow="fold")
    shown.add_column("what was read", max_width=44, overflow="fold")
    shown.add_column("decision", max_width=20, overflow="fold")
    shown.add_column("top reasons", max_width=56, overflow="fold")
    shown.add_column("ms", justify="right")
    for item in played:
        shown.add_row(
            Text(item.scenario.title[language]), _read(item), _decision(item), _reasons(item), f"{item.ms:.0f}"
        )
    return shown


def _read(item: Played) -> Text:
    lines = []
    for evidence in (item.answer.get("internal") or {}).get("evidence", []):
        if evidence["status"] != "read":
            lines.append(f"{evidence['status']}: {evidence['reason'] or 'no text'}")
            continue
        fields = evidence["fields"]
        values = [_value(name, fields[name]["value"]) for name in _SHOWN if name in fields]
        lines.append(f"{evidence['page']}: {', '.join(values) or 'no field'}")
    return Text("\n".join(lines) or "no upload")


_SHOWN = ("order_number", "trade_number", "amount", "ordered_at", "paid_at", "error_prompt")


def _value(name: str, value: Any) -> str:
    return f"¥{value / 100:.2f}" if name == "amount" else str(value)


def _decision(item: Played) -> Text:
    decision = str(item.answer.get("decision"))
    text = Text(decision, style=_STYLE.get(decision, "red"))
    if amount := item.answer.get("amount"):
        text.append(f"\n¥{amount / 100:.2f}")
    for obligation in item.answer.get("obligations") or []:
        text.append(f"\n+ {obligation}")
    if item.answer.get("linked_claim_id"):
        text.append("\n= the live case")
    text.append(
        "\nas expected" if not item.unmet else "\n" + "; ".join(item.unmet), style="dim" if not item.unmet else "red"
    )
    return text


def _reasons(item: Played) -> Text:
    reasons = (item.answer.get("internal") or {}).get("reasons", [])[:3]
    return Text("\n".join(f"· {reason['text']}" for reason in reasons))


def show(played: list[Played], language: str, console: Console) -> bool:
    """Print the table; True if every claim got the answer expected."""
    console.print(table(played, language))
    good = sum(not item.unmet for item in played)
    if not any(_certified(item) for item in played):
        console.print("No threshold is certified: risk alone approves nothing, and a person was expected instead.")
    console.print(f"{good} of {len(played)} claims got the decision expected.")
    return good == len(played)


def _certified(item: Played) -> bool:
    return bool(((item.answer.get("internal") or {}).get("risk") or {}).get("certificate"))
