"""The HTTP API: thin views over the ledger, the pod's boards and the services."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from canvas import access, services
from canvas.domain import parsing, rules
from canvas.domain.errors import OtherEpoch
from canvas.domain.pixel import Pixel
from canvas.domain.region import parse_part
from canvas.domain.rules import CanvasMeta
from canvas.http import shapes
from canvas.http.base import ERRORS, AnyJSONParser, answers, person_of, slug_in_body
from canvas.http.serializers import DrawSerializer
from canvas.ledger import faults, reads, revisions, tips
from canvas.ledger.placing import Order, Placed
from canvas.ledger.reads import Head
from canvas.pod.board_cache import BoardCopy
from canvas.pod.pod import current_pod
from canvas.protocol import events
from canvas.protocol.events import CanvasFields
from runtime.errors import Refused

HISTORY = 50  # placements told of one cell
CHANGES = 1000  # placements in one answer of the ledger

CANVAS = OpenApiParameter("canvas", str, description="its slug; `main` when left out")
REGION = (
    OpenApiParameter("x", int, description="the first column; 0 when left out"),
    OpenApiParameter("y", int, description="the first row; 0 when left out"),
    OpenApiParameter("width", int, description="in cells; up to the edge when left out"),
    OpenApiParameter("height", int, description="in cells; up to the edge when left out"),
)
EPOCH = OpenApiParameter("epoch", int, description="the epoch that you have; another is refused")
SINCE = OpenApiParameter("since", int, required=True, description="the seq that you have")


class PublicView(APIView):
    """A view that answers all clients alike, so that a cache in front may keep the answer.

    It looks at no session.
    """

    authentication_classes: list[type[BaseAuthentication]] = []


class PixelView(APIView):
    """One pixel: place it, or read its history."""

    parser_classes = [AnyJSONParser]

    @extend_schema(request=DrawSerializer, responses=answers(shapes.Placed))
    def put(self, request: Request) -> Response:
        """Place a pixel."""
        body: Any = request.data
        draw = parsing.parse_draw(body)
        slug = slug_in_body(request)
        person = person_of(request)
        access.require_may_draw(person)
        placed = place(slug, Order(person, draw))
        answer: shapes.Placed = {
            "canvas": slug,
            **events.placement(placed.meta, placed.pixel),
            "cooldown_ms": placed.cooldown_ms,
            "charges_left": placed.charges_left,
        }
        return Response(answer)

    @extend_schema(
        parameters=[
            CANVAS,
            OpenApiParameter("x", int, required=True),
            OpenApiParameter("y", int, required=True),
            OpenApiParameter("seq", int, description="as it was at this seq; now when left out"),
        ],
        responses=answers(shapes.Cell),
    )
    def get(self, request: Request) -> Response:
        """Tell who drew this pixel and when, and what was there before."""
        access.require_scope(person_of(request), "read")
        head = head_of(request)
        until = position_in(request, head)
        meta = head.meta if until is None else revisions.meta_at(head.meta, until)
        x = parsing.parse_coordinate(request.query_params.get("x", ""), "x")
        y = parsing.parse_coordinate(request.query_params.get("y", ""), "y")
        rules.check_inside(meta, x, y)
        pixels = reads.cell_history(meta, x, y, HISTORY, until)
        history = [events.placement(meta, pixel) for pixel in pixels]
        newest = history[0] if history else None
        if newest and revisions.is_cut_off(meta, x, y, newest["seq"]):
            newest = None
        answer: shapes.Cell = {
            "canvas": meta.slug,
            "x": x,
            "y": y,
            "color": newest["color"] if newest else meta.palette[0],
            "username": newest and newest["username"],
            "timestamp": newest and newest["timestamp"],
            "seq": newest and newest["seq"],
            "history": history,
            "now": reads.clock(meta),
        }
        return Response(answer)


class CanvasView(PublicView):
    @extend_schema(parameters=[CANVAS], responses=answers(CanvasFields, "Canvas"))
    def get(self, request: Request) -> Response:
        """Size, palette, cooldown and position of a canvas."""
        head = head_of(request)
        return Response(events.canvas_fields(head.meta, head.seq))


class ChangesView(PublicView):
    @extend_schema(parameters=[CANVAS, SINCE, EPOCH], responses=answers(shapes.Changes))
    def get(self, request: Request) -> Response:
        """The placements after a seq, in order, a page at a time."""
        head = head_of(request)
        since = parsing.parse_seq(request.query_params.get("since", ""))
        epoch = request.query_params.get("epoch")
        if epoch is not None and parsing.parse_seq(epoch, "epoch") != head.meta.epoch:
            raise OtherEpoch
        rules.check_position(since, head.seq)
        pixels = whole(head.meta, since, reads.pixels_after(head.meta, since, CHANGES))
        last = pixels[-1].seq if pixels else since
        answer: shapes.Changes = {
            "canvas": head.meta.slug,
            "epoch": head.meta.epoch,
            "seq": last,
            "more": last < head.seq,
            "placements": [events.placement(head.meta, pixel) for pixel in pixels],
        }
        return Response(answer)


class BoardView(PublicView):
    @extend_schema(
        parameters=[CANVAS, *REGION],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request) -> HttpResponse:
        """The board, or a part of it: one byte a pixel, a palette index, row by row."""
        copy = newest_copy(slug_of(request))
        held = request.headers.get("If-None-Match")
        part = parse_part(copy.meta, request.query_params)
        if part is None:
            answer = copy.answer(held, request.headers.get("Accept-Encoding", ""))
        else:
            answer = copy.answer_part(part, held)
        return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


def place(slug: str, order: Order) -> Placed:
    """Place a pixel through the pod's writer, where it shares a transaction; without a pod
    directly.
    """
    pod = current_pod.get()
    if pod is not None:
        return pod.wait(pod.writer.place(slug, order))
    answer = services.place(slug, [order])[0]
    if isinstance(answer, Refused):
        raise answer
    return answer


def newest_copy(slug: str) -> BoardCopy:
    """Return the board from the pod's memory; from the database where no pod runs."""
    pod = current_pod.get()
    if pod is not None:
        return pod.wait(pod.board_cache.newest(slug))
    meta, seq = reads.head(slug)
    current = tips.load(meta, seq)
    return BoardCopy(meta, current.seq, bytes(current.cells))


def whole(meta: CanvasMeta, since: int, pixels: list[Pixel]) -> list[Pixel]:
    """Return the placements before a fault of the ledger; raise Damaged where there are none."""
    fault = faults.first_fault(meta, since, pixels)
    if fault is None:
        return pixels
    if fault.first == since + 1:
        raise fault
    return pixels[: fault.first - since - 1]


def slug_of(request: Request) -> str:
    return parsing.parse_slug(request.query_params.get("canvas"))


def position_in(request: Request, head: Head) -> int | None:
    """Return the query's `seq`, None for now; raise Invalid for one that is not there yet."""
    if "seq" not in request.query_params:
        return None
    seq = parsing.parse_seq(request.query_params["seq"], "seq")
    rules.check_position(seq, head.seq, "seq")
    return seq


def head_of(request: Request) -> Head:
    return reads.head(slug_of(request))
