"""Run the benchmarks, each in a process of its own: python -m tests.benchmarks [--only NAME] [--json]

Prints one JSON object a result and, unless --json is given, a table for each benchmark at the end. A benchmark that
fails does not stop the others; the exit code is 1 if one failed, and says nothing of aims missed: those are in the
results.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

HERE = Path(__file__).parent
# In this order; ocr_peer.py is run by ocr_page in an environment of its own.
SCRIPTS = (
    "ocr_page",
    "ocr_ids",
    "ocr_pool",
    "ocr_steady",
    "store_decide",
    "store_reuse",
    "audit_chain",
    "case_lists",
    "http_conventions",
    "scoring_bench",
    "startup",
    "http_decisions",
    "shadow_cost",
    "tracing_cost",
    "backfill",
    "import_history",
    "at_scale",
    "console_pages",
    "webhook_delivery",
)


def run(name: str) -> tuple[list[dict[str, Any]], int]:
    """(results, exit code); what is not a result, a table of the script's own, goes to standard error."""
    command = [sys.executable, "-m", f"{__package__}.{name}"]
    results = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1]) as process:
        assert process.stdout
        for line in process.stdout:
            result = _result(line)
            if result is None:
                print(line, end="", file=sys.stderr)
            else:
                results.append(result)
                print(json.dumps({"script": name, **result}, ensure_ascii=False), flush=True)
        code = process.wait()
    return results, code


def _result(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def table(name: str, results: list[dict[str, Any]]) -> Table:
    """One column for each measure any of the results has."""
    columns = list(dict.fromkeys(key for result in results for key in result))
    shown = Table(*columns, title=name, title_justify="left")
    for result in results:
        shown.add_row(*(Text("" if result.get(column) is None else str(result[column])) for column in columns))
    return shown


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--only", metavar="NAME", help=f"a script or the start of its name, of: {', '.join(SCRIPTS)}")
    options.add_argument("--json", action="store_true", help="JSON lines alone")
    chosen = options.parse_args()
    names = [name for name in SCRIPTS if name.startswith(chosen.only or "")]
    if not names:
        options.error(f"there is no benchmark {chosen.only!r}; there are: {', '.join(SCRIPTS)}")
    tables, failed = [], []
    for name in names:
        start = time.monotonic()
        results, code = run(name)
        tables.append(table(f"{name} ({time.monotonic() - start:.0f} s)", results))
        if code:
            failed.append(f"{name} (exit code {code})")
    if not chosen.json:
        console = Console(width=None if sys.stdout.isatty() else 180, highlight=False)
        for one in tables:
            console.print(one)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
