"""Lines to fields, and fields held against the platform's record. Pure: no I/O, no clock."""

from service.evidence.extract import EXTRACTOR_VERSION, extract
from service.evidence.verify import verify

__all__ = ["EXTRACTOR_VERSION", "extract", "verify"]
