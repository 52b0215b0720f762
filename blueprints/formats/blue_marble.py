"""Blue Marble's storage: templates in tiles, each cell the middle of three by three pixels."""

import re
from collections.abc import Mapping
from typing import Any

from PIL import Image

from blueprints.domain.template import MAX_SIDE
from blueprints.formats.items import MAX_ITEMS, Item, Room, base64_picture, title_in, wrong

TILE = 1000  # cells of a tile's side
SHREDDED = 3  # pixels a cell and side
MAX_TILES = 64  # of one file
KEY = re.compile(r"\d{1,4},\d{1,4},\d{1,3},\d{1,3}", re.ASCII)  # tile x, y, cell x, y in it

Part = tuple[int, int, Image.Image]  # x, y on the globe, cells


def read(file: Mapping[str, Any]) -> list[Item]:
    """Return the templates of a file, assembled. Places on a globe have to be asked for anew."""
    templates = file.get("templates")
    if not isinstance(templates, dict) or not 1 <= len(templates) <= MAX_ITEMS:
        raise wrong(f"templates must be an object of 1 to {MAX_ITEMS} templates.")
    left, of_tiles, of_wholes = MAX_TILES, Room(), Room()
    items = []
    for key, template in templates.items():
        tiles = template.get("tiles") if isinstance(template, dict) else None
        if not isinstance(tiles, dict) or not 1 <= len(tiles) <= left:
            raise wrong(f"templates.{key[:40]}.tiles must be an object of 1 to {left} tiles.")
        left -= len(tiles)
        parts = [_part(key, name, tile, of_tiles) for name, tile in tiles.items()]
        whole = _assemble(parts, of_wholes)
        items.append(Item(title=title_in(template, "name"), picture=whole))
    return items


def _part(key: str, name: str, tile: object, room: Room) -> Part:
    field = f"templates.{key[:40]}.tiles.{name[:40]}"
    if not KEY.fullmatch(name):
        raise wrong(f"{field} must be named by four numbers.")
    tile_x, tile_y, x, y = map(int, name.split(","))

    def take(width: int, height: int) -> None:
        room.take(width // SHREDDED, height // SHREDDED)

    picture = base64_picture(tile, field, take)
    width, height = picture.size
    if width % SHREDDED or height % SHREDDED:
        raise wrong(f"{field} must have {SHREDDED} x {SHREDDED} pixels a cell.")
    size = width // SHREDDED, height // SHREDDED
    # nearest neighbour takes the middle of each three by three
    cells = picture.resize(size, Image.Resampling.NEAREST)
    return TILE * tile_x + x, TILE * tile_y + y, cells


def _assemble(parts: list[Part], room: Room) -> Image.Image:
    left, top = min(x for x, _, _ in parts), min(y for _, y, _ in parts)
    right = max(x + part.width for x, _, part in parts)
    bottom = max(y + part.height for _, y, part in parts)
    if right - left > MAX_SIDE or bottom - top > MAX_SIDE:
        raise wrong(f"The tiles lie further apart than {MAX_SIDE} cells.")
    room.take(right - left, bottom - top)
    whole = Image.new("RGBA", (right - left, bottom - top))
    for x, y, part in parts:
        whole.paste(part, (x - left, y - top))
    return whole
