"""Thumbnails of the boards, for the list of canvases: made seldom, one at a time."""

import threading
import time
from collections import OrderedDict
from typing import NamedTuple

from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from canvas.domain import picture
from canvas.domain.redaction import redact
from canvas.http import past
from canvas.http.api import CANVAS, PublicView, slug_of
from canvas.http.base import ERRORS
from canvas.ledger import reads, tips
from canvas.ledger.reads import Head
from runtime.etags import is_held

FRESH = 10.0  # seconds that a thumbnail serves without a look at the database
MAX_KEPT = 128  # thumbnails in memory, at most about 200 KB each
WAITING = 64  # requests
PATIENCE = 10.0  # seconds that one waits

making = past.slot(waiting=WAITING, patience=PATIENCE)


class Thumbnail(NamedTuple):
    """The picture of a board, and what it shows."""

    png: bytes
    etag: str
    looked_at: float  # by the monotonic clock

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() < self.looked_at + FRESH


class Thumbnails:
    """The newest thumbnail of each canvas that was asked for, the latest asked for kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Thumbnail] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, slug: str) -> Thumbnail:
        """Return a thumbnail at most FRESH old; raise UnknownCanvas, or Busy."""
        kept = self._kept.get(slug)
        if kept is not None and kept.is_fresh:
            return kept
        head = reads.head(slug)
        if kept is None or kept.etag != etag_of(head):
            with making.turn():
                kept = self._kept.get(slug)
                if kept is None or not kept.is_fresh:  # one before may have made it
                    return self._keep(slug, draw(head))
                return kept
        return self._keep(slug, kept._replace(looked_at=time.monotonic()))

    def _keep(self, slug: str, thumbnail: Thumbnail) -> Thumbnail:
        with self._lock:
            self._kept[slug] = thumbnail
            self._kept.move_to_end(slug)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return thumbnail


def etag_of(head: Head) -> str:
    return f'"{head.meta.epoch}-{head.meta.revision}-{head.seq}"'


def draw(head: Head) -> Thumbnail:
    board, _fault = tips.load_whole(head.meta, head.seq, None)
    redact(board, head.meta.redacted)
    png = picture.thumbnail(head.meta, bytes(board.cells))
    return Thumbnail(png, etag_of(head), time.monotonic())


thumbnails = Thumbnails()


class ThumbnailView(PublicView):
    @extend_schema(
        parameters=[CANVAS],
        responses={(200, "image/png"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request) -> HttpResponse:
        """The whole board as a PNG of at most 256 x 256 pixels, some seconds old."""
        thumbnail = thumbnails.get(slug_of(request))
        headers = {"ETag": thumbnail.etag, "Cache-Control": f"public, max-age={FRESH:.0f}"}
        if is_held(request.headers.get("If-None-Match"), thumbnail.etag):
            return HttpResponseNotModified(headers=headers)
        return HttpResponse(thumbnail.png, content_type="image/png", headers=headers)
