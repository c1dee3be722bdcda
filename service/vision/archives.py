"""Opening zip archives of screenshots safely: what is inside is bounded before and while it is unpacked.

Nothing is ever written under a member's name; names are for a reviewer's eyes.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # an archive with members, and an empty one
_END = struct.Struct("<4s4H2LH")  # end of central directory: entries at 4, its size in bytes at 5
_END_SIGNATURE, _LONGEST_COMMENT = b"PK\x05\x06", 0xFFFF
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flag bits
_SYMLINK, _FILE_TYPE = 0o120000, 0o170000
_CHUNK = 1 << 16
# What operating systems add unasked.
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_LITTER_FOLDER = "__MACOSX"
# Documents and programs that are zip files inside: no pictures anybody chose to send.
_NOT_A_FOLDER = ("[Content_Types].xml", "META-INF/MANIFEST.MF", "AndroidManifest.xml", "mimetype")
_LONGEST_NAME = 255


class ArchiveRefused(Exception):
    """The archive is not opened; ``detail`` says why and what to send instead."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """What an archive may hold. Bytes are unpacked ones.

    ``ratio``: unpacked over packed bytes of one member; pictures are compressed already and stay near 1, text and
    blank bitmaps reach about 30, the format's worst is 1,032. ``directory_bytes``: of its table of contents, parsed
    before anything else.
    """

    members: int = 20
    member_bytes: int = 10_000_000
    total_bytes: int = 40_000_000
    ratio: float = 100.0
    directory_bytes: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    name: str
    data: bytes = field(repr=False)


def is_archive(data: bytes) -> bool:
    """Whether the content is a zip file, whatever its name says."""
    return data.startswith(_SIGNATURES)


def open_archive(data: bytes, limits: ArchiveLimits | None = None) -> tuple[ArchiveMember, ...]:
    """The files of a zip archive, in its order. ArchiveRefused if any is beyond the limits or no plain file."""
    limits = limits or ArchiveLimits()
    _check_directory(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _members(archive, limits)
    except ArchiveRefused:
        raise
    except Exception as error:  # zipfile raises a dozen kinds, and whatever a forged header may yet provoke
        told = " ".join(str(error).split()) or type(error).__name__
        raise ArchiveRefused(f"the archive cannot be unpacked ({told}); send it again, or the pictures") from error


def _check_directory(data: bytes, limits: ArchiveLimits) -> None:
    """The table of contents is parsed whole by the library, so its size is bounded first."""
    at = data.rfind(_END_SIGNATURE, max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0 or at + _END.size > len(data):
        raise ArchiveRefused("the archive ends too early; send it again")
    _, disk, _, _, entries, size, _, _ = _END.unpack_from(data, at)
    if disk not in (0, 0xFFFF) or entries == 0xFFFF or size == 0xFFFFFFFF:
        raise ArchiveRefused("the archive is split or oversized; send the pictures themselves")
    if size > limits.directory_bytes:
        raise ArchiveRefused(f"its table of contents has {size:,} bytes; send {limits.members} files at most")


def _members(archive: zipfile.ZipFile, limits: ArchiveLimits) -> tuple[ArchiveMember, ...]:
    infos = archive.infolist()
    if any(info.filename in _NOT_A_FOLDER for info in infos):
        raise ArchiveRefused("the file is a document or program, not an archive of pictures; send screenshots")
    wanted = [info for info in infos if not info.is_dir() and not _is_litter(info.filename)]
    if not wanted:
        raise ArchiveRefused("the archive holds no file; send the pictures")
    if len(wanted) > limits.members:
        raise ArchiveRefused(f"the archive holds {len(wanted):,} files; send {limits.members} at most")
    for info in wanted:
        _check(info, limits)
    found: list[ArchiveMember] = []
    left = limits.total_bytes
    for info in wanted:
        content = _unpack(archive, info, min(limits.member_bytes, left))
        if content is None:
            raise ArchiveRefused(f"unpacked it is larger than {limits.total_bytes:,} bytes; send fewer files")
        if is_archive(content):
            raise ArchiveRefused("there is an archive in the archive; send the pictures in one archive, or singly")
        left -= len(content)
        found.append(ArchiveMember(_shown_name(info), content))
    return tuple(found)


def _check(info: zipfile.ZipInfo, limits: ArchiveLimits) -> None:
    """What the headers admit to. They may lie: unpacking counts for itself."""
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveRefused("the archive has a password; send it without")
    if info.compress_type not in _METHODS:
        raise ArchiveRefused("the archive uses a rare compression; send an ordinary zip, or the pictures")
    if (info.external_attr >> 16) & _FILE_TYPE == _SYMLINK:
        raise ArchiveRefused("the archive holds a link instead of a file; send the pictures")
    if info.file_size > limits.member_bytes:
        raise ArchiveRefused(f"a file in it has {info.file_size:,} bytes; the limit is {limits.member_bytes:,}")
    if info.file_size > limits.ratio * max(info.compress_size, _CHUNK // 64):
        raise ArchiveRefused("a file in it is packed more tightly than any picture; send the pictures themselves")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """The member's bytes, its checksum verified; None as soon as they are more than ``most``."""
    parts: list[bytes] = []
    size = 0
    with archive.open(info) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > most:
                return None
            parts.append(part)
    return b"".join(parts)


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name.lower() in _LITTER or _LITTER_FOLDER in path.parts


def _shown_name(info: zipfile.ZipInfo) -> str:
    """The last path component, printable: Windows in China writes GBK, which the format's rule reads as cp437."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("gbk")
        except UnicodeError:
            name = info.filename
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(each for each in unicodedata.normalize("NFC", last) if each.isprintable())
    return shown[:_LONGEST_NAME]
