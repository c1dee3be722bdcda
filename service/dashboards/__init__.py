"""Ready-made views of the metrics: a dashboard for Grafana and alert rules for Prometheus."""

from __future__ import annotations

from importlib import resources


def dashboard() -> str:
    """The dashboard as JSON, to import into Grafana."""
    return _text("grafana.json")


def alerts() -> str:
    """The rules as YAML, for Prometheus' ``rule_files``; each says in ``runbook`` what to do."""
    return _text("alerts.yaml")


def _text(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")
