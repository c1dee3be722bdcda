"""The size the simulator is built for: a million orders, on two cores."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS, MIB = 300, 4096


@pytest.mark.proof
def test_a_million_orders_take_minutes_and_fit_in_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "training.cli", "simulate", "--orders", "1000000", "--json"]
    done = subprocess.run(
        [*command, "--world", str(tmp_path / "world")], capture_output=True, text=True, check=True, timeout=900
    )
    facts = json.loads(done.stdout)
    print(f"{facts['orders']:,} orders, {facts['claims']:,} claims: {facts['seconds']} s, {facts['peak_mib']} MiB")
    assert facts["claims"] >= 60_000
    assert facts["seconds"] <= SECONDS
    assert facts["peak_mib"] <= MIB
