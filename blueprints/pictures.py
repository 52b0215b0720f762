"""Uploaded pictures: decoded within strict limits, and turned into palette cells at once."""

import struct
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from blueprints.domain.palettes import UNKNOWN, ColorTable, TooSlow
from blueprints.domain.template import (
    LEAVE,
    MAGIC,
    MAX_CELLS,
    MAX_SIDE,
    BadTemplate,
    Template,
    decode,
    of_cells,
)
from canvas.domain.rules import CanvasMeta
from runtime.errors import Invalid

MAX_UPLOAD = 8 * 2**20  # bytes
MAX_PLAIN = MAX_CELLS + 2048  # bytes of an unpacked template
MAX_SCANS = 100  # of a JPEG: each goes over all pixels, and takes 20 bytes to ask for
MAX_SECONDS = 5.0  # for finding colours
STRIPE = 256  # rows at a time
OPAQUE = 128  # alpha from which on a pixel counts

FORMATS = ("PNG", "GIF", "WEBP", "JPEG")
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA"}
GZIP = b"\x1f\x8b"
PNG = b"\x89PNG\r\n\x1a\n"
BIT_DEPTH = 24  # its place in a PNG
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the colour type of a PNG
# First row and column, and the steps to the next ones, of each pass of a PNG.
WHOLE = ((0, 0, 1, 1),)
INTERLACED = (
    *((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4)),
    *((0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)),
)
PIECE = 2**18  # bytes that are unpacked at a time

Convert = Literal["exact", "nearest"]
OnSize = Callable[[int, int], None]


class Decoded(NamedTuple):
    """A picture as RGBA, and the texts that stand in it by keyword."""

    image: Image.Image
    texts: Mapping[str, str]


def read_upload(data: bytes, meta: CanvasMeta, convert: Convert) -> Template:
    """Read an uploaded image: a template, plain or gzipped, or a picture.

    Raise Invalid, naming the field `image`.
    """
    try:
        if data.startswith(GZIP):
            data = _unpack(data)
        if data.startswith(MAGIC):
            return decode(data)
    except BadTemplate as error:
        raise Invalid("image", "invalid", str(error)) from None
    return read_picture(data, meta, convert)


def read_picture(data: bytes, meta: CanvasMeta, convert: Convert) -> Template:
    """Read a PNG, GIF, WebP or JPEG of one frame, one cell a pixel; raise Invalid."""
    return convert_pixels(decode_picture(data).image, meta, convert)


def any_size(width: int, height: int) -> None:
    """Take pictures of all sizes that there may be."""


def decode_picture(data: bytes, on_size: OnSize = any_size) -> Decoded:
    """Decode a PNG, GIF, WebP or JPEG of one frame; raise Invalid.

    `on_size` is called with width and height before anything is decoded, and may raise Invalid.
    """
    if data.startswith(PNG) and data[BIT_DEPTH : BIT_DEPTH + 1] == b"\x10":
        raise _wrong("It has 16 bits a channel; save it with 8.")
    if data.count(b"\xff\xda") > MAX_SCANS and data.startswith(b"\xff\xd8"):
        raise _wrong("It is a JPEG of too many scans; save it anew.")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _check(image)
            on_size(*image.size)
            image.load()
            if image.format == "PNG" and not _has_all_rows(data):
                raise _wrong("It has fewer pixels than it says.")
            return Decoded(image.convert("RGBA"), dict(getattr(image, "text", {})))
    except Invalid:
        raise
    except Exception:  # Pillow raises what comes: OSError, SyntaxError, struct.error, zlib.error…
        raise _wrong("It is no PNG, GIF, WebP or JPEG that can be read.") from None


def _check(image: Image.Image) -> None:
    """Raise Invalid for a picture that is not decoded: nothing but its head has been read."""
    width, height = image.size
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        detail = f"A side has 1 to {MAX_SIDE} pixels, not {width} x {height}."
        raise Invalid("image", "out_of_range", detail)
    if getattr(image, "is_animated", False):
        raise _wrong("It moves; send one frame.")
    if image.mode not in MODES:
        raise _wrong(f"Its colours are {image.mode}; save it as RGB.")


