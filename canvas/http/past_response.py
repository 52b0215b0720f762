"""Responses with bytes of the past: bounded together while slow readers take them."""

import weakref
from collections.abc import Mapping

from django.http import HttpResponse

from canvas import metrics
from canvas.domain.errors import Busy
from runtime.byte_budget import ByteBudget, OverBudget

MAX_HELD = 64 * 2**20  # bytes of all responses that are being sent, a picture has 11 MB at most

sending = ByteBudget(MAX_HELD)
metrics.past_bytes.set_function(lambda: sending.held)


class PastResponse(HttpResponse):
    """A picture, a segment or a keyframe, counted until it is closed or gone; raise Busy."""

    def __init__(self, content: bytes, content_type: str, headers: Mapping[str, str]) -> None:
        try:
            sending.take(len(content))
        except OverBudget:
            raise Busy("Too many fetch the past; try again.") from None
        super().__init__(content, content_type=content_type, headers=headers)
        # a request that is cancelled while it is sent does not close its response
        self._give_back = weakref.finalize(self, sending.give_back, len(content))

    def close(self) -> None:
        super().close()
        self._give_back()
