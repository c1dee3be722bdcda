"""Labelled pictures of invented apps: the demo's exam pages, and development pages with other layouts."""
