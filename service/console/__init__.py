"""Reviewer pages (Jinja2 + HTMX). The rooms behind them exist; the pages come with the console issue."""
