"""Archives are opened within limits, or not at all."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.evidence import Failed, FailedReason
from service.vision import OnnxEngine, read_image
from service.vision.archives import ArchiveLimits, ArchiveRefused, is_archive, open_archive


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def refused(data: bytes, limits: ArchiveLimits | None = None) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        open_archive(data, limits)
    return caught.value.detail


def test_every_file_is_a_member_in_the_archives_order() -> None:
    data = zipped(("b.png", b"two"), ("folder/", b""), ("folder/a.png", b"one"))
    assert [(member.name, member.data) for member in open_archive(data)] == [("b.png", b"two"), ("a.png", b"one")]


def test_what_operating_systems_add_is_left_out() -> None:
    data = zipped(("__MACOSX/._a.png", b"x"), (".DS_Store", b"x"), ("Thumbs.db", b"x"), ("a.png", b"one"))
    assert [member.name for member in open_archive(data)] == ["a.png"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\a.png", "a/../../b.png", "..\\a.png"]
)
def test_a_name_is_never_a_path(name: str) -> None:
    (member,) = open_archive(zipped((name, b"data")))
    assert "/" not in member.name
    assert "\\" not in member.name
    assert ".." not in member.name


def test_a_name_written_in_gbk_is_read_as_such() -> None:
    info = zipfile.ZipInfo("x")
    data = bytearray(zipped(("abcd.png", b"one")))
    gbk = "截图".encode("gbk")
    assert info
    assert [member.name for member in open_archive(bytes(data.replace(b"abcd", gbk)))] == ["截图.png"]


def test_control_characters_do_not_reach_a_terminal() -> None:
    (member,) = open_archive(zipped(("a\x1b[31m\n.png", b"one")))
    assert member.name == "a[31m.png"


def test_too_many_files() -> None:
    assert "21 files" in refused(zipped(*((f"{n}.png", b"x") for n in range(21))))


def test_an_empty_archive() -> None:
    assert "no file" in refused(zipped())
    assert is_archive(zipped())


def test_a_bomb_is_told_by_its_ratio_before_it_is_unpacked() -> None:
    assert "tightly" in refused(zipped(("a.png", bytes(9_000_000))))


def test_a_bomb_whose_header_lies_is_stopped_while_unpacking() -> None:
    data = bytearray(zipped(("a.png", bytes(3_000_000))))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 100)  # uncompressed size in the directory
    assert refused(bytes(data))


def test_a_file_too_large_and_files_too_large_together() -> None:
    limits = ArchiveLimits(member_bytes=1000, total_bytes=1500)
    noise = bytes(range(256)) * 4
    assert "1,024 bytes" in refused(zipped(("a", noise), method=zipfile.ZIP_STORED), limits)
    assert "1,500" in refused(zipped(("a", noise[:900]), ("b", noise[:900]), method=zipfile.ZIP_STORED), limits)


def test_an_archive_in_an_archive() -> None:
    assert "archive in the archive" in refused(zipped(("inner.zip", zipped(("a.png", b"one")))))


def test_a_password() -> None:
    data = bytearray(zipped(("a.png", b"one")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        data[at + offset] |= 1
    assert "password" in refused(bytes(data))


def test_a_link() -> None:
    info = zipfile.ZipInfo("a.png")
    info.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link" in refused(target.getvalue())


def test_an_office_document_is_no_archive_of_pictures() -> None:
    assert "document" in refused(zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")))


def test_a_rare_compression() -> None:
    assert "rare" in refused(zipped(("a.png", b"one" * 100), method=zipfile.ZIP_LZMA))


def test_a_directory_of_two_hundred_thousand_entries_is_not_parsed() -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 9_000_000, 0, 0)
    assert "table of contents" in refused(b"PK\x03\x04" + bytes(9_000_000) + end)


@pytest.mark.parametrize("cut", [5, 40, 90])
def test_an_archive_cut_off(cut: int) -> None:
    data = zipped(("a.png", b"one" * 50))
    assert refused(data[: len(data) - cut])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_the_bytes_only_a_refusal_comes_out(data: st.DataObject) -> None:
    whole = bytearray(zipped(("a.png", b"one" * 30), ("b/c.png", bytes(range(200)))))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    limits = ArchiveLimits(member_bytes=5000, total_bytes=5000)
    try:
        members = open_archive(bytes(whole), limits)
    except ArchiveRefused:
        return
    assert sum(len(member.data) for member in members) <= 5000


def test_the_reader_says_why_an_archive_was_not_opened() -> None:
    outcome = read_image(zipped(*((f"{n}.png", b"x") for n in range(21))), OnnxEngine())
    assert isinstance(outcome, Failed)
    assert outcome.reason is FailedReason.ARCHIVE_REFUSED
    assert "21 files" in outcome.detail
