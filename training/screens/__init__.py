"""Labelled pictures of invented apps: the demo's exam pages, and development pages with other layouts.

``render(out, seed, count)`` draws development pages; ``layouts.HELD_OUT`` are for measuring only.
"""

from training.screens.layouts import DEVELOPMENT, HELD_OUT, Layout
from training.screens.rendering import render

__all__ = ["DEVELOPMENT", "HELD_OUT", "Layout", "render"]
