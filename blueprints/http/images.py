"""Images over HTTP: uploaded, and served as palette cells or as a PNG for other tools."""

import gzip
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blueprints import metrics, pictures, reads, storage
from blueprints.domain.template import decode
from blueprints.errors import UnknownPicture
from blueprints.http import answers as telling
from blueprints.http import people, shapes
from blueprints.http.bodies import HASH_FORM, BytesParser
from blueprints.pictures import Convert
from canvas.domain.errors import Busy
from canvas.domain.rules import CanvasMeta
from canvas.http import history, network_limits
from canvas.http.api import CANVAS, PublicView, head_of
from canvas.http.base import ERRORS, answers
from canvas.http.network_limits import Made
from canvas.http.past_response import PastResponse
from runtime.errors import Invalid
from runtime.etags import etag_of, is_held
from runtime.slots import Slot
from runtime.threads import give_back_connection

# What moderation hides is gone from caches that soon; until then an ETag spares its bytes.
WHILE_SHOWN = "public, max-age=300"
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

FILE: Any = {"application/octet-stream": OpenApiTypes.BINARY}
CONVERT = OpenApiParameter("convert", str, enum=["exact", "nearest"], default="exact")

busy = partial(Busy, "Too many pictures are being read or made; try again.")
reading = Slot(metrics.decoding_refused, busy)  # uploads, of people with accounts
# Pictures for everyone, who keep no upload from its turn.
making = Slot(metrics.decoding_refused, busy)


class Upload(NamedTuple):
    """A file that an editor sent, the canvas that it is for, and how its colours are found."""

    user: User
    data: bytes
    meta: CanvasMeta
    convert: Convert


def upload_of(request: Request, field: str) -> Upload:
    """Read the file that is a request's body; raise what `people.editor` raises, and Invalid."""
    user = people.editor(request, "blueprint-images")
    convert = parse_convert(request.query_params.get("convert", "exact"))
    meta, data = head_of(request).meta, request.data
    if not isinstance(data, bytes):
        raise Invalid(field, "invalid", "Send the file as the body.")
    return Upload(user, data, meta, convert)


class ImagesView(APIView):
    parser_classes = [BytesParser]

    @extend_schema(
        operation_id="blueprints_images_create",
        request=FILE,
        parameters=[CANVAS, CONVERT],
        responses=answers(shapes.BlueprintImage, status=201),
    )
    def post(self, request: Request) -> Response:
        """Upload an image for a blueprint: template bytes, PNG, GIF, WebP or JPEG."""
        upload = upload_of(request, "image")
        with reading.turn():
            template = pictures.read_upload(upload.data, upload.meta, upload.convert)
            packed = storage.pack(template)
        people.count_sent(upload.user, len(packed))
        storage.store(template, packed)
        return Response(telling.image(template), status=201)


class ImageView(PublicView):
    @extend_schema(
        operation_id="blueprints_images_retrieve",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, sha256: str) -> HttpResponse:
        """The cells of an image, by its hash: they never change, but may be hidden."""
        packed = packed_of(sha256)
        give_back_connection()
        if (unchanged := unchanged_of(request, sha256)) is not None:
            return unchanged
        answer = history.answer(request, packed, WHILE_SHOWN)
        for name, value in headers_of(sha256).items():
            answer[name] = value
        return answer


class ImagePictureView(PublicView):
    @extend_schema(
        operation_id="blueprints_images_png_retrieve",
        responses={(200, "image/png"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, sha256: str) -> HttpResponse:
        """An image as a PNG, a pixel a cell, transparent where it leaves cells alone."""
        network_limits.check(request, Made.BLUEPRINT_FILES)
        packed = packed_of(sha256)
        if (unchanged := unchanged_of(request, sha256)) is not None:
            return unchanged
        with making.turn():
            picture = pictures.png(decode(gzip.decompress(packed)))
        return PastResponse(picture, "image/png", headers_of(sha256))


def headers_of(sha256: str) -> dict[str, str]:
    return {"Cache-Control": WHILE_SHOWN, "ETag": etag_of(sha256), **FOR_ALL}


def unchanged_of(request: Request, sha256: str) -> HttpResponse | None:
    """Return the answer to a client that has the image; None for others."""
    if not is_held(request.headers.get("If-None-Match"), etag_of(sha256)):
        return None
    return HttpResponseNotModified(headers=headers_of(sha256))


def packed_of(sha256: str) -> bytes:
    if not HASH_FORM.fullmatch(sha256):
        raise UnknownPicture
    return reads.packed(sha256)


def parse_convert(value: str) -> Convert:
    if value == "exact":
        return "exact"
    if value == "nearest":
        return "nearest"
    raise Invalid("convert", "unknown", "convert must be exact or nearest.")
