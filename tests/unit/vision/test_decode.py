from __future__ import annotations

import contextlib
import io
import random
import struct
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from service.domain.evidence import FailedReason
from service.vision.decode import DecodedImage, DecodeFailed, DecodeLimits, decode
from service.vision.file_types import media_type_of

DATA = Path(__file__).parent / "data"
RED, GREEN, WHITE = (0, 0, 255), (0, 255, 0), (255, 255, 255)  # as BGR


def picture(width: int = 64, height: int = 40) -> Image.Image:
    """White with a red top left and a green top right corner: tells every turn and every mirror apart."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((255, 0, 0), (0, 0, 16, 16))
    image.paste((0, 255, 0), (width - 16, 0, width, 16))
    return image


def noise(width: int = 128, height: int = 128) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(5).randbytes(width * height * 3))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def corners(image: DecodedImage) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pixels = image.pixels
    return tuple(map(int, pixels[3, 3])), tuple(map(int, pixels[3, -4]))


def refused(data: bytes, limits: DecodeLimits | None = None) -> FailedReason:
    with pytest.raises(DecodeFailed) as caught:
        decode(data, limits)
    assert caught.value.detail
    return caught.value.reason


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "options", "media_type"),
    [
        ("PNG", {}, "image/png"),
        ("JPEG", {"quality": 95, "subsampling": 0}, "image/jpeg"),
        ("WEBP", {"lossless": True}, "image/webp"),
    ],
)
def test_decodes_to_bgr(kind: str, options: dict[str, object], media_type: str) -> None:
    image = decode(encoded(picture(), kind, **options))
    assert (image.media_type, image.width, image.height, image.scale) == (media_type, 64, 40, 1.0)
    assert image.pixels.shape == (40, 64, 3)
    assert image.pixels.dtype == np.uint8
    assert np.abs(np.array(corners(image), int) - np.array((RED, GREEN))).max() <= 6


def test_decodes_heic() -> None:
    image = decode((DATA / "note.heic").read_bytes())
    assert (image.media_type, image.width, image.height) == ("image/heic", 480, 320)
    assert np.abs(image.pixels[5, 5].astype(int) - (30, 30, 220)).max() <= 6
    assert image.pixels[5, -5].min() >= 250


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_makes_it_upright(orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # stored turned left, to be shown turned right
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture().transpose(turns[orientation]) if orientation in turns else picture()
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = decode(encoded(stored, "PNG", exif=exif))
    assert (image.width, image.height) == (64, 40)
    assert corners(image) == (RED, GREEN)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode: str) -> None:
    see_through = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    see_through.paste((0, 0, 0, 255), (0, 0, 20, 40))
    pixels = decode(encoded(see_through.convert(mode), "PNG")).pixels
    assert tuple(pixels[5, 5]) == (0, 0, 0)
    assert tuple(pixels[5, 35]) == WHITE


def test_half_transparent_mixes_with_white() -> None:
    pixels = decode(encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 128)), "PNG")).pixels
    assert 126 <= pixels[5, 5, 0] <= 128


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_every_colour_mode(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    pixels = decode(
        encoded(picture().convert("L").convert(mode) if mode == "1" else picture().convert(mode), kind)
    ).pixels
    assert pixels.shape == (40, 64, 3)
    assert pixels[30, 30].min() >= 250


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    ramp = np.full((40, 40), 0x8000, np.uint16)
    assert tuple(decode(encoded(Image.fromarray(ramp), "PNG")).pixels[5, 5]) == (128, 128, 128)


def test_no_bytes() -> None:
    assert refused(b"") is FailedReason.EMPTY_FILE


def test_too_many_bytes_are_refused_unread() -> None:
    assert refused(b"not even an image", DecodeLimits(max_bytes=16)) is FailedReason.TOO_LARGE


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"MZ\x90\x00" + bytes(100), "program"),
        (b"\x7fELF" + bytes(100), "program"),
        (b"%PDF-1.7\n", "screenshot of each page"),
        (b"II*\x00" + bytes(100), "TIFF image; save it as PNG or JPEG"),
        (b"hello, this is a screenshot", "no image format"),
        (b"\x00", "no image format"),
        (b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg'/>", "markup; send a screenshot"),
        (b"<!DOCTYPE html><html></html>", "markup; send a screenshot"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(100), "video; send a screenshot (PNG or JPEG) of the moment"),
        (b"\x00\x00\x00\x20ftypqt  " + bytes(100), "video"),
        (b"\x1aE\xdf\xa3" + bytes(100), "video"),
        (b"\x00\x00\x00\x20ftypavif" + bytes(100), "AVIF image; save it as PNG or JPEG"),
        (b"GIF88a" + bytes(100), "no image format"),
    ],
)
def test_the_content_decides_the_type(data: bytes, word: str) -> None:
    with pytest.raises(DecodeFailed) as caught:
        decode(data)
    assert caught.value.reason is FailedReason.UNSUPPORTED_TYPE
    assert word in caught.value.detail


def gif(frames: int) -> bytes:
    images = [Image.new("RGB", (32, 32), (i % 256, 0, 0)) for i in range(frames)]
    return encoded(images[0], "GIF", save_all=True, append_images=images[1:])


def test_a_still_gif_is_a_picture() -> None:
    image = decode(encoded(picture(), "GIF"))
    assert (image.media_type, image.width, image.height) == ("image/gif", 64, 40)
    assert corners(image) == (RED, GREEN)


def test_a_gif_with_a_frame_beyond_its_screen_is_bounded() -> None:
    data = bytearray(encoded(picture(), "GIF"))
    at = data.index(b",")  # the first image's descriptor: left, top, width, height
    data[at + 5 : at + 9] = struct.pack("<HH", 65_000, 65_000)
    assert refused(bytes(data)) in (FailedReason.TOO_MANY_PIXELS, FailedReason.DAMAGED)


@pytest.mark.parametrize("frames", [2, 300])
def test_a_gif_that_moves_is_refused(frames: int) -> None:
    with pytest.raises(DecodeFailed, match="send a still screenshot of each") as caught:
        decode(gif(frames))
    assert caught.value.reason is FailedReason.TOO_MANY_FRAMES


def test_frames_of_a_gif_are_not_counted() -> None:
    """Half a million empty frames fit into 10 MB; counting them would take longer than a page may."""
    start = gif(2)
    data = start[:-1] + start[start.rindex(b"!\xf9") : -1] * 200_000 + b";"
    began = time.process_time()
    assert refused(data[:10_000_000]) is FailedReason.TOO_MANY_FRAMES
    assert time.process_time() - began < 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animations_are_refused(kind: str) -> None:
    frames = [Image.new("RGB", (32, 32), (i * 40, 0, 0)) for i in range(5)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert refused(data) is FailedReason.TOO_MANY_FRAMES


def test_two_pictures_in_one_heic_are_refused() -> None:
    assert refused((DATA / "two.heic").read_bytes()) is FailedReason.TOO_MANY_FRAMES


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(8000, 6000), (14_000, 9_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_on_its_header(width: int, height: int) -> None:
    assert refused(png_claiming(width, height)) is FailedReason.TOO_MANY_PIXELS


def test_exactly_the_pixel_limit_is_accepted() -> None:
    data = encoded(picture(), "PNG")
    assert decode(data, DecodeLimits(max_pixels=64 * 40)).width == 64
    assert refused(data, DecodeLimits(max_pixels=64 * 40 - 1)) is FailedReason.TOO_MANY_PIXELS


def test_a_text_bomb_in_a_png_is_damage() -> None:
    text = png_chunk(b"zTXt", b"note\0\0" + zlib.compress(b"a" * 80_000_000, 9))
    data = encoded(picture(), "PNG")
    assert refused(data[:33] + text + data[33:]) is FailedReason.DAMAGED


def test_too_small_to_carry_text() -> None:
    assert refused(encoded(picture(300, 15), "PNG")) is FailedReason.TOO_SMALL


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIC", "GIF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_off_file_is_told_apart(kind: str, share: float) -> None:
    data = (DATA / "note.heic").read_bytes() if kind == "HEIC" else encoded(noise(), kind)
    assert refused(data[: int(len(data) * share)]) is FailedReason.TRUNCATED


def test_a_png_whose_rows_are_missing_is_not_filled_up() -> None:
    assert refused(png_claiming(2000, 2000)) in (FailedReason.TRUNCATED, FailedReason.DAMAGED)


def test_flipped_bytes_are_damage() -> None:
    data = bytearray(encoded(noise(), "PNG"))
    data[len(data) // 2] ^= 0xFF
    assert refused(bytes(data)) is FailedReason.DAMAGED


def test_other_image_plugins_stay_shut() -> None:
    """A TIFF is an image Pillow could open; its decoder is not one we want to offer to strangers."""
    assert refused(encoded(picture(), "TIFF")) is FailedReason.UNSUPPORTED_TYPE


def test_pillow_never_fills_up_truncated_files() -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_large_photo_is_worked_on_smaller(kind: str) -> None:
    image = decode(encoded(picture(3200, 4400), kind))
    assert (image.width, image.height) == (3200, 4400)
    assert image.pixels.shape[1] == 1600
    assert image.scale == pytest.approx(2.0)


@pytest.mark.parametrize(("width", "height"), [(1, 100_000), (100_000, 1), (16, 60_000), (60_000, 16)])
def test_a_thread_of_pixels_is_no_page(width: int, height: int) -> None:
    assert refused(encoded(Image.new("L", (width, height), 255), "PNG")) is FailedReason.TOO_SMALL


def test_a_picture_that_is_also_something_else_is_that_picture() -> None:
    """What follows the picture is nobody's business here; a file that begins as an archive is one."""
    plain = encoded(picture(), "PNG")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("page.html", "<script>alert(1)</script>")
    assert np.array_equal(decode(plain + archive.getvalue()).pixels, decode(plain).pixels)
    jpeg = encoded(picture(), "JPEG")
    assert np.array_equal(decode(jpeg + b"%PDF-1.7" + bytes(100_000)).pixels, decode(jpeg).pixels)
    assert refused(archive.getvalue() + plain) is FailedReason.ARCHIVE_REFUSED


