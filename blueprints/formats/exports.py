"""A blueprint in the formats of other tools."""

import base64
import json
from typing import Any, NamedTuple

from PIL.PngImagePlugin import PngInfo

from blueprints import pictures
from blueprints.domain.template import Template
from blueprints.formats.png_text import MANAGER, OURS


class Place(NamedTuple):
    """Title of a blueprint, and the place of its top left cell."""

    title: str
    x: int
    y: int
    canvas: str


def endu(title: str, x: int, y: int, source: str) -> dict[str, Any]:
    """Return a feed of one template; `source` is the address of its PNG."""
    return {
        "contact": "",
        "templates": [{"name": title, "sources": [source], "x": x, "y": y}],
        "whitelist": [],
        "blacklist": [],
    }


def png(template: Template, place: Place) -> bytes:
    """Return a PNG whose texts say where it belongs."""
    texts = PngInfo()
    texts.add_text(OURS, _ascii(place._asdict()))
    texts.add_text(MANAGER, _ascii({"name": place.title, "coords": [place.x, place.y]}))
    return pictures.png(template, texts)


def wplace(key: str, template: Template, place: Place) -> dict[str, Any]:
    """Return a `.wplace` file without bounds: the place stands in its name."""
    data = base64.b64encode(pictures.png(template)).decode()
    return {
        "id": key,
        "schemaVersion": "1",
        "name": f"{place.title} ({place.x}, {place.y})",
        "opacity": 0.5,
        "image": {
            "dataUrl": f"data:image/png;base64,{data}",
            "width": template.width,
            "height": template.height,
        },
        "colorMetric": "lab",
        "dithering": False,
        "order": 0,
        "locked": False,
        "visible": True,
    }


def _ascii(fields: dict[str, Any]) -> str:
    """Return JSON in ASCII, which every reader of `tEXt` takes for the same."""
    return json.dumps(fields, ensure_ascii=True)
