"""A picture of the board, or of a part of it."""

from io import BytesIO

from PIL import Image

from canvas.domain.region import Region
from canvas.domain.rules import CanvasMeta

THUMBNAIL = 256  # pixels: the longer side of a thumbnail at most
SAMPLED = 4  # cells a pixel and side that a thumbnail looks at: more would not be seen


def thumbnail(meta: CanvasMeta, cells: bytes) -> bytes:
    """Return the whole board as a small PNG, in time that its size hardly changes."""
    image = Image.frombuffer("P", (meta.width, meta.height), cells, "raw", "P", 0, 1)
    image.putpalette(_palette(meta))
    longest = max(image.size)
    if longest > THUMBNAIL * SAMPLED:
        image = image.resize(_fitted(image.size, THUMBNAIL * SAMPLED), Image.Resampling.NEAREST)
    if longest > THUMBNAIL:
        image = image.convert("RGB").resize(_fitted(image.size, THUMBNAIL), Image.Resampling.BOX)
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    width, height = size
    scale = longest / max(size)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _palette(meta: CanvasMeta) -> bytes:
    return b"".join(bytes.fromhex(color[1:]) for color in meta.palette)


def png(meta: CanvasMeta, cells: bytes | bytearray, region: Region) -> bytes:
    """Return a region of the board as a PNG with a palette: one byte a pixel before compression."""
    image = Image.frombuffer("P", (meta.width, meta.height), cells, "raw", "P", 0, 1)
    image.putpalette(_palette(meta))
    if region.box != (0, 0, meta.width, meta.height):
        image = image.crop(region.box)
    if region.scale > 1:
        image = image.resize(region.size, Image.Resampling.NEAREST)
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()
