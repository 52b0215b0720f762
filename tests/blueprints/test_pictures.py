"""Uploaded pictures: what is read, what is refused, and what any bytes come to."""

import gzip
import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from blueprints import pictures
from blueprints.domain.template import LEAVE, MAX_SIDE, decode
from blueprints.pictures import MAX_PLAIN, MAX_SCANS, png, read_upload
from runtime.errors import Invalid
from tests.blueprints.helpers import file_of, square, template
from tests.canvas.helpers import PALETTE, meta_of

RED, GREEN = (255, 0, 0, 255), (0, 255, 0, 255)
META = meta_of()


def picture(*pixels: tuple[int, ...], size: tuple[int, int] = (2, 1)) -> Image.Image:
    image = Image.new("RGBA", size)
    image.putdata(pixels)
    return image


def refusal(data: bytes, convert: Any = "exact") -> str:
    with pytest.raises(Invalid) as refused:
        read_upload(data, META, convert)
    return f"{refused.value.code}: {refused.value.detail}"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_picture_becomes_cells(kind: str) -> None:
    data = file_of(picture(RED, GREEN), kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert read_upload(data, META, "exact") == template(2, 1, [2, 3])


def test_a_jpeg_has_to_be_converted() -> None:
    data = file_of(Image.new("RGB", (8, 8), (254, 1, 0)), "JPEG")
    assert refusal(data).startswith("image_unknown")
    assert read_upload(data, META, "nearest") == template(8, 8, [2] * 64)


def test_what_is_hardly_opaque_is_left_alone() -> None:
    data = file_of(picture((255, 0, 0, 128), (255, 0, 0, 127)))
    assert read_upload(data, META, "exact") == template(2, 1, [2, LEAVE])


def test_a_colour_that_is_not_in_the_palette_is_named_with_its_place() -> None:
    data = file_of(picture(RED, (1, 2, 3, 255)))
    assert refusal(data) == (
        "image_unknown: The pixel (1, 0) is #010203, which the palette does not have."
    )


def test_the_nearest_colour_is_as_people_see_it_and_on_offer() -> None:
    data = file_of(picture((250, 20, 20, 255), (20, 20, 250, 255)))
    assert read_upload(data, META, "nearest") == template(2, 1, [2, 4])
    retired = meta_of(retired=((PALETTE[2], PALETTE[1]),))
    assert 2 not in read_upload(data, retired, "nearest").colors


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("rows", [1, 2, 3, 8, 600])
def test_a_png_of_as_many_rows_as_it_says_is_taken(rows: int, *, interlaced: bool) -> None:
    read = read_upload(png_of_rows(rows, rows, interlaced=interlaced), META, "exact")
    assert read == template(5, rows, [2] * 5 * rows)


def test_a_gif_whose_screen_is_smaller_than_its_frame_has_the_size_of_the_frame() -> None:
    assert read_upload(gif_with_screen(1, 1), META, "exact") == template(2, 1, [2, 2])


def test_template_bytes_come_plain_or_gzipped() -> None:
    content = square().content
    assert read_upload(content, META, "exact") == square()
    assert read_upload(gzip.compress(content), META, "exact") == square()


def test_a_png_of_a_template_is_that_template() -> None:
    assert read_upload(png(square()), META, "exact") == square()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_says(width: int, height: int, depth: int = 8, kind: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def png_of_rows(rows: int, said: int, *, interlaced: bool = False, piece: int = 7) -> bytes:
    """Return a red PNG, 5 pixels wide, of so many rows in passes; its head says a number too."""
    raw = b""
    steps = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2)]
    for top, left, down, across in [*steps, (1, 0, 2, 1)] if interlaced else [(0, 0, 1, 1)]:
        columns = len(range(left, 5, across))
        raw += (b"\0" + bytes(RED[:3]) * columns) * len(range(top, rows, down)) if columns else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 5, said, 8, 2, 0, 0, interlaced))
    packed = zlib.compress(raw)
    data = b"".join(chunk(b"IDAT", packed[at : at + piece]) for at in range(0, len(packed), piece))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


def gif_with_screen(width: int, height: int, frame: bytes = b"\2\0\1\0") -> bytes:
    """Return a GIF of two red pixels whose head says a size, and its frame another."""
    content = bytearray(file_of(picture(RED, RED).convert("P"), "GIF"))
    content[6:10] = struct.pack("<HH", width, height)
    start = content.index(b"\x2c", 13 + 3 * 2 ** ((content[10] & 7) + 1))
    content[start + 5 : start + 9] = frame
    return bytes(content)


def animation(kind: str, frames: int = 3) -> bytes:
    images = [Image.new("RGB", (2, 2), (80 * each, 0, 0)) for each in range(frames)]
    return file_of(images[0], kind, save_all=True, append_images=images[1:])


def gif_of_frames(number: int) -> bytes:
    one = file_of(Image.new("P", (1, 1)), "GIF")
    start = one.index(b"\x2c")
    return one[:start] + one[start:-1] * number + b"\x3b"


