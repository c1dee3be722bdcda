"""Use cases: accept, assess, decide. Calls store, vision and scoring; knows no web framework and no query language."""
