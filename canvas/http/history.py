"""The sealed past over HTTP, as it is stored: `docs/history.md` tells how to read it."""

import gzip
import re
from collections import OrderedDict
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from canvas.domain import parsing
from canvas.domain.errors import UnknownHistory
from canvas.domain.rules import CanvasMeta
from canvas.http import network_limits, past, shapes
from canvas.http.api import CANVAS, PublicView, head_of
from canvas.http.base import ERRORS, answers
from canvas.http.history_lists import (
    MAX_SEGMENTS,
    list_redactions,
    list_revisions,
    list_segments,
)
from canvas.http.network_limits import Made
from canvas.http.past_response import PastResponse
from canvas.ledger import boards, opening, proof, segment_format, segments
from canvas.ledger.reads import Head
from canvas.models import Keyframe
from runtime.answers import takes_gzip
from runtime.threads import give_back_connection

KEPT = 4  # open segments in memory, of 300 KB each
HASH_FORM = re.compile(r"[0-9a-f]{64}")
IMMUTABLE = "public, max-age=31536000, immutable"

SINCE = OpenApiParameter("since", int, description="list only what follows this seq")
BYTES: dict[Any, Any] = {(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS}


class HistoryView(PublicView):
    @extend_schema(parameters=[CANVAS, SINCE], responses=answers(shapes.History))
    def get(self, request: Request) -> Response:
        """The sealed segments of a canvas, and the sizes and palettes it has had."""
        head = head_of(request)
        since = parsing.parse_seq(request.query_params.get("since", "0"))
        found = list_segments(head.meta, since, MAX_SEGMENTS + 1)
        answer: shapes.History = {
            "canvas": head.meta.slug,
            "epoch": head.meta.epoch,
            "revisions": list_revisions(head.meta),
            "segments": found[:MAX_SEGMENTS],
            "more": len(found) > MAX_SEGMENTS,
            "redactions": list_redactions(head.meta),
        }
        return Response(answer, headers={"Cache-Control": "public, max-age=1"})


class SealedView(PublicView):
    @extend_schema(
        operation_id="canvas_history_sealed_retrieve", parameters=[CANVAS], responses=BYTES
    )
    def get(self, request: Request, sha256: str) -> HttpResponse:
        """A segment or a keyframe by its hash: it never changes."""
        meta = head_of(request).meta
        packed = stored_bytes(meta, sha256)
        give_back_connection()
        return answer(request, packed, IMMUTABLE)


class OpenView(PublicView):
    @extend_schema(parameters=[CANVAS], responses=BYTES)
    def get(self, request: Request) -> HttpResponse:
        """The segment that is being filled, in the format of the others."""
        head = head_of(request)
        key = key_of(head)
        if key not in _open:
            network_limits.check(request, Made.OPEN_SEGMENTS)
        return answer(request, open_bytes(head, key), "public, max-age=1")


def stored_bytes(meta: CanvasMeta, sha256: str) -> bytes:
    """Return the gzipped segment or keyframe with a hash; raise UnknownHistory."""
    if not HASH_FORM.fullmatch(sha256):
        raise UnknownHistory(sha256)
    content = segments.of(meta).filter(sha256=sha256).values_list("content", flat=True).first()
    if content is None:
        keyframes = Keyframe.objects.filter(canvas_id=meta.id, sha256=sha256)
        content = keyframes.values_list("cells", flat=True).first()
    if content is None:
        raise UnknownHistory(sha256)
    return bytes(content)


Key = tuple[int, int, int]  # epoch, the last seq that is sealed, the newest one
_open: OrderedDict[Key, bytes] = OrderedDict()


def key_of(head: Head) -> Key:
    return head.meta.epoch, segments.end(head.meta), head.seq


def open_bytes(head: Head, key: Key) -> bytes:
    """Return the open segment, gzipped; those who ask at the same seq share it."""
    if (kept := _open.get(key)) is not None:
        return kept
    with past.open_segments.turn():
        if (kept := _open.get(key)) is None:
            content = opening.read_open(head)
            kept = _open[key] = proof.pack(segment_format.encode(content), boards.QUICK)
            while len(_open) > KEPT:
                _open.popitem(last=False)
    return kept


def answer(request: Request, packed: bytes, lasting: str) -> HttpResponse:
    """Send gzipped bytes as they are to whom can read them."""
    headers = {
        "Cache-Control": lasting,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        headers["Content-Encoding"] = "gzip"
    else:
        packed = gzip.decompress(packed)
    return PastResponse(packed, "application/octet-stream", headers)
