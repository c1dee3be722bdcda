"""The multipart body of a pre-review: one claim and its files, limits held while the bytes arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from service.api.errors import BodyCutOff, MalformedBody, UnsupportedMediaType
from service.api.limits import UploadLimits, size
from service.domain.errors import TooLarge
from service.multipart import FormParserError, Part, Receiver, boundary_of
from service.review.requests import UploadedFile

CLAIM_PART = "claim"


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
    boundary = _boundary(content_type)
    try:
        parser = assembler.parser(boundary)
    except FormParserError as broken:
        raise MalformedBody(f"The boundary cannot be used: {broken}.") from None
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


def _boundary(content_type: str | None) -> bytes:
    boundary = boundary_of(content_type)
    if boundary is None:
        raise UnsupportedMediaType(
            "Send multipart/form-data: a part named `claim` with the claim's JSON, and the screenshots as files."
        )
    if not boundary:
        raise MalformedBody("The Content-Type header names no boundary. Let your HTTP library write that header.")
    return boundary


class _Assembler(Receiver):
    def __init__(self, limits: UploadLimits, json_part: str) -> None:
        super().__init__()
        self._limits = limits
        self._json_part = json_part
        self._claim: bytes | None = None
        self._files: list[UploadedFile] = []
        self._parts: list[str] = []
        self._file_parts = 0
        self._total = 0

    def expect(self, part: Part) -> None:
        if part.name == self._json_part:
            self._expect_claim(part)
        elif part.filename is not None:
            self._expect_file(part)
        else:
            raise MalformedBody(
                f"The part {part.name[:60]!r} is neither the {self._json_part} nor a file. Name that part "
                f"`{self._json_part}`, and give each file a filename."
            )

    def _expect_claim(self, part: Part) -> None:
        if self._claim is not None:
            raise MalformedBody(f"There are two parts named `{self._json_part}`. Send one a request.")
        part.limit = self._limits.claim_bytes

    def _expect_file(self, part: Part) -> None:
        self._file_parts += 1
        if self._file_parts > self._limits.files:
            raise TooLarge(
                f"A claim may carry {self._limits.files} files at most. Send those that show the order, the payment "
                "and the problem.",
                extra={"limit": self._limits.files},
            )
        part.limit = self._limits.file_bytes

    def grew(self, part: Part, by: int) -> None:
        if part.size > part.limit:
            what = f"The {self._json_part}'s JSON" if part.name == self._json_part else f"File {self._file_parts}"
            raise TooLarge(f"{what} is larger than {size(part.limit)}. Send less.", extra={"limit": part.limit})
        if part.name != self._json_part:
            self._total += by
            if self._total > self._limits.total_bytes:
                raise _too_much(self._limits)

    def received(self, part: Part, content: bytes) -> None:
        if part.name == self._json_part:
            self._claim = content
        elif part.filename or content:  # a browser's file input left empty sends no name and no bytes
            self._files.append(UploadedFile(name=part.filename or "", data=content))
            self._parts.append(part.name)

    def upload(self) -> Upload:
        """What was sent, once the closing boundary has been seen."""
        if not self.complete:
            raise BodyCutOff("The multipart body ends before its closing boundary; nothing was kept. Send it again.")
        if self._claim is None and self._json_part == CLAIM_PART:
            raise MalformedBody("There is no part named `claim`. Send the claim's JSON in a part of that name.")
        return Upload(claim=self._claim or b"", files=tuple(self._files), parts=tuple(self._parts))


def _too_much(limits: UploadLimits) -> TooLarge:
    return TooLarge(
        f"The files of one claim may be {size(limits.total_bytes)} together. Send fewer or smaller ones.",
        extra={"limit": limits.total_bytes},
    )
