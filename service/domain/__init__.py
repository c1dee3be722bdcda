"""Frozen types every room shares. Imports nothing else of ours and does no I/O."""
