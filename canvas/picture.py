"""The board as a PNG."""

from io import BytesIO

from PIL import Image

from canvas.rules import CanvasMeta


def png(meta: CanvasMeta, cells: bytes) -> bytes:
    """A palette image, so that a pixel costs a byte before compression."""
    image = Image.frombytes("P", (meta.width, meta.height), cells)
    image.putpalette(b"".join(bytes.fromhex(color[1:]) for color in meta.palette))
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()
