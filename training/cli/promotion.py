"""Commands that move a model towards money: ask, approve, shadow, go back."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from service.domain.actors import readable_name
from service.domain.clock import SystemClock
from service.domain.codec import to_data
from training.cli.options import Machine, RecipeFile, Tracking
from training.cli.policies import policy_file
from training.cli.printing import clear_errors, errors, origin_of, out, show

if TYPE_CHECKING:
    from service.scoring import Bundle
    from training.registry import Fetched, Registry

app = typer.Typer()

Models = Annotated[Path, typer.Option(help="Folder of the served bundles.")]
RunId = Annotated[str | None, typer.Option("--run", help="The run.", show_default="the challenger's")]
Why = Annotated[str, typer.Option(help="Kept in MLflow and in the record of promotions.")]
First = Annotated[
    bool, typer.Option("--first", help="Go without a comparison where the champion cannot be scored (other features).")
]
Uncertified = Annotated[
    bool, typer.Option("--uncertified", help="Go without a certificate: the model informs, risk approves nothing.")
]
CertificateFile = Annotated[
    Path | None,
    typer.Option("--certificate", exists=True, dir_okay=False, help="Put this later certificate into the bundle."),
]
Policies = Annotated[
    list[Path] | None,
    typer.Option("--policy", exists=True, dir_okay=False, help="Policy of a platform the certificate names."),
]


@app.command(
    epilog="Examples:  prereview-train promote --requested-by ana  ·  "
    "prereview-train promote --run RUN_ID --requested-by ana --why 'two months newer'"
)
def promote(
    requested_by: Annotated[str, typer.Option("--requested-by", help="Who asks. Somebody else has to approve.")],
    run_id: RunId = None,
    why: Why = "",
    models: Models = Path("models/risk"),
    first: First = False,
    uncertified: Uncertified = False,
    policy: Policies = None,
    certificate: CertificateFile = None,
    recipe: RecipeFile = None,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Put a run through every gate and, if all are open, ask for a second person's approval. Nothing is served yet.

    Names are names: this command cannot prove who types them. Where that matters, give the folder of the bundles and
    the tracking server to different accounts of the machine.
    """
    from training.gates import bundle_digest, examine
    from training.promote import Request, champion_of
    from training.registry import Registry

    with clear_errors(), tempfile.TemporaryDirectory(prefix="prereview-promote-") as scratch:
        by, registry, now = readable_name(requested_by), Registry(mlruns), SystemClock().now()
        chosen = run_id or registry.latest()
        fetched = _fetched(registry, chosen, Path(scratch), certificate)
        terms = _terms(recipe, policy, first=first, uncertified=uncertified)
        examined = examine(fetched, champion_of(models), terms)
        registry.log_gates(chosen, "promote", examined.gates, now=now, passed=examined.passed)
        facts: dict[str, Any] = {"run_id": chosen, "requested_by": by, "passed": examined.passed}
        facts |= _data(examined.bundle)
        if examined.passed and examined.bundle is not None:
            digest = bundle_digest(fetched.bundle)
            version = examined.bundle.version
            registry.request(chosen, Request(by=by, at=now, why=why, bundle=digest, version=version))
            facts["version"] = version
    title = "Promotion asked for" if examined.passed else "Refused: nothing was asked for"
    _show_gates(examined.gates, facts, json_output, title=title)
    if not examined.passed:
        raise typer.Exit(1)
    if not json_output:
        out.print(f"\nNext, by somebody else: [bold]prereview-train approve --run {chosen} --by NAME[/]")


