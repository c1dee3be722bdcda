"""Accounts that share device, payer, address or screenshots with the claimant's: a list and a small graph."""

from __future__ import annotations

from dataclasses import dataclass

from service.console.case_page.surroundings import LinkedAccount, Shared, Surroundings
from service.console.foreign_text import visible
from service.domain.assessment import Assessment, Text
from service.domain.masking import mask_text

ACCOUNTS_DRAWN = 8
WIDTH, ROW = 340, 22
_MIDDLE, _RIGHT = 150, 230
_NAMES = {
    Shared.DEVICE: Text(zh="设备", en="device"),
    Shared.PAYER: Text(zh="付款人", en="payer"),
    Shared.IP: Text(zh="IP", en="IP address"),
    Shared.SCREENSHOT: Text(zh="截图", en="screenshot"),
}
# What is counted of each, and over how many days.
_COUNTED = {
    Shared.DEVICE: (("device_accounts_30d", 30), ("device_refunds_requested_30d", 30)),
    Shared.PAYER: (("payer_accounts_90d", 90), ("payer_refunds_requested_30d", 30)),
    Shared.IP: (("ip_accounts_7d", 7), ("ip_refunds_requested_7d", 7)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCount:
    """How many accounts use the same thing, this one among them, and how many refunds were asked for with it."""

    name: str
    accounts: int | None
    accounts_days: int
    requested: int | None
    requested_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    account: str
    shares: str
    requested: int | None
    granted: int | None
    wrong: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """``kind``: ``self``, ``shared`` or ``other``."""

    kind: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """``left_out``: accounts in the list that the graph has no room for."""

    counts: tuple[SharedCount, ...]
    rows: tuple[LinkRow, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int
    left_out: int


def links(account: str, assessment: Assessment | None, around: Surroundings) -> Links:
    found = _accounts(assessment, around)
    drawn = found[:ACCOUNTS_DRAWN]
    nodes, edges, height = _graph(account, drawn, around.language)
    return Links(
        counts=_counts(assessment, around.language) if assessment is not None else (),
        rows=tuple(_row(each, around.language) for each in found),
        nodes=nodes,
        edges=edges,
        width=WIDTH,
        height=height,
        left_out=len(found) - len(drawn),
    )


def _accounts(assessment: Assessment | None, around: Surroundings) -> list[LinkedAccount]:
    """Those that were looked up, and those that sent one of the pages; who shares most comes first."""
    found = {each.account: each for each in around.linked}
    for one in assessment.reuse if assessment is not None else ():
        if one.counts and not one.same_account:
            known = found.get(one.other_account) or LinkedAccount(account=one.other_account, shares=())
            shares = tuple(dict.fromkeys((*known.shares, Shared.SCREENSHOT)))
            found[one.other_account] = LinkedAccount(
                account=known.account,
                shares=shares,
                requested=known.requested,
                granted=known.granted,
                wrong=known.wrong,
            )
    return sorted(found.values(), key=lambda each: (-len(each.shares), each.account))


def _row(linked: LinkedAccount, language: str) -> LinkRow:
    return LinkRow(
        account=_named(linked.account),
        shares=(", " if language == "en" else "、").join(_NAMES[each].get(language) for each in linked.shares),
        requested=linked.requested,
        granted=linked.granted,
        wrong=linked.wrong,
    )


def _counts(assessment: Assessment, language: str) -> tuple[SharedCount, ...]:
    found = []
    for shared, ((accounts, over), (requested, within)) in _COUNTED.items():
        if assessment.history.get(accounts) is not None or assessment.history.get(requested) is not None:
            found.append(
                SharedCount(
                    name=_NAMES[shared].get(language),
                    accounts=_whole(assessment.history.get(accounts)),
                    accounts_days=over,
                    requested=_whole(assessment.history.get(requested)),
                    requested_days=within,
                )
            )
    return tuple(found)


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _graph(account: str, linked: list[LinkedAccount], language: str) -> tuple[tuple[Node, ...], tuple[Edge, ...], int]:
    """The claimant at the left, what is shared in the middle, the others at the right; nothing without others."""
    if not linked:
        return (), (), 0
    shared = [each for each in Shared if any(each in one.shares for one in linked)]
    height = ROW * (max(len(shared), len(linked)) + 1)
    middle = {each: _spread(place, len(shared), height) for place, each in enumerate(shared)}
    right = [_spread(place, len(linked), height) for place in range(len(linked))]
    nodes = [Node(kind="self", label=_named(account), x=12, y=height // 2)]
    nodes += [Node(kind="shared", label=_NAMES[each].get(language), x=_MIDDLE, y=y) for each, y in middle.items()]
    nodes += [
        Node(kind="other", label=_named(one.account), x=_RIGHT, y=y) for one, y in zip(linked, right, strict=True)
    ]
    edges = [Edge(x1=12, y1=height // 2, x2=_MIDDLE, y2=y) for y in middle.values()]
    edges += [
        Edge(x1=_MIDDLE, y1=middle[each], x2=_RIGHT, y2=y)
        for one, y in zip(linked, right, strict=True)
        for each in one.shares
    ]
    return tuple(nodes), tuple(edges), height


def _spread(place: int, count: int, height: int) -> int:
    return round(height * (place + 1) / (count + 1))


def _named(account: str) -> str:
    """Some platforms name accounts by phone or mail address."""
    return visible(mask_text(account), 40)
