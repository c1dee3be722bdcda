"""The multipart reader: what it takes, where it stops, and that it never holds more than it may."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.errors import BodyCutOff, MalformedBody, UnsupportedMediaType
from service.api.limits import UploadLimits
from service.api.multipart import Upload, read_upload
from service.domain.errors import PrereviewError, TooLarge
from service.multipart import clean_name

BOUNDARY = "----b1"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
SMALL = UploadLimits(file_bytes=1_000, total_bytes=2_500, files=3, claim_bytes=500)
CLAIM = b'{"reference":"1"}'


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + data + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


async def stream(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def read(data: bytes, *, limits: UploadLimits = SMALL, content_type: str | None = CONTENT_TYPE) -> Upload:
    return await read_upload(content_type, stream([data]), limits)


async def test_claim_and_files_keep_order_names_and_bytes() -> None:
    upload = await read(body(part("a", b"\x00\r\n--", "1.png"), part("claim", CLAIM), part("b", b"two", "2.png")))
    assert upload.claim == CLAIM
    assert [(file.name, file.data) for file in upload.files] == [("1.png", b"\x00\r\n--"), ("2.png", b"two")]


async def test_a_claim_sent_as_a_file_is_the_claim() -> None:
    upload = await read(body(part("claim", CLAIM, "claim.json")))
    assert (upload.claim, upload.files) == (CLAIM, ())


async def test_empty_and_duplicate_files_are_kept() -> None:
    upload = await read(body(part("claim", CLAIM), part("e", b"", "0.png"), part("e", b"x", "1"), part("e", b"x", "1")))
    assert [file.data for file in upload.files] == [b"", b"x", b"x"]


async def test_a_file_input_left_empty_is_no_file() -> None:
    assert (await read(body(part("claim", CLAIM), part("evidence", b"", "")))).files == ()


@given(st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=30))
async def test_any_cut_into_chunks_reads_the_same(sizes: list[int]) -> None:
    data = body(part("claim", CLAIM), part("f", b"\r\n------b\r\n" * 9, "x.png"), part("f", b"", "y"))
    pieces, at = [], 0
    while at < len(data):
        step = sizes[len(pieces) % len(sizes)]
        pieces.append(data[at : at + step])
        at += step
    assert await read_upload(CONTENT_TYPE, stream(pieces), SMALL) == await read(data)


async def test_every_cut_off_body_is_refused() -> None:
    data = body(part("claim", CLAIM), part("f", b"image", "x.png"))
    whole = len(data) - 2  # the last CRLF is not part of the format
    for length in range(whole - 2):
        with pytest.raises((BodyCutOff, MalformedBody)):
            await read(data[:length])
    assert (await read(data[:whole])).files[0].data == b"image"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([part("claim", b"x" * 501)], "claim's JSON", id="claim"),
        pytest.param([part("claim", CLAIM), part("f", b"x" * 1_001, "a")], "File 1", id="one file"),
        pytest.param([part("claim", CLAIM), *[part("f", b"x" * 900, "a")] * 3], "2.44141 kB together", id="total"),
        pytest.param([part("claim", CLAIM), *[part("f", b"", "a")] * 4], "3 files", id="count"),
        pytest.param([part("claim", CLAIM), *[part("f", b"", "")] * 4], "3 files", id="count of empty inputs"),
    ],
)
async def test_limits(parts: list[bytes], expected: str) -> None:
    with pytest.raises(TooLarge, match=expected) as refused:
        await read(body(*parts))
    assert refused.value.extra["limit"] > 0


async def test_exactly_at_the_limits_is_taken() -> None:
    upload = await read(body(part("claim", b"x" * 500), *[part("f", b"y" * 800, "a")] * 3))
    assert sum(len(file.data) for file in upload.files) == 2_400


async def test_a_file_over_the_limit_is_refused_before_it_has_all_arrived() -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield part("claim", CLAIM) + part("f", b"", "a")[:-2]
        while True:
            taken += 100
            yield b"z" * 100

    with pytest.raises(TooLarge):
        await read_upload(CONTENT_TYPE, endless(), SMALL)
    assert taken <= 1_200


async def test_endless_preamble_is_refused() -> None:
    limits = UploadLimits(file_bytes=10, total_bytes=10, claim_bytes=10)

    async def endless() -> AsyncIterator[bytes]:
        yield part("claim", b"1") + part("f", b"", "")
        yield f"--{BOUNDARY}--\r\n".encode()
        while True:
            yield b"epilogue" * 8_192

    with pytest.raises(TooLarge):
        await read_upload(CONTENT_TYPE, endless(), limits)


@pytest.mark.parametrize(
    ("data", "content_type", "error"),
    [
        pytest.param(body(part("claim", CLAIM)), None, UnsupportedMediaType, id="no type"),
        pytest.param(CLAIM, "application/json", UnsupportedMediaType, id="json"),
        pytest.param(body(part("claim", CLAIM)), "multipart/form-data", MalformedBody, id="no boundary"),
        pytest.param(b"", "multipart/form-data; boundary=" + "b" * 300, MalformedBody, id="long boundary"),
        pytest.param(body(part("f", b"x", "a")), CONTENT_TYPE, MalformedBody, id="no claim"),
        pytest.param(body(part("claim", CLAIM), part("claim", CLAIM)), CONTENT_TYPE, MalformedBody, id="two claims"),
        pytest.param(body(part("claim", CLAIM), part("note", b"x")), CONTENT_TYPE, MalformedBody, id="plain field"),
        pytest.param(b"no boundary here", CONTENT_TYPE, MalformedBody, id="not multipart"),
        pytest.param(b"", CONTENT_TYPE, BodyCutOff, id="nothing"),
        pytest.param(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--".encode(),
            CONTENT_TYPE,
            MalformedBody,
            id="nameless part",
        ),
    ],
)
async def test_what_is_not_a_claim(data: bytes, content_type: str | None, error: type[PrereviewError]) -> None:
    with pytest.raises(error):
        await read(data, content_type=content_type)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\订单.png", "订单.png"),
        ("a\x00b\r\nc.png", "abc.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("n" * 400, "n" * 255),
    ],
)
def test_names_are_for_eyes_only(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@given(st.binary(max_size=400))
async def test_no_bytes_make_it_fail_otherwise(noise: bytes) -> None:
    for data in (noise, part("claim", CLAIM) + noise, body(part("claim", noise[:100]))):
        with contextlib.suppress(BodyCutOff, MalformedBody, TooLarge):
            await read(data)
