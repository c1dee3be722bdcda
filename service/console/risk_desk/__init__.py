"""The risk owner's desk: whether money is safe, the switches, the threshold workbench, incidents."""

from __future__ import annotations

from starlette.routing import Route

from service.console.desk import Room
from service.console.risk_desk import incident_page, overview_page, threshold_page
from service.domain.assessment import Text

__all__ = ["RISK"]

RISK = Room(
    path="/risk",
    name=Text(zh="风险", en="Risk"),
    about=Text(
        zh="资金是否安全；停止与恢复、阈值、事故。", en="Whether money is safe; stop and resume, thresholds, incidents."
    ),
    roles=frozenset(overview_page.LOOKS),
    key="k",
    routes=(
        Route("/risk", overview_page.overview, methods=["GET"]),
        Route("/risk/stop", overview_page.confirm_stop, methods=["GET"]),
        Route("/risk/stop", overview_page.stop, methods=["POST"]),
        Route("/risk/proposals", overview_page.propose, methods=["POST"]),
        Route("/risk/proposals/{id}/approve", overview_page.approve, methods=["POST"]),
        Route("/risk/proposals/{id}/decline", overview_page.decline, methods=["POST"]),
        Route("/risk/thresholds", threshold_page.workbench, methods=["GET"]),
        Route("/risk/thresholds", threshold_page.propose, methods=["POST"]),
        Route("/risk/incidents", incident_page.listed, methods=["GET"]),
        Route("/risk/incidents", incident_page.declare, methods=["POST"]),
        Route("/risk/incidents/{id}/approve-all", incident_page.approve_all, methods=["POST"]),
        *(Route(f"/risk/incidents/{{id}}/{act}", incident_page.act, methods=["POST"]) for act in incident_page.ACTIONS),
    ),
)
