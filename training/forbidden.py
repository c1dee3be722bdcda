"""What the score may never look at, whatever it would gain: read by the card and by the test that holds it."""

from __future__ import annotations

from collections.abc import Mapping

NEVER_FEATURES: Mapping[str, str] = {
    "account.elderly": "the holder's age: it gives a lane to go first in, and nothing else",
    "account.identity_digest": "who the holder is: compared with a page, never scored",
}
"""Fields of the claim, by path, with why. A test changes each and expects every row to stay as it was."""

NEVER_NAMED: tuple[str, ...] = (
    "elderly",
    "birth",
    "gender",
    "sex",
    "ethnic",
    "race",
    "religion",
    "nationality",
    "hometown",
    "marital",
    "disability",
    "health",
    "identity_digest",
    "holder",
)
"""Words that no feature's or aggregate's name may contain: properties of a person, not of a claim.
(``account_age_days`` is how long the platform has known the account; ``check_identity`` how a page compares with the
record.)"""
