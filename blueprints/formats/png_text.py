"""PNG files that say in a `tEXt` chunk what they are called and where they belong."""

from collections.abc import Mapping
from typing import Any

import orjson

from blueprints.formats.items import Item, place_in, title_in
from blueprints.pictures import Decoded

OURS = "pixelsite"
MANAGER = "wplace"  # the keyword of a manager of templates for Wplace


def read(decoded: Decoded) -> Item | None:
    """Return what a picture says of itself; None where it says nothing that can be read."""
    for keyword, read_fields in ((OURS, _ours), (MANAGER, _manager)):
        fields = _json(decoded.texts.get(keyword))
        if fields is not None:
            title, x, y = read_fields(fields)
            return Item(title=title, x=x, y=y, picture=decoded.image)
    return None


def _ours(fields: Mapping[str, Any]) -> tuple[str, int | None, int | None]:
    return title_in(fields, "title"), place_in(fields, "x"), place_in(fields, "y")


def _manager(fields: Mapping[str, Any]) -> tuple[str, int | None, int | None]:
    """Read the name, and coordinates that are two; four are tiles of a globe."""
    coords = fields.get("coords")
    if not isinstance(coords, list) or len(coords) != 2:
        return title_in(fields, "name"), None, None
    place = dict(zip("xy", coords, strict=True))
    return title_in(fields, "name"), place_in(place, "x"), place_in(place, "y")


def _json(text: str | None) -> dict[str, Any] | None:
    try:
        found = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
