"""Addresses of pictures of a part of the board."""

from base64 import b64encode
from urllib.parse import urlencode

from django.urls import reverse

from canvas.domain.area import Area
from canvas.domain.region import MAX_SCALE
from canvas.domain.rules import CanvasMeta

SIDE = 480  # pixels to which a small area is enlarged
MAX_ZOOM = 24  # pixels a cell, on the page


def scale_of(area: Area) -> int:
    """Return the factor that enlarges a small area, so that its pixels can be told apart."""
    return min(MAX_SCALE, max(1, SIDE // max(area.width, area.height)))


def data_url(png: bytes) -> str:
    """Return a picture as an address that holds it whole: it is in no store that forgets it."""
    return f"data:image/png;base64,{b64encode(png).decode()}"


def picture_url(meta: CanvasMeta, area: Area, seq: int | None = None) -> str:
    """Return the public picture of an area, now or at a seq; empty where the board has no part."""
    area = area.within(meta.width, meta.height)
    if not (area.width and area.height):
        return ""
    query = {"canvas": meta.slug, **area._asdict(), "scale": scale_of(area)}
    if seq is not None:
        query["seq"] = seq
    return f"{reverse('picture')}?{urlencode(query)}"


def place_url(meta: CanvasMeta, area: Area) -> str:
    """Return the page of the canvas, with the middle of an area in view."""
    area = area.within(meta.width, meta.height)
    middle = f"{area.x + area.width // 2},{area.y + area.height // 2}"
    zoom = min(MAX_ZOOM, max(1, SIDE // max(area.width, area.height)))
    return f"{reverse('canvas-page', args=[meta.slug])}#{middle},{zoom}"
