"""`prereview-train certificate draw` and `issue`: certify a model that exists, on platforms' own tables."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.domain.clock import SystemClock
from service.domain.errors import ConfigurationError
from training.cli.certificate import MODELS, Models, app, champion
from training.cli.options import Machine, RecipeFile
from training.cli.policies import policy_of
from training.cli.printing import clear_errors, out, show

if TYPE_CHECKING:
    from training.certification.on_platform import Prepared
    from training.recipe import Recipe


SECRET = "PREREVIEW_AUDIT_SECRET"  # noqa: S105  # a variable's name
Worlds = Annotated[
    list[Path], typer.Option("--world", exists=True, file_okay=False, help="Folder of a platform's tables; repeatable.")
]
PolicyFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy", exists=True, dir_okay=False, help="Its policy, in the order of the folders.",
        show_default="the package's of that name",
    ),
]  # fmt: skip


@app.command(
    "draw",
    epilog=f"Examples:  prereview-train certificate draw --world TABLES --to judge.csv  ·  {SECRET} must be the "
    "service's, but for simulated tables",
)
def draw_claims(
    world: Worlds,
    to: Annotated[Path, typer.Option("--to", dir_okay=False, help="CSV to write.")],
    policy: PolicyFiles = None,
    recipe: RecipeFile = None,
    models: Models = MODELS,
    json_output: Machine = False,
) -> None:
    """List the claims two blind reviewers must judge before a threshold can be certified. It shows no score."""
    from training.certification.on_platform import to_judge

    with clear_errors():
        prepared, plan = _prepared(world, policy, recipe, models, progress=not json_output)
        listed = to_judge(prepared, _secret(prepared, plan))
        if not listed:
            wanted = prepared.terms.labels_wanted
            raise ConfigurationError(f"no threshold can expect the {wanted:.0f} labels it needs; collect more claims")
        if to.exists():
            raise ConfigurationError(f"{to} exists and may hold judgements; give another --to")
        with to.open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["platform", "claim_id", "order_number", "granted", "loss_share", "recorded_at"])
            writer.writerows([one.platform, one.claim_id, one.order_number, one.granted, "", ""] for one in listed)
    facts = {
        "data": prepared.origin.value.upper(),
        "platforms": list(prepared.platforms),
        "claims_to_judge": len(listed),
        "file": str(to),
    }
    show(facts, json_output, title="Drawn")
    if not json_output:
        out.print("Fill in loss_share (0 to 1) and recorded_at; a claim left open counts as wrong in full.")


@app.command(
    "issue",
    epilog="Examples:  prereview-train certificate issue --world TABLES --adjudications judged.csv --to one.json  ·  "
    "prereview-train certificate issue --world A --world B --adjudications judged.csv --to pooled.json",
)
def issue_certificate(
    world: Worlds,
    adjudications: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="CSV with claim_id, loss_share, recorded_at.")
    ],
    to: Annotated[Path, typer.Option("--to", dir_okay=False, help="Certificate to write, as JSON.")],
    policy: PolicyFiles = None,
    recipe: RecipeFile = None,
    models: Models = MODELS,
    json_output: Machine = False,
) -> None:
    """Certify the champion on platforms' own tables. Exit code 1 and no file where no threshold is safe."""
    from service.scoring.format import encode
    from training.certification.on_platform import issue
    from training.certification.sensitivity import with_missed_wrongs
    from training.labels import RecordedAdjudications

    with clear_errors():
        desk = RecordedAdjudications(adjudications)
        prepared, plan = _prepared(world, policy, recipe, models, progress=not json_output)
        done, certificate = issue(
            prepared, desk, _secret(prepared, plan), now=_now(prepared), valid_days=plan.certificate.valid_days
        )
        if certificate is None:
            raise ConfigurationError(f"{done.why}. Risk approves nothing; that is a normal result")
        to.write_bytes(encode(certificate))
    facts = {
        "data": prepared.origin.value.upper(),
        "promise": certificate.promise,
        "platforms": list(certificate.platforms),
        "holds_per_platform": certificate.holds_per_platform,
        "threshold": certificate.threshold,
        "labels": certificate.labels,
        "wrong": certificate.wrong,
        "bound": round(certificate.bound, 5),
        "judged": done.drawn,
        "unresolved": done.unresolved,
        "bound_if_missed": {
            f"{one.missed:.0%} of wrong": round(one.bound, 5)
            for one in with_missed_wrongs(certificate.bound, certificate.alpha)
        },
        "expires_at": certificate.expires_at.isoformat(),
        "file": str(to),
        "next": f"prereview-train promote --run RUN --requested-by NAME --certificate {to}",
    }
    show(facts, json_output, title="Certificate")


def _prepared(
    worlds: Sequence[Path], policies: Sequence[Path] | None, recipe: Path | None, models: Path, *, progress: bool
) -> tuple[Prepared, Recipe]:
    from service.evidence import EXTRACTOR_VERSION
    from service.vision import READER_VERSION
    from training.certification.on_platform import prepare
    from training.observed import Observed
    from training.recipe import load_recipe

    if policies and len(policies) != len(worlds):
        raise ConfigurationError(f"{len(policies)} policies for {len(worlds)} folders; give one for each, or none")
    plan, tables = load_recipe(recipe), [Observed(folder) for folder in worlds]
    names = [str(observed.facts["platform"]) for observed in tables]
    if len(set(names)) < len(names):
        raise ConfigurationError(f"two folders hold tables of one platform ({', '.join(names)}); each counts once")
    files: Sequence[Path | None] = policies or [None] * len(names)
    given = {name: (table, policy_of(name, file)) for name, table, file in zip(names, tables, files, strict=True)}
    reader = f"{READER_VERSION}+{EXTRACTOR_VERSION}"
    return prepare(given, plan, champion(models), reader=reader, progress=progress), plan


def _secret(prepared: Prepared, plan: Recipe) -> bytes:
    from training.certification.draw import secret_of

    return secret_of(prepared.origin, plan.seed, os.environ.get(SECRET, "").encode())


def _now(prepared: Prepared) -> datetime:
    """Simulated tables end in their own time; what was judged by then counts, and the certificate runs from there."""
    from service.domain.certificate import Origin

    return prepared.end if prepared.origin is Origin.SIMULATED else SystemClock().now()