def test_metadata_cannot_cost_the_picture() -> None:
    """A colour profile, EXIF and notes of any shape leave the pixels as they are; one that blows up is refused."""
    plain = decode(encoded(picture(), "PNG")).pixels
    png = encoded(picture(), "PNG")
    profile = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(500_000), 9))
    bomb = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(50_000_000), 9))
    exif = png_chunk(b"eXIf", b"MM\0*\0\0\0\x08\xff\xff" + bytes(range(256)) * 400)
    note = png_chunk(b"tEXt", b"note\0" + b"a" * 3_000_000)
    for chunk in (profile, exif, note):
        assert np.array_equal(decode(png[:33] + chunk + png[33:]).pixels, plain)
    assert refused(png[:33] + bomb + png[33:]) is FailedReason.DAMAGED
    jpeg = encoded(picture(), "JPEG")
    segment = b"\xff\xe1\xff\xff" + b"Exif\0\0" + b"II*\0\x08\0\0\0" + b"\xff" * (0xFFFF - 2 - 6 - 8)
    assert np.array_equal(decode(jpeg[:2] + segment * 20 + jpeg[2:]).pixels, decode(jpeg).pixels)


def test_a_long_capture_keeps_every_pixel() -> None:
    assert decode(encoded(picture(1080, 9000), "PNG")).pixels.shape == (9000, 1080, 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIC", "GIF"])
def test_no_bytes_raise_anything_else(kind: str) -> None:
    """Each mutated file decodes or is refused with a reason; nothing else escapes."""
    whole = (DATA / "note.heic").read_bytes() if kind == "HEIC" else encoded(noise(48, 48), kind)
    chance = random.Random(11)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(DecodeFailed):
            assert decode(bytes(data)).pixels.ndim == 3


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_heif_brands(brand: bytes) -> None:
    assert media_type_of(b"\x00\x00\x00\x18ftyp" + brand) == "image/heic"
