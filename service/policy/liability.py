"""Who is liable for a refund, out of whose money the buyer is paid, and what is recovered afterwards."""

from __future__ import annotations

from service.domain.assessment import Liability, PaidFrom, Party
from service.domain.claims import Claim
from service.domain.money import Money
from service.policy.clause_parts import PARTY_OF_FAULT
from service.policy.schema import Policy


def liability(policy: Policy, claim: Claim, amount: Money, *, party: Party | None = None) -> Liability:
    """For a refund of ``amount``, which is what the buyer gets. ``party``: as a person found it, over the policy.

    A refund at the seller's door or the buyer's own undoes the sale: it comes out of the seller's money, frozen in
    escrow until receipt is confirmed, paid first by a platform that offers advance compensation after that. At the
    platform's or its supplier's door the platform pays, and recovers from the supplier. While it is unclear nothing is
    recovered, but what is frozen stays frozen.
    """
    found, clause = (party, None) if party is not None else _party(policy, claim)
    rules, frozen = policy.liability, policy.liability.escrow and claim.order.confirmed_at is None
    zero = Money(0, amount.currency)
    paid_from, recover_from = PaidFrom.PLATFORM, None
    if found in (Party.PLATFORM, Party.SUPPLIER):
        recover_from = Party.SUPPLIER if found is Party.SUPPLIER else None
    elif frozen:
        paid_from = PaidFrom.ESCROW
    elif not rules.advance_compensation:
        paid_from = PaidFrom.SELLER
    elif found is not Party.UNCLEAR:
        recover_from = Party.SELLER
    return Liability(
        party=found,
        paid_from=paid_from,
        recover=amount if recover_from is not None else zero,
        recover_from=recover_from,
        freeze=frozen,
        clause=clause,
    )


def _party(policy: Policy, claim: Claim) -> tuple[Party, str | None]:
    for clause in policy.liability.clauses:
        if clause.concerns(claim):
            return clause.party, clause.id
    rule = policy.reasons.get(claim.reason)
    if rule is None:
        return Party.UNCLEAR, None
    return PARTY_OF_FAULT[rule.fault], f"reasons.{claim.reason.value}.fault"