WRONG = {
    "text": b"hello",
    "nothing": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "bmp": file_of(Image.new("RGB", (2, 2)), "BMP"),
    "tiff": file_of(Image.new("RGB", (2, 2)), "TIFF"),
    "ico": file_of(Image.new("RGB", (16, 16)), "ICO"),
    "truncated png": file_of(Image.new("RGB", (64, 64), (255, 0, 0)))[:60],
    "truncated jpeg": file_of(Image.new("RGB", (64, 64)), "JPEG")[:300],
    "lies about size": png_that_says(64, 64),
    "png of fewer rows than it says": png_of_rows(3, 4, piece=99),
    "interlaced png of fewer rows than it says": png_of_rows(3, 4, interlaced=True),
    "gif whose frame is larger than can be": gif_with_screen(2, 1, b"\x30\x75\x30\x75"),
    "16 bit": png_that_says(1, 1, depth=16),
    "16 bit grey": file_of(Image.new("I;16", (2, 2))),
    "cmyk": file_of(Image.new("CMYK", (8, 8)), "JPEG"),
    "moving gif": animation("GIF"),
    "moving webp": animation("WEBP"),
    "moving png": animation("PNG"),
    "10,000 frames": gif_of_frames(10_000),
    "wholly transparent": file_of(Image.new("RGBA", (2, 2))),
    "gzip cut off": gzip.compress(square().content)[:-4],
    "gzip with more behind": gzip.compress(square().content) + b"more",
    "gzip of nothing": gzip.compress(b""),
    "template without cells": square().content[:-1],
    "template with more": square().content + b"\0",
    "template of a colour twice": b"PXB1\x01\0\x01\0\x02\x01\0\0\0\x01\0\0\0\x01",
    "template with 255 as a colour": b"PXB1\x01\0\x01\0\x01\xff\0\0\0\xff",
    "template with an unused colour": b"PXB1\x01\0\x01\0\x02\x01\0\0\0\x02\0\0\0\x01",
    "template with an unlisted colour": b"PXB1\x01\0\x01\0\x01\x01\0\0\0\x02",
    "template without a colour": b"PXB1\x01\0\x01\0\0\xff",
    "template without a size": b"PXB1\0\0\x01\0\0",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_is_refused_in_plain_words(name: str) -> None:
    assert refusal(WRONG[name]).startswith("image_invalid: ")


@pytest.mark.parametrize("size", [(MAX_SIDE + 1, 1), (1, MAX_SIDE + 1), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_says_it_is_too_large_is_not_decoded(size: tuple[int, int]) -> None:
    """Pillow itself refuses the largest, by other words."""
    assert refusal(png_that_says(*size)).startswith(("image_out_of_range", "image_invalid"))


@pytest.mark.slow
def test_a_bomb_of_gzip_is_not_unpacked() -> None:
    assert refusal(gzip.compress(b"PXB1" + bytes(4 * MAX_PLAIN))).startswith("image_invalid")


def test_a_jpeg_of_many_scans_is_not_decoded() -> None:
    data = file_of(Image.new("L", (8, 8)), "JPEG")
    start = data.index(b"\xff\xda")
    bomb = data[:start] + data[start:-2] * (MAX_SCANS + 1) + data[-2:]
    assert "scans" in refusal(bomb)


def test_a_picture_of_too_many_colours_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_SECONDS", -1.0)
    assert "too many colours" in refusal(file_of(picture((1, 2, 3, 255), RED)), "nearest")


def test_the_largest_picture_is_read() -> None:
    data = file_of(Image.new("P", (MAX_SIDE, 200)), "PNG")
    assert read_upload(data, meta_of(palette=("#000000", "#FFFFFF")), "exact").painted == (
        MAX_SIDE * 200
    )


def test_index_255_of_a_full_palette_cannot_be_used() -> None:
    colors = tuple(f"#0000{each:02X}" for each in range(256))
    data = file_of(picture((0, 0, 255, 255), (0, 0, 254, 255)))
    with pytest.raises(Invalid) as refused:
        read_upload(data, meta_of(palette=colors), "exact")
    assert refused.value.code == "image_unknown"
    assert read_upload(data, meta_of(palette=colors), "nearest").cells == bytes([254, 254])


@given(st.binary(max_size=400))
def test_any_bytes_are_a_template_or_a_clear_error(data: bytes) -> None:
    for each in (data, b"PXB1" + data, b"\x89PNG\r\n\x1a\n" + data, b"\xff\xd8" + data):
        try:
            found = read_upload(each, META, "nearest")
        except Invalid as error:
            assert error.field == "image"
        else:
            assert decode(found.content) == found


@pytest.mark.slow
@given(
    st.sampled_from(["PNG", "GIF", "WEBP", "JPEG"]), st.integers(0, 10**6), st.binary(max_size=8)
)
def test_a_broken_picture_is_a_template_or_a_clear_error(kind: str, at: int, noise: bytes) -> None:
    rng = np.random.default_rng(3)
    data = bytearray(file_of(Image.fromarray(rng.integers(0, 255, (16, 16, 3), np.uint8)), kind))
    at %= len(data)
    data[at : at + len(noise)] = noise
    try:
        read_upload(bytes(data), META, "nearest")
    except Invalid as error:
        assert error.field == "image"


def test_metadata_does_not_survive() -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", (2, 2), (255, 0, 0)).save(file, "PNG", exif=exif)
    assert b"where I live" not in png(read_upload(file.getvalue(), META, "exact"))
