"""A picture of the board, or of a part of it."""

from io import BytesIO

from PIL import Image

from canvas.domain.region import Region
from canvas.domain.rules import CanvasMeta


def png(meta: CanvasMeta, cells: bytes | bytearray, region: Region) -> bytes:
    """Return a region of the board as a PNG with a palette: one byte a pixel before compression."""
    image = Image.frombuffer("P", (meta.width, meta.height), cells, "raw", "P", 0, 1)
    image.putpalette(b"".join(bytes.fromhex(color[1:]) for color in meta.palette))
    if region.box != (0, 0, meta.width, meta.height):
        image = image.crop(region.box)
    if region.scale > 1:
        image = image.resize(region.size, Image.Resampling.NEAREST)
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()
