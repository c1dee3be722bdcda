"""Alembic's scripts: env.py runs them on the connection that service.store.migrate hands over."""
