"""Mappings ready to use, by name."""
