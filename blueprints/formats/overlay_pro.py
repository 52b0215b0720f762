"""The JSON that Overlay Pro puts on the clipboard: one overlay, whose picture is an address."""

from collections.abc import Mapping
from typing import Any

from blueprints.formats.items import DATA_URL, Item, picture_in, source_in, title_in


def read(file: Mapping[str, Any]) -> list[Item]:
    """Return the one overlay. Its place is on the tiles of a globe, so it has to be asked for."""
    url = file.get("imageUrl")
    if isinstance(url, str) and url.startswith(DATA_URL):
        return [Item(title=title_in(file, "name"), picture=picture_in(url, "imageUrl"))]
    return [Item(title=title_in(file, "name"), source=source_in(url))]
