"""Pictures of the board: now, or at any moment of its past."""

import re
from collections.abc import Callable, Container
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from canvas.domain.board import Board
from canvas.domain.picture import png
from canvas.domain.redaction import redact
from canvas.domain.region import Region, card, parse_region, read_place
from canvas.domain.rules import CanvasMeta
from canvas.http import past
from canvas.http.api import CANVAS, REGION, PublicView, head_of, newest_copy, position_in
from canvas.http.base import ERRORS
from canvas.http.network_limits import CountedAhead, Made
from canvas.http.past_response import PastResponse
from canvas.ledger import reads, revisions, tips
from canvas.ledger.reads import Head
from runtime.errors import Invalid
from runtime.etags import etag_of, is_held

UNESCAPED_ZONE = re.compile(r" (\d\d:?\d\d)$")
ROUNDED = timedelta(microseconds=500)  # at most, a time in ms is off by

NOW = "public, max-age=1"
# Asked for anew: it may be hidden since, or a restored database has another past.
PAST = "public, max-age=3600"


class PictureView(CountedAhead, PublicView):
    @classmethod
    def makes(cls, asked: Container[str]) -> Made:
        is_past = any(each in asked for each in ("seq", "at"))
        return Made.PICTURES_OF_PAST if is_past else Made.PICTURES_OF_NOW

    @extend_schema(
        parameters=[
            CANVAS,
            OpenApiParameter("seq", int, description="as it was at this seq"),
            OpenApiParameter("at", str, description="as it was then: ISO 8601, or ms since 1970"),
            *REGION,
            OpenApiParameter("scale", int, description="pixels a cell, 1 to 64"),
        ],
        responses={(200, "image/png"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request) -> HttpResponse:
        """The board or a part of it as a PNG, now or at any moment of its past.

        The past has the size and the palette that it had then.
        """
        head = head_of(request)
        until = moment_of(request, head)
        if until is None:
            return picture_of_now(request, head)
        return picture_of_past(request, head, until, region_asked)


class CardView(CountedAhead, PublicView):
    @classmethod
    def makes(cls, _asked: Container[str]) -> Made:
        return Made.PICTURES_OF_PAST

    @extend_schema(
        operation_id="canvas_card_retrieve",
        parameters=[
            CANVAS,
            OpenApiParameter("at", str, required=True, description="ISO 8601, or ms since 1970"),
            OpenApiParameter("x", int, description="the column in the middle"),
            OpenApiParameter("y", int, description="the row in the middle"),
            OpenApiParameter("zoom", float, description="pixels a cell"),
        ],
        responses={(200, "image/png"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request) -> HttpResponse:
        """The picture that previews of a link to a moment show: its place, as it was then."""
        head = head_of(request)
        moment = parse_moment(request.query_params.get("at", ""))
        until = reads.seq_at(head.meta, moment, head.seq)
        return picture_of_past(request, head, until, region_linked)


def region_asked(request: Request, meta: CanvasMeta) -> Region:
    return parse_region(meta, request.query_params)


def region_linked(request: Request, meta: CanvasMeta) -> Region:
    return card(meta, read_place(request.query_params))


def picture_of_now(request: Request, head: Head) -> HttpResponse:
    copy = newest_copy(head.meta.slug)
    region = parse_region(copy.meta, request.query_params)
    with past.pictures.turn():
        cells: bytes | bytearray = copy.cells
        if any(each.hides(copy.seq) for each in head.meta.redacted):
            board = Board(copy.meta.width, copy.meta.height, copy.seq, copy.cells)
            redact(board, head.meta.redacted)
            cells = board.cells
        picture = png(copy.meta, cells, region)
    headers = {"Cache-Control": NOW, "X-Canvas-Seq": str(copy.seq)}
    return PastResponse(picture, "image/png", headers)


def picture_of_past(
    request: Request, head: Head, until: int, region_of: Callable[[Request, CanvasMeta], Region]
) -> HttpResponse:
    meta = revisions.meta_at(head.meta, until)
    region = region_of(request, meta)
    # At the newest seq the size may yet be changed.
    headers = {
        "Cache-Control": PAST if until < head.seq else NOW,
        "ETag": etag_of(head.meta.epoch, until, meta.revision, region, head.meta.redacted),
        "X-Canvas-Seq": str(until),
    }
    if is_held(request.headers.get("If-None-Match"), headers["ETag"]):
        return HttpResponseNotModified(headers=headers)
    with past.pictures.turn():
        board = tips.load(head.meta, until)
        redact(board, head.meta.redacted)
        picture = png(meta, board.cells, region)
    return PastResponse(picture, "image/png", headers)


def moment_of(request: Request, head: Head) -> int | None:
    """Return the seq that the query's `seq` or `at` names; None for now."""
    if "at" in request.query_params and "seq" not in request.query_params:
        return reads.seq_at(head.meta, parse_moment(request.query_params["at"]), head.seq)
    return position_in(request, head)


def parse_moment(value: str) -> datetime:
    """Read ms since 1970, or ISO 8601, in UTC where it names no zone; raise Invalid.

    A time in ms is one that the API tells: rounded. All placements that round to it are before it.
    """
    try:
        if value.isascii() and value.isdigit():
            return datetime.fromtimestamp(int(value) / 1000, UTC) + ROUNDED
        # A plus sign that was not escaped has come as a space.
        moment = parse_datetime(value) or parse_datetime(UNESCAPED_ZONE.sub(r"+\1", value))
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None:
        raise Invalid("at", "invalid", "at must be an ISO 8601 date and time, or ms since 1970.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
