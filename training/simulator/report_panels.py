"""The single pictures of a world's report: each draws one distribution on the axes it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from training.simulator.parameters import Parameters
from training.simulator.report_data import WorldTables
from training.simulator.streams import Floats

Panel = Callable[[WorldTables, Parameters | None, Axes], None]
_DUE, _UNDUE = "tab:blue", "tab:red"
_HOUR, _DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")


def _hours(first: pd.Series[Any], last: pd.Series[Any]) -> Floats:
    return np.asarray((last.to_numpy() - first.to_numpy()) / _HOUR, dtype=np.float64)


def _months(tables: WorldTables, axes: Axes) -> None:
    """The first of each month instead of numbers of days."""
    months = np.arange(tables.start.astype("datetime64[M]") + 1, tables.end.astype("datetime64[M]") + 1)
    days = (months.astype("datetime64[D]") - tables.start) / _DAY
    axes.set_xticks([float(day) for day in days], [str(month)[2:] for month in months], fontsize=7, rotation=40)


def orders_per_day(tables: WorldTables, parameters: Parameters | None, axes: Axes) -> None:
    axes.plot(tables.per_day(tables.orders["occurred_at"]), lw=0.9)
    _seasons(tables, parameters, axes)
    _months(tables, axes)
    axes.set(ylabel="orders", title="orders per day (shaded: seasons)", ylim=(0, None))


def claims_per_day(tables: WorldTables, parameters: Parameters | None, axes: Axes) -> None:
    for undue, colour, name in ((False, _DUE, "due"), (True, _UNDUE, "undue")):
        chosen = tables.claims.loc[tables.claims["undue"] == undue, "as_of"]
        axes.plot(tables.per_day(chosen), lw=0.9, color=colour, label=name)
    _outages(tables, parameters, axes)
    _months(tables, axes)
    axes.set(ylabel="claims", title="claims per day (dotted: named outages)", ylim=(0, None))
    axes.legend(fontsize=7)


def _seasons(tables: WorldTables, parameters: Parameters | None, axes: Axes) -> None:
    for season in parameters.value("calendar.seasons") if parameters else []:
        first, last = ((np.datetime64(season[key], "D") - tables.start) / _DAY for key in ("from", "to"))
        axes.axvspan(float(first), float(last), color="orange", alpha=0.2, lw=0)
        axes.annotate(season["name"], (float(first), 0.02), xycoords=("data", "axes fraction"), rotation=90, fontsize=6)


def _outages(tables: WorldTables, parameters: Parameters | None, axes: Axes) -> None:
    for outage in parameters.value("faults.outages") if parameters else []:
        begins = pd.Timestamp(outage["from"]).tz_localize(None).to_datetime64()
        day = float((begins - tables.start) / _DAY)
        axes.axvline(day, color="black", lw=0.9, ls=":")
        axes.annotate(
            outage["category"], (day, 0.97), xycoords=("data", "axes fraction"), rotation=90, fontsize=6, va="top"
        )


def hours_and_weekdays(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    moments = tables.orders["occurred_at"]
    counts = np.zeros((7, 24))
    np.add.at(counts, (moments.dt.day_of_week.to_numpy(), moments.dt.hour.to_numpy()), 1)
    picture = axes.imshow(100 * counts / counts.sum(), aspect="auto", cmap="viridis")
    axes.set_yticks(range(7), ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
    axes.set(xlabel="hour of the day", title="when people buy, % of orders")
    plt.colorbar(picture, ax=axes)


def orders_per_account(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    every = tables.orders["account_id"].value_counts().to_numpy()
    claimed = tables.claims["account_id"].value_counts().to_numpy()
    for counts, name in ((every, "orders"), (claimed, "claims")):
        ranked = np.sort(counts)[::-1]
        axes.loglog(ranked, np.arange(1, len(ranked) + 1), label=f"{name} per account")
    axes.set(xlabel="at least so many", ylabel="accounts", title="how busy accounts are")
    axes.legend(fontsize=7)


def amounts(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    bins = np.geomspace(1, 2000, 45)
    groups = {
        "orders": tables.orders["amount"],
        "claims due": tables.claims.loc[~tables.claims["undue"], "amount"],
        "claims undue": tables.claims.loc[tables.claims["undue"], "amount"],
    }
    for (name, values), colour in zip(groups.items(), ("grey", _DUE, _UNDUE), strict=True):
        _outline(axes, values.to_numpy() / 100, bins, name, colour)
    axes.set(xscale="log", xlabel="¥", ylabel="share", title="amounts")
    axes.legend(fontsize=7)


def _outline(axes: Axes, values: Any, bins: Any, name: str, colour: str) -> None:
    known = values[np.isfinite(values)]
    if len(known):
        axes.hist(known, bins, weights=np.full(len(known), 1 / len(known)), histtype="step", color=colour, label=name)


def _stacked(
    axes: Axes, groups: pd.Series[Any], undue: pd.Series[Any], title: str, order: Sequence[str] | None = None
) -> None:
    """Horizontal bars, due and undue; beside each the undue share."""
    table = pd.crosstab(groups, undue).reindex(columns=[False, True], fill_value=0)
    table = table.loc[list(order)] if order else table.loc[table.sum(axis=1).sort_values().index]
    due, wrong = table[False].to_numpy(), table[True].to_numpy()
    names = [str(name).replace("_", " ") for name in table.index]
    axes.barh(names, due, color=_DUE, label="due")
    axes.barh(names, wrong, left=due, color=_UNDUE, label="undue")
    for row, (first, second) in enumerate(zip(due, wrong, strict=True)):
        axes.annotate(f" {second / max(1, first + second):.0%}", (first + second, row), fontsize=6, va="center")
    axes.set(xlabel="claims (undue share beside)", title=title)
    axes.tick_params(axis="y", labelsize=7)
    axes.margins(x=0.12)
    axes.legend(fontsize=7, loc="lower right")


def reasons(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    _stacked(axes, tables.claims["reason"], tables.claims["undue"], "stated reasons")


def causes(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    _stacked(axes, tables.claims["cause"], tables.claims["undue"], "true causes (truth)")


def categories(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    _stacked(axes, tables.claims["category"], tables.claims["undue"], "categories of goods")


def account_kinds(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    _stacked(axes, tables.claims["account_kind"], tables.claims["undue"], "who claims (truth)")


def claim_rate_by_seller(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    sold = tables.orders["seller_id"].value_counts()
    claimed = tables.claims["seller_id"].value_counts().reindex(sold.index, fill_value=0)
    axes.scatter(sold, 100 * claimed / sold, s=8, alpha=0.6)
    axes.axhline(100 * float(claimed.sum() / sold.sum()), color="grey", lw=0.8)
    axes.set(xscale="log", xlabel="orders of the seller", ylabel="% claimed", title="claim rate by seller")


def sellers_quality(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    """What sellers are in truth against what the tables show of them."""
    sold = tables.orders["seller_id"].value_counts().rename("orders")
    claimed = tables.claims["seller_id"].value_counts().rename("claims")
    joined = tables.sellers.set_index("seller_id").join([sold, claimed]).fillna({"orders": 0, "claims": 0})
    joined = joined[joined["orders"] > 0]
    for colluding, colour, name in ((False, _DUE, "honest"), (True, _UNDUE, "colluding")):
        mine = joined[joined["colluding"] == colluding]
        axes.scatter(mine["badness"], 100 * mine["claims"] / mine["orders"], s=9, alpha=0.6, color=colour, label=name)
    axes.set(xscale="log", xlabel="badness (factor on failures)", ylabel="% claimed", title="sellers (truth)")
    axes.legend(fontsize=7)


def delivery_delay(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    delivered = tables.fulfilments.loc[tables.fulfilments["outcome"].astype(str) == "delivered"]
    joined = delivered.merge(tables.orders[["order_number", "occurred_at"]], on="order_number", suffixes=("", "_order"))
    hours = _hours(joined["occurred_at_order"], joined["occurred_at"])
    _outline(axes, hours, np.geomspace(0.005, 300, 60), "delivered", "grey")
    axes.set(xscale="log", xlabel="hours from order to delivery", ylabel="share", title="delay of delivery")


def claim_delay(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    hours = _hours(tables.claims["paid_at"], tables.claims["as_of"])
    for undue, colour, name in ((False, _DUE, "due"), (True, _UNDUE, "undue")):
        _outline(axes, hours[(tables.claims["undue"] == undue).to_numpy()], np.geomspace(0.02, 1000, 50), name, colour)
    axes.set(xscale="log", xlabel="hours from payment to claim", ylabel="share", title="when people claim")
    axes.legend(fontsize=7)


def ring_sizes(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    rings = tables.claims.loc[tables.claims["ring"] >= 0]
    if len(rings):
        axes.scatter(
            rings.groupby("ring")["account_id"].nunique(), rings.groupby("ring").size(), s=14, alpha=0.6, color=_UNDUE
        )
    axes.set(xlabel="accounts that claimed", ylabel="claims", title="rings (truth)")


def pages_sent(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    claims = tables.claims["undue"].value_counts()
    shares = pd.crosstab(tables.pages["name"], tables.pages["undue"]).reindex(columns=[False, True], fill_value=0)
    where = np.arange(len(shares))
    for shift, (undue, colour, name) in ((-0.2, (False, _DUE, "due")), (0.2, (True, _UNDUE, "undue"))):
        axes.bar(where + shift, 100 * shares[undue] / max(1, int(claims.get(undue, 0))), 0.4, color=colour, label=name)
    axes.set_xticks(where, list(shares.index), fontsize=7, rotation=30)
    axes.set(ylabel="pages per 100 claims", title="evidence sent, by kind of page")
    axes.legend(fontsize=7)


def checks_found(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    """Share of passed and failed checks; what is left is unknown. Due above, undue below."""
    shares = pd.crosstab([tables.checks["code"], tables.checks["undue"]], tables.checks["result"], normalize="index")
    codes = list(dict.fromkeys(tables.checks["code"]))
    for shift, undue in ((0.2, False), (-0.2, True)):
        rows = [(code, undue) for code in codes]
        passed, failed = (
            100 * shares.reindex(rows).get(name, pd.Series(0.0, index=rows)).to_numpy() for name in ("pass", "fail")
        )
        where = np.arange(len(codes)) + shift
        axes.barh(where, passed, 0.4, color="tab:green", alpha=0.5 if undue else 0.9)
        axes.barh(where, failed, 0.4, left=100 - failed, color=_UNDUE, alpha=0.5 if undue else 0.9)
    axes.set_yticks(range(len(codes)), [code.replace("_", " ") for code in codes], fontsize=6)
    axes.set(xlabel="% of claims: passed from the left, failed from the right", xlim=(0, 100))
    axes.set_title("checks (upper bar due, lower undue)")


def reuse(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    groups = tables.claims.groupby("account_kind")
    traits = {
        "page of another order": groups["reused_orders"].apply(lambda values: (values > 0).mean()),
        "page of another account": groups["reused_accounts"].apply(lambda values: (values > 0).mean()),
        "edited or mocked": groups["tampered"].mean(),
    }
    table = 100 * pd.DataFrame(traits)
    table.plot.barh(ax=axes, width=0.8)
    axes.set(xlabel="% of claims", ylabel="", title="re-used and edited pages (truth)")
    axes.tick_params(axis="y", labelsize=7)
    axes.legend(fontsize=6)


def review_delay(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    first = tables.decisions.sort_values("occurred_at").drop_duplicates("case_id")
    joined = first.merge(tables.claims[["claim_id", "as_of"]], left_on="case_id", right_on="claim_id")
    hours = _hours(joined["as_of"], joined["occurred_at"])
    rejected = (joined["kind"].astype(str) == "refund_rejected").to_numpy()
    bins = np.geomspace(0.3, 400, 50)
    _outline(axes, hours[~rejected], bins, "granted", _DUE)
    _outline(axes, hours[rejected], bins, "rejected", _UNDUE)
    axes.axvline(24, color="grey", lw=0.8, ls=":")
    axes.set(
        xscale="log", xlabel="hours from claim to decision", ylabel="share", title="delay of review (dotted: 24 h)"
    )
    axes.legend(fontsize=7)


def reviewers(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    """How often each reviewer's first decision was not what the truth asks for."""
    known = tables.claims.dropna(subset=["reviewer"])
    mistaken = known["granted"] == known["undue"]
    grouped = mistaken.groupby(known["reviewer"]).agg(["size", "mean"])
    axes.scatter(grouped["size"], 100 * grouped["mean"], s=20)
    axes.set(xlabel="claims of the reviewer", ylabel="% mistaken", title="reviewers (truth)", ylim=(0, None))


