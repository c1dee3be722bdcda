"""Lines to fields, and fields held against the platform's record. Pure: no I/O, no clock."""

from service.evidence.clock_check import with_clock_hints
from service.evidence.extract import EXTRACTOR_VERSION, extract
from service.evidence.redaction import interpret, page_of, redact
from service.evidence.verify import verify

__all__ = ["EXTRACTOR_VERSION", "extract", "interpret", "page_of", "redact", "verify", "with_clock_hints"]
