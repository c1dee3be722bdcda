"""Forms that carry files, as browsers send them: bounded while the bytes arrive, and few at once."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from service.console.forms import Form, is_plain, read_form
from service.domain.errors import BadRequest, TooLarge, Unavailable
from service.multipart import FormParserError, Part, Receiver, boundary_of
from service.review.requests import UploadedFile

FILES, FILE_BYTES, TOTAL_BYTES = 10, 10 * 1024 * 1024, 24 * 1024 * 1024
_FIELDS, _FIELD_BYTES, _FRAMING, _SECONDS = 20, 8 * 1024, 64 * 1024, 60.0
_AT_ONCE = 4
"""Of one process: what they hold in memory together is bounded by it."""


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
    boundary = boundary_of(request.headers.get("content-type", ""))
    if not boundary:
        raise BadRequest("Send files as multipart/form-data.")
    parts = _Parts()
    try:
        parser = parts.parser(boundary)
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


class _Parts(Receiver):
    """A part with a file name is a file, any other a field."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.files: list[UploadedFile] = []
        self._count = self._total = 0

    def expect(self, part: Part) -> None:
        self._count += 1
        if self._count > FILES + _FIELDS:
            raise TooLarge(f"A form carries {FILES} files at most.")
        part.limit = _FIELD_BYTES if part.filename is None else FILE_BYTES

    def grew(self, part: Part, by: int) -> None:
        self._total += by
        if part.size > part.limit or self._total > TOTAL_BYTES:
            raise _too_much()

    def received(self, part: Part, content: bytes) -> None:
        if part.filename is None:
            self.fields.setdefault(part.name, []).append(content.decode("utf-8", "replace"))
        elif content:  # a file input left empty sends a part without a byte
            self.files.append(UploadedFile(name=part.filename, data=content))
            if len(self.files) > FILES:
                raise _too_much()


def _too_much() -> TooLarge:
    megabyte = 1024 * 1024
    return TooLarge(
        f"Send at most {FILES} files, each of {FILE_BYTES // megabyte} MB and {TOTAL_BYTES // megabyte} MB together."
    )
