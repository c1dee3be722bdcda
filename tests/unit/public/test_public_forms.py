"""A buyer's form as it arrives: in its time, or not at all."""

from __future__ import annotations

import asyncio
import io

import pytest
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message, Scope

from service.domain.errors import InvalidRequest, Unavailable
from service.public.case_page import FormTooSlow, Room, _form

_SCOPE: Scope = {
    "type": "http",
    "method": "POST",
    "path": "/",
    "query_string": b"",
    "headers": [
        (b"content-type", b"multipart/form-data; boundary=x"),
        (b"content-length", b"1000"),
    ],
}


async def test_a_form_that_never_ends_is_given_up() -> None:
    sent = iter([{"type": "http.request", "body": b"--x\r\n", "more_body": True}])

    async def receive() -> Message:
        for message in sent:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(FormTooSlow):
        await asyncio.wait_for(_form(Request(_SCOPE, receive), seconds=0.05), 5)


async def test_a_form_that_breaks_off_is_the_senders_fault() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(InvalidRequest):
        await _form(Request(_SCOPE, receive))


def test_files_worked_on_at_once_are_bounded_together() -> None:
    def form(size: int) -> FormData:
        return FormData([("act", "evidence"), ("files", UploadFile(io.BytesIO(), size=size))])

    room = Room(100)
    with room.of(form(60)):
        with pytest.raises(Unavailable), room.of(form(41)):
            raise AssertionError("there was no room")
        with room.of(form(40)):
            pass
    with room.of(form(100)):
        pass
