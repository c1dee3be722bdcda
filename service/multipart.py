"""The parts of a multipart/form-data body as they arrive: whoever receives them refuses as soon as a limit is passed.

Written on python-multipart's event parser rather than Starlette's form: that one spools whatever comes to disk and
takes a body that stops before its closing boundary for a complete one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

__all__ = ["FormParserError", "Part", "Receiver", "boundary_of", "clean_name"]

_MAX_NAME = 255


@dataclass(slots=True)
class Part:
    """``filename`` None: a field. ``size``: bytes so far."""

    name: str = ""
    filename: str | None = None
    limit: int = 0
    size: int = 0
    chunks: list[bytes] = field(default_factory=list)


class Receiver(ABC):
    """Receives the parser's events. ``complete`` once the closing boundary has been seen."""

    def __init__(self) -> None:
        self.complete = False
        self._start()

    @abstractmethod
    def expect(self, part: Part) -> None:
        """Set the part's limit, or refuse it."""

    @abstractmethod
    def grew(self, part: Part, by: int) -> None:
        """Refuse the part, or the whole, where it has become too large. Its bytes are not yet held."""

    @abstractmethod
    def received(self, part: Part, content: bytes) -> None:
        """Take a part that has arrived whole."""

    def parser(self, boundary: bytes) -> MultipartParser:
        """FormParserError for a boundary that cannot be used."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._start,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def _start(self) -> None:
        self._part = Part()
        self._name = bytearray()
        self._value = bytearray()
        self._disposition = b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        filename = options.get(b"filename")
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        self._part.filename = None if filename is None else clean_name(filename.decode("utf-8", "replace"))
        self.expect(self._part)

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._part.size += end - start
        self.grew(self._part, end - start)
        self._part.chunks.append(data[start:end])

    def _part_end(self) -> None:
        self.received(self._part, b"".join(self._part.chunks))
        self._part.chunks.clear()

    def _end(self) -> None:
        self.complete = True


def boundary_of(content_type: str | None) -> bytes | None:
    """Of a multipart/form-data body, empty where its header names none; None for a body of another kind."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary", b"") if kind == b"multipart/form-data" else None


def clean_name(name: str) -> str:
    """The last path component, printable characters only: the name is for a reviewer's eyes, never for a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:_MAX_NAME]
