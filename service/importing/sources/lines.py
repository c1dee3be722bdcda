"""Lines of a file with bounded memory, whatever is in it."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from service.domain.errors import BadRequest

MAX_LINE = 1 << 20
_EDGE = 1 << 20


def identity(path: Path) -> str:
    """SHA-256 over size, first and last MiB: told apart in milliseconds, however large the file is."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(_EDGE))
        if size > _EDGE:
            file.seek(max(_EDGE, size - _EDGE))
            digest.update(file.read())
    return digest.hexdigest()


class LineFile:
    """The lines of a file, plain or gzip, as bytes; None stands for one longer than a MiB."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.line = 0
        self._raw: BinaryIO | None = None

    def done(self) -> int:
        """Bytes of the file read."""
        return self._raw.tell() if self._raw is not None else 0

    def __iter__(self) -> Iterator[bytes | None]:
        self.line = 0
        try:
            with self.path.open("rb") as raw:
                self._raw = raw
                yield from self._lines(_unpacked(raw, self.path))
        except (OSError, EOFError, zlib.error) as error:
            raise BadRequest(
                f"{self.path.name} cannot be read past line {self.line} ({type(error).__name__}); "
                "copy it anew, then run the same command: it goes on where it stopped."
            ) from None
        finally:
            self._raw = None

    def _lines(self, file: BinaryIO) -> Iterator[bytes | None]:
        while line := file.readline(MAX_LINE):
            self.line += 1
            if self.line == 1:
                line = _without_mark(line, self.path)
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield None
            else:
                yield line


def _unpacked(raw: BinaryIO, path: Path) -> BinaryIO:
    if path.suffix.lower() != ".gz":
        return raw
    return io.BufferedReader(gzip.GzipFile(fileobj=raw), 1 << 16)


def _without_mark(line: bytes, path: Path) -> bytes:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadRequest(f"{path.name} is UTF-16 text; save it as UTF-8.")
    if line.startswith(b"PK\x03\x04"):
        raise BadRequest(f"{path.name} is a workbook or archive, not text; save it as CSV (UTF-8).")
    return line.removeprefix(b"\xef\xbb\xbf")
