"""Items of another tool's file, which may become blueprints, and safe reads of that file."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from PIL import Image

from blueprints.domain.placing import LEAST, MOST
from blueprints.domain.template import MAX_CELLS
from blueprints.domain.texts import LINK_FORM, TITLE_LENGTH, parse_title
from blueprints.pictures import MAX_UPLOAD, OnSize, any_size, decode_picture
from runtime.errors import Invalid

MAX_ITEMS = 100
MAX_SOURCE = 1000  # characters of an address, which is shown as text
DATA_URL = "data:image/"


@dataclass(frozen=True)
class Item:
    """A template of a file. What is None the file does not have, or not in a form that holds."""

    title: str = ""
    x: int | None = None
    y: int | None = None
    picture: Image.Image | None = None
    source: str | None = None  # the address of its picture, which is never fetched


def wrong(detail: str) -> Invalid:
    return Invalid("file", "invalid", detail)


class Room:
    """The room for the cells of all pictures of a file: as many as the largest one may have."""

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def take(self, width: int, height: int) -> None:
        """Take the room of one more; raise Invalid where it does not fit."""
        self._left -= width * height
        if self._left < 0:
            raise wrong(f"The pictures of a file have at most {MAX_CELLS} cells together.")


def json_of(data: bytes) -> dict[str, Any]:
    """Return the JSON object of a file; raise Invalid."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise wrong("It is no JSON that can be read.") from None
    if not isinstance(found, dict):
        raise wrong("Its JSON is no object.")
    return found


def title_in(fields: Mapping[str, Any], name: str) -> str:
    """Return a text of a file as a title; empty where it cannot be one."""
    value = fields.get(name)
    try:
        return parse_title(value[:TITLE_LENGTH] if isinstance(value, str) else value)
    except Invalid:
        return ""


def place_in(fields: Mapping[str, Any], name: str) -> int | None:
    """Return a coordinate of a file; None where a blueprint could not have it."""
    value = fields.get(name)
    return value if type(value) is int and LEAST <= value <= MOST else None


def source_in(value: object) -> str | None:
    """Return an address of a file as text; None for anything else."""
    is_address = isinstance(value, str) and len(value) <= MAX_SOURCE and LINK_FORM.fullmatch(value)
    return str(value) if is_address else None


def picture_in(data_url: object, field: str) -> Image.Image:
    """Decode a picture that stands in a file as a data URL; raise Invalid, naming the field."""
    if not isinstance(data_url, str) or not data_url.startswith(DATA_URL):
        raise wrong(f"{field} must hold a picture, as data:image/png;base64,…")
    return base64_picture(data_url.partition(",")[2], field)


def base64_picture(text: object, field: str, on_size: OnSize = any_size) -> Image.Image:
    if not isinstance(text, str) or len(text) > MAX_UPLOAD * 4 // 3 + 4:
        raise wrong(f"{field} must hold a picture in Base64.")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise wrong(f"{field} is no Base64.") from None
    try:
        return decode_picture(data, on_size).image
    except Invalid as error:
        raise wrong(f"{field}: {error.detail}") from None
