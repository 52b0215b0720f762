"""Links to a blueprint, and what other tools read of it."""

import gzip

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import hosts
from blueprints import reads
from blueprints.domain.template import decode
from blueprints.formats import exports
from blueprints.http import answers as telling
from blueprints.http.images import FOR_ALL, making
from blueprints.models import Blueprint
from canvas.http import network_limits
from canvas.http.network_limits import Made

MINUTE = "public, max-age=60"


def page(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to the page of the canvas, with the blueprint open."""
    return redirect(telling.page_link(reads.find(key)))


def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The blueprint as a feed in the form of endu and Charity."""
    found = reads.find(key)
    source = hosts.absolute(request, f"/api/blueprints/images/{found.picture_id}.png")
    return _json(exports.endu(found.title, found.x, found.y, source))


def png(request: HttpRequest, key: str) -> HttpResponse:
    """The picture of the present version, which says where it belongs."""
    network_limits.check(request, Made.BLUEPRINT_FILES)
    found = reads.find(key)
    content = reads.packed(found.picture_id)
    with making.turn():
        place = exports.Place(found.title, found.x, found.y, found.canvas.slug)
        picture = exports.png(decode(gzip.decompress(content)), place)
    return _file(found, picture, "image/png", "png")


def wplace(request: HttpRequest, key: str) -> HttpResponse:
    """A `.wplace` file without geography."""
    network_limits.check(request, Made.BLUEPRINT_FILES)
    found = reads.find(key)
    content = reads.packed(found.picture_id)
    with making.turn():
        place = exports.Place(found.title, found.x, found.y, found.canvas.slug)
        made = exports.wplace(found.pk, decode(gzip.decompress(content)), place)
    return _file(found, orjson.dumps(made), "application/json", "wplace")


def _file(found: Blueprint, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f'attachment; filename="{found.pk}.{ending}"'
    headers = {"Cache-Control": MINUTE, "Content-Disposition": name, **FOR_ALL}
    return HttpResponse(content, content_type=kind, headers=headers)


def _json(made: object) -> HttpResponse:
    headers = {"Cache-Control": MINUTE, **FOR_ALL}
    return HttpResponse(orjson.dumps(made), content_type="application/json", headers=headers)
