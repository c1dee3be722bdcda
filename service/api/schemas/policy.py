"""What policies are proposed and signed with, and how their versions are told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from service.api.schemas.fields import Digest, Moment, Strict
from service.domain.policy_versions import PolicyState
from service.policy import Change

Person = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80),
    Field(
        description="Who does this, by the name your platform knows them: the platform vouches for it. Whoever drafted "
        "or proposed a version cannot sign it off, nor can the key it was proposed with.",
        examples=["ana.lopez"],
    ),
]
Why = Annotated[str, StringConstraints(max_length=1_000)]


class ProposeIn(Strict):
    """A new version of the policy, as YAML."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=200_000)] = Field(
        description="The policy's YAML; start from `service/policy/platforms/template.yaml`."
    )
    by: Person
    effective_at: Moment | None = Field(
        default=None, description="When it is to come into force; left out: a minute after it is signed off."
    )
    note: Why = Field(default="", description="What it changes and why, for whoever signs.")
    draft: bool = Field(default=False, description="Keep it without putting it up for signature.")


class ActIn(Strict):
    by: Person


class ApproveIn(ActIn):
    text_sha256: Digest = Field(
        description="SHA-256 (hex) of the text that was read, as the version tells it: another text is not signed."
    )


class EndIn(ActIn):
    why: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class SignatureOut(BaseModel):
    by: str
    at: datetime


class VersionOut(BaseModel):
    """A version and where it stands. ``text`` only where one version is asked for."""

    version: str
    state: PolicyState
    text_sha256: str
    policy_digest: str = Field(description="Of the decision-relevant part; assessments name it as `policy`.")
    voids_certificate: bool = Field(
        description="Its decision-relevant part is not the one in force: a certificate for that one does not hold."
    )
    effective_at: datetime | None = Field(description="When it comes, or came, into force; null while unsigned.")
    wanted_at: datetime | None = Field(description="When it is to come into force; null: once signed off.")
    based_on: str | None = Field(description="The version signed off last when this one was proposed.")
    note: str
    drafted: SignatureOut
    proposed: SignatureOut | None
    signed_off: SignatureOut | None
    ended: SignatureOut | None = Field(description="Who rejected or withdrew it.")
    ended_why: str
    text: str | None = None


class VersionsOut(BaseModel):
    versions: list[VersionOut] = Field(description="Newest first.")


class DifferenceOut(BaseModel):
    path: str = Field(description="E.g. `negative_list.N5.effect`; a clause is named by its id.")
    change: Change
    before: Any
    after: Any
    wording: bool = Field(description="Only what people read is different.")


class ComparisonOut(BaseModel):
    before: str
    after: str
    decides_alike: bool = Field(description="Nothing that says what is approved, and for how much, is different.")
    differences: list[DifferenceOut]
    lines: list[str] = Field(description="The texts as a unified diff.")


class DryRunIn(Strict):
    case: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        description="The case's id or number.", examples=["R261121-7K3M9Q2XWA"]
    )
    certified: bool = Field(
        default=False, description="As if the certificate held for this version too; in service it may not."
    )


class DryRunOut(BaseModel):
    """A stored case under another policy. Nothing was stored, and no answer changes."""

    number: str
    version: str = Field(description="Of the rules it was decided under.")
    changed: list[str] = Field(description="What would be different; empty: nothing.")
    before: dict[str, Any] = Field(description="By the rules of then.")
    after: dict[str, Any] = Field(description="By this version.")
    notes: list[str]
