"""Studies over many simulated worlds: the only place that sees both a model and the truth."""
