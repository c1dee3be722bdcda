"""prereview: a refund pre-review service for platforms that sell virtual goods."""

__version__ = "0.1.0"