def label_arrival(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    days = _hours(tables.claims["as_of"], tables.claims["recorded_at"]) / 24
    grid = np.linspace(0, 60, 200)
    for undue, colour, name in ((False, _DUE, "due"), (True, _UNDUE, "undue")):
        mine = days[(tables.claims["undue"] == undue).to_numpy()]
        axes.plot(grid, [100 * float(np.mean(mine <= limit)) for limit in grid], color=colour, label=name)
    axes.set(xlabel="days after the claim", ylabel="% with a label", title="arrival of labels", ylim=(0, 102))
    axes.legend(fontsize=7)


def labels_against_truth(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    names = {0: "label: right", 1: "label: wrong"}
    told = tables.claims["wrong"].map(names).fillna("no label yet").rename("label")
    _stacked(axes, told, tables.claims["undue"], "labels against truth")


def recording_delay(tables: WorldTables, _: Parameters | None, axes: Axes) -> None:
    bins = np.geomspace(0.0001, 60, 60)
    for name, events in (
        ("orders", tables.orders),
        ("fulfilments", tables.fulfilments),
        ("decisions", tables.decisions),
    ):
        hours = _hours(events["occurred_at"], events["recorded_at"])
        _outline(
            axes, hours, bins, name, {"orders": "grey", "fulfilments": "tab:green", "decisions": "tab:purple"}[name]
        )
    axes.set(xscale="log", xlabel="hours from happening to being recorded", ylabel="share", title="two clocks")
    axes.legend(fontsize=7)


PAGES: dict[str, tuple[Panel, ...]] = {
    "year": (orders_per_day, claims_per_day, hours_and_weekdays, orders_per_account, amounts, delivery_delay),
    "claims": (
        reasons,
        causes,
        categories,
        account_kinds,
        claim_delay,
        ring_sizes,
        claim_rate_by_seller,
        sellers_quality,
    ),
    "evidence and labels": (
        pages_sent,
        checks_found,
        reuse,
        review_delay,
        reviewers,
        label_arrival,
        labels_against_truth,
        recording_delay,
    ),
}
"""The pages of the report, and what stands on each."""
