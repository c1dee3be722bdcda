"""Forms as browsers send them: read within bounds, before anything is believed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from service.domain.errors import BadRequest, TooLarge
from service.review.requests import UploadedFile

FORM_BYTES = 64 * 1024
_FIELDS, _SECONDS = 1_000, 20.0
STRANGERS_BYTES, _STRANGERS_SECONDS = 8 * 1024, 4.0
_MEDIA = "application/x-www-form-urlencoded"


class Form:
    """What was filled in. A field that is not there is empty."""

    def __init__(self, fields: Mapping[str, list[str]] | None = None, files: tuple[UploadedFile, ...] = ()) -> None:
        self._fields = fields or {}
        self.files = files

    def get(self, name: str) -> str:
        """The field's one value; of several the last."""
        values = self._fields.get(name)
        return values[-1] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self._fields.get(name, ()))


async def read_strangers_form(request: Request) -> Form:
    """As ``read_form``, of who has not signed in: a short form, and no patience for one that comes byte by byte."""
    return await read_form(request, STRANGERS_BYTES, seconds=_STRANGERS_SECONDS)


async def read_form(request: Request, most_bytes: int = FORM_BYTES, *, seconds: float = _SECONDS) -> Form:
    """The body of an unsafe request. BadRequest for anything but a form in UTF-8, TooLarge above ``most_bytes``."""
    try:
        async with asyncio.timeout(seconds):
            body = await _body(request, most_bytes)
    except (TimeoutError, ClientDisconnect):
        raise BadRequest("The form did not arrive whole. Send it again.") from None
    if not body:
        return Form()
    if not is_plain(request):
        raise BadRequest(f"Send forms as {_MEDIA}.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        raise BadRequest("The form cannot be read.") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form(fields)


def is_plain(request: Request) -> bool:
    """Whether it carries fields alone."""
    return request.headers.get("content-type", _MEDIA).partition(";")[0].strip().lower() == _MEDIA


async def _body(request: Request, most_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge(f"The form is larger than {most_bytes // 1024} kB.")
    return bytes(body)
