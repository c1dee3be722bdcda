"""A buyer's form as it arrives: in its time, or not at all."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message, Scope

from service.domain.errors import InvalidRequest
from service.public.case_page import FormTooSlow, _form

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