@app.command(
    epilog="Examples:  prereview-train approve --by ben  ·  prereview-train approve --run RUN_ID --by ben --json"
)
def approve(
    by: Annotated[str, typer.Option("--by", help="Who approves: not who asked.")],
    run_id: RunId = None,
    models: Models = Path("models/risk"),
    first: First = False,
    uncertified: Uncertified = False,
    policy: Policies = None,
    certificate: CertificateFile = None,
    recipe: RecipeFile = None,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Approve what somebody else asked for: every gate again, then the bundle is exported and named champion.

    Running services take it up within seconds. `prereview-train rollback` goes back.
    """
    from training.gates import Examined, bundle_digest, examine
    from training.promote import champion_of, release, second_actor
    from training.registry import CHAMPION, Registry

    with clear_errors(), tempfile.TemporaryDirectory(prefix="prereview-promote-") as scratch:
        approver, registry, now = readable_name(by), Registry(mlruns), SystemClock().now()
        chosen = run_id or registry.latest()
        fetched = _fetched(registry, chosen, Path(scratch), certificate)
        request = registry.requested(chosen)
        terms = _terms(recipe, policy, first=first, uncertified=uncertified)
        examined = examine(fetched, champion_of(models), terms)
        gates = (*examined.gates, second_actor(request, approver, bundle_digest(fetched.bundle)))
        passed = Examined(examined.bundle, gates).passed
        registry.log_gates(chosen, "approve", gates, now=now, passed=passed)
        facts: dict[str, Any] = {"run_id": chosen, "approved_by": approver, "passed": passed}
        facts |= _data(examined.bundle)
        if passed and request is not None:
            made = release(
                fetched.bundle, models, by=request.by, approved_by=approver, at=now, why=request.why, run=chosen
            )
            registry.tell(chosen, approved_by=approver, approved_at=now.isoformat())
            facts |= {
                "version": made.change.version, "previous": made.change.previous, "folder": str(made.folder),
                "bytes": made.size, "requested_by": request.by, "model_version": registry.name(chosen, CHAMPION),
            }  # fmt: skip
    _show_gates(gates, facts, json_output, title="Promoted" if passed else "Not promoted")
    if not passed:
        raise typer.Exit(1)


@app.command(epilog="Examples:  prereview-train shadow --by ana  ·  prereview-train shadow --run RUN_ID --by ana")
def shadow(
    by: Annotated[str, typer.Option("--by", help="Who wants it.")],
    run_id: RunId = None,
    why: Why = "",
    models: Models = Path("models/risk"),
    recipe: RecipeFile = None,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Have a run's model score live claims beside the champion. It never decides, so one person is enough.

    `prereview models shadow --off` ends it, `prereview models compare` reports where the two differ.
    """
    from service.scoring import Versions
    from training.gates import examine_shadow
    from training.promote import export
    from training.registry import SHADOW, Registry

    with clear_errors(), tempfile.TemporaryDirectory(prefix="prereview-promote-") as scratch:
        actor, registry, now = readable_name(by), Registry(mlruns), SystemClock().now()
        chosen = run_id or registry.latest()
        fetched = registry.fetch(chosen, Path(scratch))
        examined = examine_shadow(fetched, _terms(recipe, None, first=True, uncertified=True))
        registry.log_gates(chosen, "shadow", examined.gates, now=now, passed=examined.passed)
        facts: dict[str, Any] = {"run_id": chosen, "passed": examined.passed, **_data(examined.bundle)}
        if examined.passed:
            folder = export(fetched.bundle, models)
            Versions(models).set_shadow(folder.name, by=actor, at=now, why=why, run=chosen)
            facts |= {"version": folder.name, "model_version": registry.name(chosen, SHADOW)}
    _show_gates(examined.gates, facts, json_output, title="Shadow")
    if not examined.passed:
        raise typer.Exit(1)


@app.command(
    epilog="Examples:  prereview-train rollback --by cem --why 'losses doubled'  ·  "
    "prereview-train rollback --by cem --to VERSION"
)
def rollback(
    by: Annotated[str, typer.Option("--by", help="Who goes back. One person is enough.")],
    to: Annotated[str | None, typer.Option(help="Version to go back to.", show_default="the champion before")] = None,
    why: Why = "",
    models: Models = Path("models/risk"),
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Go back to the champion before this one, here and in MLflow. Without MLflow: `prereview models rollback`."""
    from service.scoring import Versions
    from training.registry import CHAMPION, Registry

    with clear_errors():
        change = Versions(models).rollback(by=readable_name(by), at=SystemClock().now(), why=why, to=to)
        facts = to_data(change)
        # The pointer is what serves, and it has been swapped; MLflow is told if it can be.
        try:
            facts["model_version"] = Registry(mlruns).name(change.run, CHAMPION) if change.run else None
        except Exception as error:
            errors.print(f"The champion was rolled back; MLflow was not told: {error}", soft_wrap=True)
    show(facts, json_output, title="Rolled back")


def _fetched(registry: Registry, run_id: str, scratch: Path, certificate: Path | None) -> Fetched:
    from training.promote import certified_anew

    fetched = registry.fetch(run_id, scratch)
    return certified_anew(fetched, certificate) if certificate is not None else fetched


def _terms(recipe: Path | None, files: list[Path] | None, *, first: bool, uncertified: bool) -> Any:
    from service.evidence import EXTRACTOR_VERSION
    from service.policy import load_platform_policy, platform_policy_names
    from service.vision import READER_VERSION
    from training.gates import Terms
    from training.recipe import load_recipe

    policies = {name: load_platform_policy(name) for name in platform_policy_names()}
    policies |= {policy.platform: policy for policy in map(policy_file, files or [])}
    return Terms(
        limits=load_recipe(recipe).promotion,
        policies=policies,
        reader=f"{READER_VERSION}+{EXTRACTOR_VERSION}",
        now=SystemClock().now(),
        first=first,
        uncertified=uncertified,
    )


def _data(bundle: Bundle | None) -> dict[str, str]:
    """Where the bundle's labels came from; unknown where it could not be loaded."""
    return {} if bundle is None else {"data": bundle.origin.value.upper()}


_COLOURS = {"passed": "green", "failed": "bold red", "waived": "yellow"}


def _show_gates(gates: Any, facts: dict[str, Any], json_output: bool, *, title: str) -> None:
    if json_output:
        show({**facts, "gates": [asdict(gate) for gate in gates]}, json_output, title=title)
        return
    table = Table("gate", "", "why", title=f"Gates{origin_of(facts)}", title_justify="left")
    for gate in gates:
        table.add_row(gate.name, f"[{_COLOURS[gate.state]}]{gate.state.value}[/]", gate.why.replace("[", r"\["))
    out.print(table)
    show(facts, json_output, title=title)
