"""How a grant is to be settled: where the money goes, by when it should be there, who is liable for it."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from service.domain.assessment import Grant, PaidFrom
from service.domain.assessment import Party as LiableParty
from service.domain.masking import mask_text


class ArrivalOut(BaseModel):
    """The longest a payment should take; one of the three is given."""

    minutes: int | None
    hours: int | None
    working_days: int | None


class LiabilityOut(BaseModel):
    party: LiableParty = Field(description="Whose doing it was; `unclear` until a person has said.")
    paid_from: PaidFrom = Field(description="Whose money it is; `escrow`: the seller's, still frozen.")
    recover: int = Field(description="To be recovered afterwards, in minor units; 0 for nothing.")
    recover_from: LiableParty | None
    freeze: bool = Field(
        description="Receipt was not confirmed: keep the seller's money frozen until the case is over."
    )
    clause: str | None = Field(description="The policy's clause, or the reason's `fault`.")


class SettlementOut(BaseModel):
    arrival: ArrivalOut | None
    withdrawable: bool | None = Field(description="Of the balance route: whether it can be withdrawn.")
    funding_source: str | None = Field(
        description="Where the payment came from, long numbers covered; the original route goes back there or nowhere."
    )
    liability: LiabilityOut | None
    basis: list[str] = Field(description="Clauses and settings of the policy that made the amount.")

    @classmethod
    def of(cls, grant: Grant) -> Self:
        arrival, owed = grant.arrival, grant.liability
        return cls(
            arrival=arrival
            and ArrivalOut(minutes=arrival.minutes, hours=arrival.hours, working_days=arrival.working_days),
            withdrawable=grant.withdrawable,
            funding_source=None if grant.funding_source is None else mask_text(grant.funding_source),
            liability=owed
            and LiabilityOut(
                party=owed.party,
                paid_from=owed.paid_from,
                recover=owed.recover.minor,
                recover_from=owed.recover_from,
                freeze=owed.freeze,
                clause=owed.clause,
            ),
            basis=list(grant.basis),
        )
