"""Forms that carry files, as browsers send them: bounded while the bytes arrive, and few at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from service.console.forms import Form, is_plain, read_form
from service.domain.errors import BadRequest, TooLarge, Unavailable
from service.review.requests import UploadedFile

FILES, FILE_BYTES, TOTAL_BYTES = 10, 10 * 1024 * 1024, 24 * 1024 * 1024
_FIELDS, _FIELD_BYTES, _FRAMING, _SECONDS = 20, 8 * 1024, 64 * 1024, 60.0
_AT_ONCE = 4
"""Of one process: what they hold in memory together is bounded by it."""
_LONGEST_NAME = 255


class Uploads:
    """One per process."""

    def __init__(self) -> None:
        self._reading = 0

    async def read(self, request: Request) -> Form:
        """The fields of an unsafe request, and its files. BadRequest for anything but a whole multipart/form-data (or a
        form without files), TooLarge, Unavailable while too many others send theirs."""
        if is_plain(request):
            return await read_form(request)
        if self._reading >= _AT_ONCE:
            raise Unavailable("Too many files are being sent at once. Send them again in a moment.", retry_after=10)
        self._reading += 1
        try:
            async with asyncio.timeout(_SECONDS):
                return await _read(request)
        except (TimeoutError, ClientDisconnect):
            raise BadRequest("The files did not arrive whole. Send them again.") from None
        finally:
            self._reading -= 1


async def _read(request: Request) -> Form:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadRequest("Send files as multipart/form-data.")
    parts = _Parts()
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        received = 0
        async for chunk in request.stream():
            received += len(chunk)
            if received > TOTAL_BYTES + _FRAMING:
                raise _too_much()
            parser.write(chunk)
    except FormParserError:
        raise BadRequest("The form cannot be read.") from None
    if not parts.complete:
        raise BadRequest("The files did not arrive whole. Send them again.")
    return Form(parts.fields, tuple(parts.files))


@dataclass(slots=True)
class _Parts:
    """Receives the parser's events. A part with a file name is a file, any other a field."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[UploadedFile] = field(default_factory=list)
    complete: bool = False
    _count: int = 0
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _disposition: bytes = b""
    _name: str = ""
    _file: str | None = None
    _data: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._count += 1
        if self._count > FILES + _FIELDS:
            raise TooLarge(f"A form carries {FILES} files at most.")
        self._disposition, self._data = b"", bytearray()

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        named = options.get(b"filename")
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._file = None if named is None else named.decode("utf-8", "replace")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]
        if len(self._data) > (_FIELD_BYTES if self._file is None else FILE_BYTES):
            raise _too_much()

    def _part_end(self) -> None:
        if self._file is None:
            self.fields.setdefault(self._name, []).append(self._data.decode("utf-8", "replace"))
        elif self._data:  # a file input left empty sends a part without a byte
            self.files.append(UploadedFile(name=_plain(self._file), data=bytes(self._data)))
            if len(self.files) > FILES or sum(len(each.data) for each in self.files) > TOTAL_BYTES:
                raise _too_much()

    def _end(self) -> None:
        self.complete = True


def _plain(name: str) -> str:
    """For people's eyes, and never a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST_NAME]


def _too_much() -> TooLarge:
    megabyte = 1024 * 1024
    return TooLarge(
        f"Send at most {FILES} files, each of {FILE_BYTES // megabyte} MB and {TOTAL_BYTES // megabyte} MB together."
    )
