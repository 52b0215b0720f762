"""Tells the pods of commits made where no pod runs: a management command, a shell."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from canvas import gateway
from canvas.bus import BusDown
from canvas.protocol import PIXEL_CHANNEL, USER_CHANNEL, Pixel, announcements
from canvas.rules import CanvasMeta


def on_committed(*, meta: CanvasMeta, pixels: Sequence[Pixel], **_: object) -> None:
    publish(PIXEL_CHANNEL, announcements(meta, pixels))


def on_changed(*, slug: str, **_: object) -> None:
    publish(PIXEL_CHANNEL, [{"type": "canvas_changed", "canvas": slug}])


def on_expelled(*, message: Mapping[str, Any], **_: object) -> None:
    publish(USER_CHANNEL, [message])


def publish(group: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """Not at all where a gateway does it; in vain when Redis is down: pods look every second."""
    if gateway.current() is None:
        async_to_sync(_publish)(group, messages)


async def _publish(group: str, messages: Sequence[Mapping[str, Any]]) -> None:
    layer = get_channel_layer()
    with suppress(BusDown):
        await layer.group_send_many(group, messages)
    await layer.flush()  # its connections belong to this short-lived event loop
