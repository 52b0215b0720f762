"""Files of other tools, told apart by what is in them. Any bytes give items or raise Invalid."""

from typing import NamedTuple

from blueprints.domain.template import MAGIC
from blueprints.formats import blue_marble, endu, overlay_pro, png_text, pxls, wplace
from blueprints.formats.items import Item, json_of, wrong
from blueprints.pictures import GZIP, decode_picture

PICTURES = (b"\x89PNG", b"GIF8", b"RIFF", b"\xff\xd8")


class Imported(NamedTuple):
    """The name of a file's format, and what it holds."""

    format: str
    items: list[Item]


def read(data: bytes) -> Imported:
    """Read a file; raise Invalid, naming `file`, or `image` for a picture that cannot be read."""
    if data.startswith((GZIP, MAGIC)):
        raise wrong("These are the bytes of an image: upload them as one.")
    if data.startswith(PICTURES):
        return _picture(data)
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return _json(text)
    if text.startswith(b"<"):
        raise wrong("SVG and other markup is not read: save it as PNG.")
    try:
        link = text.decode().strip()
    except UnicodeDecodeError:
        raise wrong("It is no file that is known here.") from None
    if "template=" not in link:
        raise wrong("It is no file that is known here.")
    return Imported("pxls", pxls.read(link))


def _picture(data: bytes) -> Imported:
    decoded = decode_picture(data)
    item = png_text.read(decoded)
    return (
        Imported("image", [Item(picture=decoded.image)])
        if item is None
        else Imported("png", [item])
    )


def _json(text: bytes) -> Imported:
    file = json_of(text)
    if isinstance(file.get("templates"), dict):
        return Imported("blue_marble", blue_marble.read(file))
    if "templates" in file:
        return Imported("endu", endu.read(file))
    if "imageUrl" in file:
        return Imported("overlay_pro", overlay_pro.read(file))
    if "image" in file:
        return Imported("wplace", wplace.read(file))
    raise wrong("Its JSON is of no format that is known here.")
