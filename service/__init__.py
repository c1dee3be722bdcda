"""prereview: a refund pre-review service for platforms that sell virtual goods."""
