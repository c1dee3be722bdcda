"""With confidence 1 - delta, at most alpha of the money approved by risk is wrong: drawing, bounds, testing, proof."""

from training.certification.bounds import betting_upper_bound, labels_needed, p_value, upper_bound
from training.certification.draw import secret_of, simulated_secret
from training.certification.issue import certify
from training.certification.pools import NOT_HELD, pool_of, terms_of
from training.certification.sequence import candidate_sequence
from training.certification.terms import Certification, Pool, Terms, Tested, pooled

__all__ = [
    "NOT_HELD",
    "Certification",
    "Pool",
    "Terms",
    "Tested",
    "betting_upper_bound",
    "candidate_sequence",
    "certify",
    "labels_needed",
    "p_value",
    "pool_of",
    "pooled",
    "secret_of",
    "simulated_secret",
    "terms_of",
    "upper_bound",
]
