"""Files of one claim as they come in: several archives share one limit."""

from __future__ import annotations

import io
import zipfile

from service.review.receiving import Receiving
from service.review.requests import UploadedFile
from service.store import Store
from service.vision.archives import ArchiveLimits


def archive(name: str, content: bytes) -> UploadedFile:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("page.png", content)
    return UploadedFile(name=name, data=target.getvalue())


async def test_several_archives_unpack_no_more_than_one_may(store: Store) -> None:
    receiving = Receiving(store, ArchiveLimits(total_bytes=3000))
    uploads = [archive("1.zip", b"a" * 2000), archive("2.zip", b"b" * 2000), archive("3.zip", b"c" * 900)]
    kept = await receiving.keep("acme", uploads)
    assert [file.name for file in kept] == ["1.zip/page.png", "2.zip", "3.zip/page.png"]
    assert [file.size for file in kept] == [2000, len(uploads[1].data), 900]