def _has_all_rows(png: bytes) -> bool:
    """Tell whether a PNG that was decoded has all the rows that its head says.

    Pillow makes rows black that are missing at the end of data that is otherwise whole.
    """
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", png, 16)
    missing = 0
    for top, left, down, across in INTERLACED if interlaced else WHOLE:
        rows, columns = -(-(height - top) // down), -(-(width - left) // across)
        if rows > 0 and columns > 0:
            missing += rows * (1 + -(-columns * CHANNELS[kind] * depth // 8))
    unpacker = zlib.decompressobj()
    for packed in _data_chunks(png):
        found = PIECE
        while missing > 0 and (packed or found == PIECE):  # there may be more behind a full piece
            found = len(unpacker.decompress(packed, PIECE))
            packed = unpacker.unconsumed_tail
            missing -= found
    return missing <= 0


def _data_chunks(png: bytes) -> Iterator[bytes]:
    at = len(PNG)
    while at + 8 <= len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IDAT":
            yield png[at + 8 : at + 8 + size]
        at += 12 + size


def convert_pixels(image: Image.Image, meta: CanvasMeta, convert: Convert) -> Template:
    """Turn an RGBA picture into cells of the palette; raise Invalid."""
    offered = [index for index in range(len(meta.palette)) if index not in meta.stand_ins]
    table = ColorTable(meta.palette, offered, time.monotonic() + MAX_SECONDS)
    pixels = np.asarray(image, np.uint8)
    cells = np.empty(pixels.shape[:2], np.uint8)
    for top in range(0, len(cells), STRIPE):
        part = pixels[top : top + STRIPE].astype(np.uint32)
        packed = part[..., 0] << 16 | part[..., 1] << 8 | part[..., 2]
        opaque = part[..., 3] >= OPAQUE
        found = _find(table, np.where(opaque, packed, int(meta.palette[0][1:], 16)), convert)
        if convert == "exact":
            _require_known(found, packed, top)
        cells[top : top + STRIPE] = np.where(opaque, found, LEAVE)
    try:
        return of_cells(*image.size, cells.tobytes(), dict(enumerate(meta.palette)))
    except BadTemplate as error:
        raise _wrong(str(error)) from None


def _find(table: ColorTable, packed: NDArray[Any], convert: Convert) -> NDArray[Any]:
    try:
        return table.exact(packed) if convert == "exact" else table.nearest(packed)
    except TooSlow:
        raise _wrong("It has too many colours.") from None


def _require_known(found: NDArray[Any], packed: NDArray[Any], top: int) -> None:
    rows, columns = np.nonzero(found == UNKNOWN)
    if len(rows):
        y, x = int(rows[0]), int(columns[0])
        color = f"#{packed[y, x]:06X}"
        detail = f"The pixel ({x}, {y + top}) is {color}, which the palette does not have."
        raise Invalid("image", "unknown", detail)


def _unpack(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, MAX_PLAIN)
    except zlib.error:
        raise BadTemplate("It is gzipped, and cannot be unpacked.") from None
    if not unpacker.eof or unpacker.unused_data:
        raise BadTemplate("What is gzipped there is cut off, or larger than a template can be.")
    return plain


def _wrong(detail: str) -> Invalid:
    return Invalid("image", "invalid", detail)


def thumbnail(template: Template, longest: int = 480) -> bytes:
    """Return a template as a PNG of at most `longest` pixels a side; a small one is enlarged."""
    image = Image.open(BytesIO(png(template)), formats=("PNG",)).convert("RGBA")
    scale = longest / max(image.size)
    size = tuple(max(1, round(side * scale)) for side in image.size)
    kind = Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
    file = BytesIO()
    image.resize((size[0], size[1]), kind).save(file, format="PNG")
    return file.getvalue()


def png(template: Template, texts: PngInfo | None = None) -> bytes:
    """Return a template as a PNG with a palette, transparent where it leaves cells alone."""
    palette = bytearray(3 * 256)
    for index, color in template.colors.items():
        palette[3 * index : 3 * index + 3] = bytes.fromhex(color[1:])
    size = template.width, template.height
    image = Image.frombuffer("P", size, template.cells, "raw", "P", 0, 1)
    image.putpalette(bytes(palette))
    file = BytesIO()
    image.save(file, format="PNG", transparency=LEAVE, pnginfo=texts)
    return file.getvalue()
