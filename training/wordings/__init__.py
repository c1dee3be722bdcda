"""What messages mean, learned from wordings of many hands: the second opinion of ``service.evidence.wording``."""
