"""The multipart body of a pre-review: one claim and its files, limits held while the bytes arrive.

Written on python-multipart's event parser rather than Starlette's form: that one spools whatever comes to disk and
takes a body that stops before its closing boundary for a complete one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from service.api.errors import BodyCutOff, MalformedBody, UnsupportedMediaType
from service.api.limits import UploadLimits, size
from service.domain.errors import TooLarge
from service.review.requests import UploadedFile

CLAIM_PART = "claim"
_MAX_NAME = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """``claim``: the JSON part's bytes, unparsed. ``files`` as they were sent, ``parts``: their parts' names."""

    claim: bytes = field(repr=False)
    files: tuple[UploadedFile, ...] = field(repr=False)
    parts: tuple[str, ...] = ()


async def read_upload(
    content_type: str | None, chunks: AsyncIterator[bytes], limits: UploadLimits, *, part: str = CLAIM_PART
) -> Upload:
    """Read a multipart/form-data body. Raises UnsupportedMediaType, MalformedBody, BodyCutOff or TooLarge.

    ``part``: the name of the one that holds JSON; any other than a claim may be left out.
    """
    assembler = _Assembler(limits, part)
    parser = _parser(content_type, assembler)
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > limits.request_bytes:
            raise _too_much(limits)
        try:
            parser.write(chunk)
        except FormParserError as broken:
            raise MalformedBody(f"The multipart body breaks off its own format: {broken}.") from None
    return assembler.upload()


def _parser(content_type: str | None, assembler: _Assembler) -> MultipartParser:
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise UnsupportedMediaType(
            "Send multipart/form-data: a part named `claim` with the claim's JSON, and the screenshots as files."
        )
    boundary = options.get(b"boundary")
    if not boundary:
        raise MalformedBody("The Content-Type header names no boundary. Let your HTTP library write that header.")
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": assembler.begin,
                "on_header_field": assembler.header_name,
                "on_header_value": assembler.header_value,
                "on_header_end": assembler.header_end,
                "on_headers_finished": assembler.headers_finished,
                "on_part_data": assembler.data,
                "on_part_end": assembler.part_end,
                "on_end": assembler.end,
            },
        )
    except FormParserError as broken:
        raise MalformedBody(f"The boundary cannot be used: {broken}.") from None


@dataclass(slots=True)
class _Part:
    name: str = ""
    filename: str | None = None
    limit: int = 0
    size: int = 0
    chunks: list[bytes] = field(default_factory=list)


class _Assembler:
    """Receives the parser's events; refuses as soon as a limit is passed, so nothing oversized is ever held."""

    def __init__(self, limits: UploadLimits, json_part: str) -> None:
        self._limits = limits
        self._json_part = json_part
        self._claim: bytes | None = None
        self._files: list[UploadedFile] = []
        self._parts: list[str] = []
        self._file_parts = 0
        self._total = 0
        self._complete = False
        self._start()

    def _start(self) -> None:
        self._part = _Part()
        self._name = bytearray()
        self._value = bytearray()
        self._disposition = b""

    def begin(self) -> None:
        self._start()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        part = self._part
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        part.filename = None if filename is None else clean_name(filename.decode("utf-8", "replace"))
        if part.name == self._json_part:
            self._expect_claim(part)
        elif part.filename is not None:
            self._expect_file(part)
        else:
            raise MalformedBody(
                f"The part {part.name[:60]!r} is neither the {self._json_part} nor a file. Name that part "
                f"`{self._json_part}`, and give each file a filename."
            )

    def _expect_claim(self, part: _Part) -> None:
        if self._claim is not None:
            raise MalformedBody(f"There are two parts named `{self._json_part}`. Send one a request.")
        part.limit = self._limits.claim_bytes

    def _expect_file(self, part: _Part) -> None:
        self._file_parts += 1
        if self._file_parts > self._limits.files:
            raise TooLarge(
                f"A claim may carry {self._limits.files} files at most. Send those that show the order, the payment "
                "and the problem.",
                extra={"limit": self._limits.files},
            )
        part.limit = self._limits.file_bytes

    def data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if part.size > part.limit:
            what = f"The {self._json_part}'s JSON" if part.name == self._json_part else f"File {self._file_parts}"
            raise TooLarge(f"{what} is larger than {size(part.limit)}. Send less.", extra={"limit": part.limit})
        if part.name != self._json_part:
            self._total += end - start
            if self._total > self._limits.total_bytes:
                raise _too_much(self._limits)
        part.chunks.append(data[start:end])

    def part_end(self) -> None:
        part = self._part
        content = b"".join(part.chunks)
        if part.name == self._json_part:
            self._claim = content
        elif part.filename or content:  # a browser's file input left empty sends no name and no bytes
            self._files.append(UploadedFile(name=part.filename or "", data=content))
            self._parts.append(part.name)
        part.chunks.clear()

    def end(self) -> None:
        self._complete = True

    def upload(self) -> Upload:
        """What was sent, once the closing boundary has been seen."""
        if not self._complete:
            raise BodyCutOff("The multipart body ends before its closing boundary; nothing was kept. Send it again.")
        if self._claim is None and self._json_part == CLAIM_PART:
            raise MalformedBody("There is no part named `claim`. Send the claim's JSON in a part of that name.")
        return Upload(claim=self._claim or b"", files=tuple(self._files), parts=tuple(self._parts))


def _too_much(limits: UploadLimits) -> TooLarge:
    return TooLarge(
        f"The files of one claim may be {size(limits.total_bytes)} together. Send fewer or smaller ones.",
        extra={"limit": limits.total_bytes},
    )


def clean_name(name: str) -> str:
    """The last path component, printable characters only: the name is for a reviewer's eyes, never for a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:_MAX_NAME]
